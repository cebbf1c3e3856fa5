package io.github.backstay.regularizers;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/**
 * All penalties of the library, one statement each. {@link PenaltyContractTest} holds every row to
 * the contract of a penalty, and fails when a penalty has no row; {@link ProximalContractTest} does
 * the same for those that have a proximal map.
 */
final class PenaltyCatalogue {

  private PenaltyCatalogue() {}

  /** Where {@link Huber} changes from squares to straight lines; points keep away from it. */
  static final double DELTA = 0.8;

  static final List<PenaltyCase> ROWS =
      List.of(
          row("L2 weak", L2.class, L2::new, 0.03, PenaltyCase.sum((i, d) -> d * d / 2.0)),
          row("L2", L2.class, L2::new, 0.7, PenaltyCase.sum((i, d) -> d * d / 2.0)),
          row("L2 strong", L2.class, L2::new, 40.0, PenaltyCase.sum((i, d) -> d * d / 2.0)),
          row("L1", L1.class, L1::new, 0.7, PenaltyCase.sum((i, d) -> Math.abs(d))).withKink(),
          row(
                  "elastic net",
                  ElasticNet.class,
                  s -> new ElasticNet(s, 3.0 * s),
                  0.4,
                  PenaltyCase.sum((i, d) -> Math.abs(d) + 1.5 * d * d))
              .withKink(),
          row(
              "elastic net without l1",
              ElasticNet.class,
              s -> new ElasticNet(0.0, s),
              0.4,
              PenaltyCase.sum((i, d) -> d * d / 2.0)),
          groupLasso("group lasso, rows", Groups.ROWS, false),
          groupLasso("group lasso, columns", Groups.COLS, false),
          groupLasso("group lasso, whole", Groups.ALL, false),
          groupLasso("group lasso, rows by size", Groups.ROWS, true),
          groupLasso("group lasso, columns by size", Groups.COLS, true),
          groupLasso("group lasso, whole by size", Groups.ALL, true),
          row(
              "Huber",
              Huber.class,
              s -> new Huber(s, DELTA),
              0.7,
              PenaltyCase.sum(
                  (i, d) -> {
                    double near = Math.min(Math.abs(d), DELTA);
                    return near * near / 2.0 + DELTA * (Math.abs(d) - near);
                  })),
          new PenaltyCase(
              "diagonal L2",
              DiagonalL2.class,
              (s, rows, cols) -> new DiagonalL2(s, strengths(rows, cols)),
              0.7,
              PenaltyCase.sum((i, d) -> strength(i) * d * d / 2.0)),
          new PenaltyCase(
              "row L2",
              RowL2.class,
              (s, rows, cols) -> new RowL2(s, strengths(rows, 1)),
              0.7,
              (weight, anchor, s) ->
                  PenaltyCase.sum((i, d) -> strength(i / weight.numCols) * d * d / 2.0)
                      .value(weight, anchor, s)),
          row(
                  "orthogonality, columns",
                  Orthogonality.class,
                  s -> new Orthogonality(s, Orthogonality.Side.COLUMNS),
                  0.3,
                  (weight, anchor, s) -> s * distanceFromOrthonormal(weight, true))
              .thatMixes(),
          row(
                  "orthogonality, rows",
                  Orthogonality.class,
                  s -> new Orthogonality(s, Orthogonality.Side.ROWS),
                  0.3,
                  (weight, anchor, s) -> s * distanceFromOrthonormal(weight, false))
              .thatMixes(),
          row(
                  "spectral norm",
                  SpectralNorm.class,
                  SpectralNorm::new,
                  0.7,
                  (weight, anchor, s) -> s * singularValues(weight, anchor).max().orElseThrow())
              .withKink()
              .thatMixes(),
          row(
                  "spectral norm squared",
                  SpectralNormSquared.class,
                  SpectralNormSquared::new,
                  0.7,
                  (weight, anchor, s) ->
                      s * Math.pow(singularValues(weight, anchor).max().orElseThrow(), 2.0) / 2.0)
              .thatMixes(),
          row(
                  "nuclear norm",
                  NuclearNorm.class,
                  NuclearNorm::new,
                  0.7,
                  (weight, anchor, s) -> s * singularValues(weight, anchor).sum())
              .withKink()
              .thatMixes());

