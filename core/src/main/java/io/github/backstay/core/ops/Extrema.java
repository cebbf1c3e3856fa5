package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Ties;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** The largest and the smallest entry along an axis. A NaN makes its result NaN. */
public final class Extrema {

  private Extrema() {}

  /**
   * {@code y = max x} along an axis; −∞ for no entries. Rule: x̄ = ȳ at the entries that attain it,
   * as the ties say, else 0.
   *
   * @param axis what one result belongs to
   * @param ties who has the derivative where several entries attain the maximum
   */
  public record Max(Axis axis, Ties ties) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = Reductions.result(w, axis, x);
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = Reductions.count(axis, x.numRows, x.numCols);
      for (int g = 0; g < y.data.length; g++) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
          max = Math.max(max, x.data[g * across + k * along]);
        }
        y.data[g] = max;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.sharesOf(y, axis, ties).elementMultOrZero(yBar);
    }
  }

  /**
   * {@code y = min x} along an axis; ∞ for no entries. Rule: x̄ = ȳ at the entries that attain it,
   * as the ties say, else 0.
   *
   * @param axis what one result belongs to
   * @param ties who has the derivative where several entries attain the minimum
   */
  public record Min(Axis axis, Ties ties) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = Reductions.result(w, axis, x);
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = Reductions.count(axis, x.numRows, x.numCols);
      for (int g = 0; g < y.data.length; g++) {
        double min = Double.POSITIVE_INFINITY;
        for (int k = 0; k < count; k++) {
          min = Math.min(min, x.data[g * across + k * along]);
        }
        y.data[g] = min;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.sharesOf(y, axis, ties).elementMultOrZero(yBar);
    }
  }

  /**
   * How the entries of x share in a result y that some of them equal: 1/k for each of k tied
   * entries, or 1 for the first of them, and 0 for the others; in the shape of x. All NaN where the
   * result is. No gradient passes: the derivatives are taken as 0 everywhere.
   *
   * @param axis what one result belongs to
   * @param ties how tied entries share
   */
  public record SharesOf(Axis axis, Ties ties) implements Op.Binary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x, DMatrixRMaj y) {
      requireResult(axis, x, y);
      DMatrixRMaj shares = w.like(x);
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = Reductions.count(axis, x.numRows, x.numCols);
      for (int g = 0; g < y.data.length; g++) {
        int tied = 0;
        for (int k = 0; k < count; k++) {
          tied += x.data[g * across + k * along] == y.data[g] ? 1 : 0;
        }
        double share = Double.isNaN(y.data[g]) ? Double.NaN : ties == Ties.FIRST ? 1.0 : 1.0 / tied;
        double rest = Double.isNaN(share) ? share : 0.0;
        for (int k = 0; k < count; k++) {
          int i = g * across + k * along;
          boolean has = x.data[i] == y.data[g];
          shares.data[i] = has ? share : rest;
          if (has && ties == Ties.FIRST) {
            share = 0.0;
          }
        }
      }
      return shares;
    }

    private static void requireResult(Axis axis, DMatrixRMaj x, DMatrixRMaj y) {
      Shape need = new Shape(axis == Axis.ROWS ? x.numRows : 1, axis == Axis.COLS ? x.numCols : 1);
      if (!need.equals(Shape.of(y))) {
        throw new ShapeException(
            "sharesOf: the operand is "
                + Shape.of(x)
                + ", its result is "
                + Shape.of(y)
                + " (along "
                + axis
                + " it must be "
                + need
                + ").");
      }
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjpLeft(Variable x, Variable y, Variable shares, Variable sharesBar) {
      return sharesBar.tape().zeros(x.rows(), x.cols());
    }

    @Override
    public Variable vjpRight(Variable x, Variable y, Variable shares, Variable sharesBar) {
      return sharesBar.tape().zeros(y.rows(), y.cols());
    }
  }
}