  /** A penalty that is made for every shape. */
  interface OfStrength {
    Penalty of(double strength);
  }

  private static PenaltyCase row(
      String name,
      Class<? extends Penalty> type,
      OfStrength maker,
      double strength,
      PenaltyCase.Formula formula) {
    return new PenaltyCase(name, type, (s, rows, cols) -> maker.of(s), strength, formula);
  }

  private static PenaltyCase groupLasso(String name, Groups groups, boolean sizeWeighted) {
    return row(
            name,
            GroupLasso.class,
            s -> new GroupLasso(s, groups, sizeWeighted),
            0.7,
            (weight, anchor, s) -> s * sumOfNorms(weight, anchor, groups, sizeWeighted))
        .withKink();
  }

  /** Squares are collected per group in one pass over the entries. */
  private static double sumOfNorms(
      DMatrixRMaj weight, DMatrixRMaj anchor, Groups groups, boolean sizeWeighted) {
    int rows = weight.numRows;
    int cols = weight.numCols;
    double[] squares = new double[Math.max(rows, cols)];
    int[] sizes = new int[squares.length];
    for (int i = 0; i < rows * cols; i++) {
      int group = groups == Groups.ROWS ? i / cols : groups == Groups.COLS ? i % cols : 0;
      squares[group] += Math.pow(weight.data[i] - anchor.data[i], 2.0);
      sizes[group]++;
    }
    double sum = 0.0;
    for (int group = 0; group < squares.length; group++) {
      sum += Math.sqrt(squares[group] * (sizeWeighted ? sizes[group] : 1));
    }
    return sum;
  }

  /** By the angles between the columns, or rows, one pair after the other. */
  private static double distanceFromOrthonormal(DMatrixRMaj weight, boolean columns) {
    int vectors = columns ? weight.numCols : weight.numRows;
    int length = columns ? weight.numRows : weight.numCols;
    double sum = 0.0;
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b < vectors; b++) {
        double dot = a == b ? -1.0 : 0.0;
        for (int k = 0; k < length; k++) {
          dot +=
              columns ? weight.get(k, a) * weight.get(k, b) : weight.get(a, k) * weight.get(b, k);
        }
        sum += dot * dot;
      }
    }
    return sum;
  }

  /**
   * The lengths of the columns after they have been turned, two at a time, until all are orthogonal
   * (Hestenes 1958).
   */
  private static DoubleStream singularValues(DMatrixRMaj weight, DMatrixRMaj anchor) {
    int m = weight.numRows;
    int n = weight.numCols;
    double[][] columns = new double[n][m];
    for (int i = 0; i < m * n; i++) {
      columns[i % n][i / n] = weight.data[i] - anchor.data[i];
    }
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int a = 0; a < n; a++) {
        for (int b = a + 1; b < n; b++) {
          turn(columns[a], columns[b]);
        }
      }
    }
    return Stream.of(columns).mapToDouble(column -> Math.sqrt(dot(column, column)));
  }

  private static void turn(double[] p, double[] q) {
    double angle = 0.5 * Math.atan2(2.0 * dot(p, q), dot(p, p) - dot(q, q));
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (int k = 0; k < p.length; k++) {
      double turned = cos * p[k] + sin * q[k];
      q[k] = cos * q[k] - sin * p[k];
      p[k] = turned;
    }
  }

  private static double dot(double[] p, double[] q) {
    double sum = 0.0;
    for (int k = 0; k < p.length; k++) {
      sum += p[k] * q[k];
    }
    return sum;
  }

  /** Strengths that differ from entry to entry, one of them 0. */
  private static double strength(int i) {
    return (i + 1) % 7 / 4.0;
  }

  private static DMatrixRMaj strengths(int rows, int cols) {
    DMatrixRMaj strengths = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < rows * cols; i++) {
      strengths.data[i] = strength(i);
    }
    return strengths;
  }
}
