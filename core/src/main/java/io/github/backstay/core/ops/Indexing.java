package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** Choosing, placing and joining parts. Every op here stands beside its adjoint. */
public final class Indexing {

  private Indexing() {}

  /**
   * {@code Y[i] = X[rᵢ]}: looks rows up, [V×d] → [n×d]. Rule: X̄ = Ȳ scattered to the same rows,
   * those of the padding left out; in the ordinary sweep the cotangent is row-sparse, so its cost
   * does not depend on V. The padding row is read as it stands and never gets a gradient (PyTorch's
   * {@code padding_idx}), whatever that is the derivative of.
   *
   * @param rows which rows, in any order, repeats allowed
   * @param padding the row that gets no gradient, or {@link #NO_PADDING}
   */
  public record GatherRows(Indices rows, int padding) implements Op.Unary, Op.InPlace {
    /** Every row gets its gradient. */
    public static final int NO_PADDING = -1;

    /**
     * Checks the values.
     *
     * @param rows which rows, in any order, repeats allowed
     * @param padding the row that gets no gradient, or {@link #NO_PADDING}
     */
    public GatherRows {
      requirePadding("gatherRows", padding);
    }

    /**
     * Without padding.
     *
     * @param rows which rows, in any order, repeats allowed
     */
    public GatherRows(Indices rows) {
      this(rows, NO_PADDING);
    }

    @Override
    public Indices rowsRead(int input) {
      return rows;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      requireRows("gatherRows", rows, padding, x);
      DMatrixRMaj y = w.matrix(rows.size(), x.numCols);
      for (int i = 0; i < y.numRows; i++) {
        System.arraycopy(x.data, rows.get(i) * x.numCols, y.data, i * y.numCols, y.numCols);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return scattered(yBar, rows, padding, x.rows());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      for (int i = 0; i < yBar.numRows; i++) {
        if (rows.get(i) != padding) {
          xBar.addRow(rows.get(i), 1.0, yBar, i);
        }
      }
    }
  }

  /**
   * {@code Y[rᵢ] += X[i]} from zeros, [n×d] → [height×d]: the adjoint of {@link GatherRows}. Rule:
   * X̄ = the same rows of Ȳ.
   *
   * @param rows where each row goes, repeats allowed
   * @param height the number of rows of the result
   */
  public record ScatterRows(Indices rows, int height) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (rows.size() != x.numRows) {
        throw new ShapeException(
            "scatterRows: the operand is "
                + Shape.of(x)
                + ", but there are "
                + rows.size()
                + " indices (need one per row).");
      }
      rows.requireBelow("scatterRows", height, "rows");
      DMatrixRMaj y = w.zeros(height, x.numCols);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        int to = rows.get(i) * x.numCols;
        for (int j = 0; j < x.numCols; j++) {
          y.data[to + j] += x.data[from + j];
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.gatherRows(rows);
    }
  }

  /**
   * {@code Y[i, j] = X[i, cⱼ]}: looks columns up, [m×n] → [m×k]. Rule: X̄ = Ȳ added to the same
   * columns of zeros.
   *
   * @param cols which columns, in any order, repeats allowed
   */
  public record GatherCols(Indices cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      cols.requireBelow("gatherCols", x.numCols, "columns");
      DMatrixRMaj y = w.matrix(x.numRows, cols.size());
      int to = 0;
      for (int i = 0; i < y.numRows; i++) {
        for (int j = 0; j < y.numCols; j++) {
          y.data[to++] = x.data[i * x.numCols + cols.get(j)];
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.scatterCols(cols, x.cols());
    }
  }

  /**
   * {@code Y[i, cⱼ] += X[i, j]} from zeros, [m×k] → [m×width]: the adjoint of {@link GatherCols}.
   * Rule: X̄ = the same columns of Ȳ.
   *
   * @param cols where each column goes, repeats allowed
   * @param width the number of columns of the result
   */
  public record ScatterCols(Indices cols, int width) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (cols.size() != x.numCols) {
        throw new ShapeException(
            "scatterCols: the operand is "
                + Shape.of(x)
                + ", but there are "
                + cols.size()
                + " indices (need one per column).");
      }
      cols.requireBelow("scatterCols", width, "columns");
      DMatrixRMaj y = w.zeros(x.numRows, width);
      int from = 0;
      for (int i = 0; i < x.numRows; i++) {
        for (int j = 0; j < x.numCols; j++) {
          y.data[i * width + cols.get(j)] += x.data[from++];
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.gatherCols(cols);
    }
  }

  /**
   * {@code y[i] = X[i, cᵢ]}: one entry of each row, [n×C] → [n×1]. Rule: x̄ = ȳ placed at the same
   * entries.
   *
   * @param cols the column of each row
   */
  public record PickFromRows(Indices cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (cols.size() != x.numRows) {
        throw new ShapeException(
            "pickFromRows: the operand is "
                + Shape.of(x)
                + ", but there are "
                + cols.size()
                + " indices (need one per row).");
      }
      cols.requireBelow("pickFromRows", x.numCols, "columns");
      DMatrixRMaj y = w.matrix(x.numRows, 1);
      for (int i = 0; i < x.numRows; i++) {
        y.data[i] = x.data[i * x.numCols + cols.get(i)];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.placeInCols(cols, x.cols());
    }
  }

  /**
   * {@code Y[i, cᵢ] = x[i]}, zeros elsewhere, [n×1] → [n×width]: the adjoint of {@link
   * PickFromRows}. Rule: x̄ = the same entries of Ȳ.
   *
   * @param cols the column of each row
   * @param width the number of columns of the result
   */
  public record PlaceInCols(Indices cols, int width) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numCols != 1 || cols.size() != x.numRows) {
        throw new ShapeException(
            "placeInCols: the operand is "
                + Shape.of(x)
                + ", but must be "
                + cols.size()
                + "×1 (one entry per index).");
      }
      cols.requireBelow("placeInCols", width, "columns");
      DMatrixRMaj y = w.zeros(x.numRows, width);
      for (int i = 0; i < x.numRows; i++) {
        y.data[i * width + cols.get(i)] = x.data[i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.pickFromRows(cols);
    }
  }

  /**
   * A rectangle of rows r0 to r1 and columns c0 to c1, ends exclusive. Rule: x̄ = ȳ placed in
   * zeros.
   *
   * @param r0 first row
   * @param r1 row after the last
   * @param c0 first column
   * @param c1 column after the last
   */
  public record Slice(int r0, int r1, int c0, int c1) implements Op.Unary, Op.InPlace {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (r0 < 0 || r1 < r0 || r1 > x.numRows || c0 < 0 || c1 < c0 || c1 > x.numCols) {
        throw new ShapeException(
            "slice: rows "
                + r0
                + " to "
                + r1
                + " and columns "
                + c0
                + " to "
                + c1
                + " (ends exclusive) do not lie within "
                + Shape.of(x)
                + ".");
      }
      DMatrixRMaj y = w.matrix(r1 - r0, c1 - c0);
      for (int i = 0; i < y.numRows; i++) {
        System.arraycopy(x.data, (r0 + i) * x.numCols + c0, y.data, i * y.numCols, y.numCols);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.placeAt(r0, c0, x.rows(), x.cols());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      int width = inputs[0].numCols;
      double[] out = xBar.dense().data;
      for (int i = 0; i < yBar.numRows; i++) {
        int to = (r0 + i) * width + c0;
        int from = i * yBar.numCols;
        for (int j = 0; j < yBar.numCols; j++) {
          out[to + j] += yBar.data[from + j];
        }
      }
    }
  }

  /**
   * A matrix placed in a larger one of zeros: the adjoint of {@link Slice}. Rule: x̄ = that
   * rectangle of ȳ.
   *
   * @param row where its first row goes
   * @param col where its first column goes
   * @param rows rows of the result
   * @param cols columns of the result
   */
  public record PlaceAt(int row, int col, int rows, int cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (row < 0 || col < 0 || row > rows - x.numRows || col > cols - x.numCols) {
        throw new ShapeException(
            "placeAt: "
                + Shape.of(x)
                + " at row "
                + row
                + ", column "
                + col
                + " does not lie within "
                + new Shape(rows, cols)
                + ".");
      }
      DMatrixRMaj y = w.zeros(rows, cols);
      for (int i = 0; i < x.numRows; i++) {
        System.arraycopy(x.data, i * x.numCols, y.data, (row + i) * cols + col, x.numCols);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.slice(row, row + x.rows(), col, col + x.cols());
    }
  }

  /** Operands below each other, all of one width. Rule: each gets its rows of ȳ. */
  public record ConcatRows() implements Op.Nary {
    /** The one instance that is needed. */
    public static final ConcatRows OP = new ConcatRows();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      requireSome("concatRows", inputs);
      int cols = inputs[0].numCols;
      int rows = 0;
      for (DMatrixRMaj x : inputs) {
        if (x.numCols != cols) {
          throw new ShapeException(
              "concatRows: the first operand is "
                  + Shape.of(inputs[0])
                  + ", another is "
                  + Shape.of(x)
                  + " (all must have the same number of columns).");
        }
        rows += x.numRows;
      }
      DMatrixRMaj y = w.matrix(rows, cols);
      int to = 0;
      for (DMatrixRMaj x : inputs) {
        System.arraycopy(x.data, 0, y.data, to, x.getNumElements());
        to += x.getNumElements();
      }
      return y;
    }

    @Override
    public Variable vjp(int input, Variable[] inputs, Variable y, Variable yBar) {
      int start = 0;
      for (int k = 0; k < input; k++) {
        start += inputs[k].rows();
      }
      return yBar.slice(start, start + inputs[input].rows(), 0, yBar.cols());
    }
  }

  /** Operands beside each other, all of one height. Rule: each gets its columns of ȳ. */
  public record ConcatCols() implements Op.Nary {
    /** The one instance that is needed. */
    public static final ConcatCols OP = new ConcatCols();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      requireSome("concatCols", inputs);
      int rows = inputs[0].numRows;
      int cols = 0;
      for (DMatrixRMaj x : inputs) {
        if (x.numRows != rows) {
          throw new ShapeException(
              "concatCols: the first operand is "
                  + Shape.of(inputs[0])
                  + ", another is "
                  + Shape.of(x)
                  + " (all must have the same number of rows).");
        }
        cols += x.numCols;
      }
      DMatrixRMaj y = w.matrix(rows, cols);
      int start = 0;
      for (DMatrixRMaj x : inputs) {
        for (int i = 0; i < rows; i++) {
          System.arraycopy(x.data, i * x.numCols, y.data, i * cols + start, x.numCols);
        }
        start += x.numCols;
      }
      return y;
    }

    @Override
    public Variable vjp(int input, Variable[] inputs, Variable y, Variable yBar) {
      int start = 0;
      for (int k = 0; k < input; k++) {
        start += inputs[k].cols();
      }
      return yBar.slice(0, yBar.rows(), start, start + inputs[input].cols());
    }
  }

  /**
   * Where rows come from and where they go.
   *
   * @param from rows of an operand, in any order, repeats allowed
   * @param to for each of them the row of the result to which it is added, repeats allowed
   */
  public record Route(Indices from, Indices to) {
    /**
     * Checks that both are of one length.
     *
     * @param from rows of an operand, in any order, repeats allowed
     * @param to for each of them the row of the result to which it is added, repeats allowed
     */
    public Route {
      if (from.size() != to.size()) {
        throw new IllegalArgumentException(
            "collectRows: a route comes from "
                + from.size()
                + " rows and goes to "
                + to.size()
                + " (need one target per source).");
      }
    }
  }

  /**
   * {@code Y[t] += X_k[f]} from zeros, for all pairs (f, t) of the route of each operand X_k: rows
   * chosen from several matrices of one width, [n_k×d] → [height×d]. Rule: X̄_k = Ȳ collected the
   * other way round, from t to f. The gradient is dense; for tables there is {@link GatherRows}.
   *
   * @param routes one per operand
   * @param height the number of rows of the result
   */
  public record CollectRows(List<Route> routes, int height) implements Op.Nary, Op.InPlace {
    /**
     * Copies the list.
     *
     * @param routes one per operand
     * @param height the number of rows of the result
     */
    public CollectRows {
      routes = List.copyOf(routes);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      requireSome("collectRows", inputs);
      if (inputs.length != routes.size()) {
        throw new IllegalArgumentException(
            "collectRows: there are "
                + routes.size()
                + " routes for "
                + inputs.length
                + " operands (need one each).");
      }
      int cols = inputs[0].numCols;
      for (int k = 0; k < inputs.length; k++) {
        if (inputs[k].numCols != cols) {
          throw new ShapeException(
              "collectRows: the first operand is "
                  + Shape.of(inputs[0])
                  + ", another is "
                  + Shape.of(inputs[k])
                  + " (all must have the same number of columns).");
        }
        routes.get(k).from.requireBelow("collectRows", inputs[k].numRows, "rows");
        routes.get(k).to.requireBelow("collectRows", height, "rows of the result");
      }
      DMatrixRMaj y = w.zeros(height, cols);
      for (int k = 0; k < inputs.length; k++) {
        addRows(w, inputs[k].data, routes.get(k).from, y.data, routes.get(k).to, cols);
      }
      return y;
    }

    @Override
    public Variable vjp(int input, Variable[] inputs, Variable y, Variable yBar) {
      Route route = routes.get(input);
      return yBar.collectRows(List.of(new Route(route.to, route.from)), inputs[input].rows());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      Route route = routes.get(input);
      addRows(w, yBar.data, route.to, xBar.dense().data, route.from, yBar.numCols);
    }

    private static void addRows(
        Workspace w, double[] x, Indices from, double[] y, Indices to, int cols) {
      for (int i = 0; i < from.size(); i++) {
        w.kernels().scale(1.0, x, from.get(i) * cols, true, y, to.get(i) * cols, cols);
      }
    }
  }

  private static void requireSome(String operation, DMatrixRMaj[] inputs) {
    if (inputs.length == 0) {
      throw new IllegalArgumentException(operation + ": needs at least one operand, got none.");
    }
  }

  /**
   * {@code Y[b] = mean of the rows of X from e_{b−1} to e_b}: averages consecutive groups of rows,
   * [T×d] → [B×d]; an empty group gives zeros. Rule: X̄ = each row of Ȳ divided by its group's
   * size, repeated over the group.
   *
   * @param ends for each group the row after its last one, ascending; the last is T
   */
  public record SegmentMean(Indices ends) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      requireEnds("segmentMean", ends, x.numRows, x);
      DMatrixRMaj y = w.zeros(ends.size(), x.numCols);
      int from = 0;
      int row = 0;
      for (int b = 0; b < ends.size(); b++) {
        int count = ends.get(b) - row;
        int to = b * x.numCols;
        for (; row < ends.get(b); row++) {
          for (int j = 0; j < x.numCols; j++) {
            y.data[to + j] += x.data[from++];
          }
        }
        for (int j = 0; count > 1 && j < x.numCols; j++) {
          y.data[to + j] /= count;
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.segmentSpread(ends);
    }
  }

  /**
   * {@code Y[t] = X[b]/n_b} for every row t of group b, which has n_b rows, [B×d] → [T×d]: the
   * adjoint of {@link SegmentMean}. Rule: X̄ = the mean of the rows of Ȳ in each group.
   *
   * @param ends for each group the row after its last one, ascending; the last is T
   */
  public record SegmentSpread(Indices ends) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      int rows = ends.size() == 0 ? 0 : ends.get(ends.size() - 1);
      requireEnds("segmentSpread", ends, rows, x);
      if (ends.size() != x.numRows) {
        throw new ShapeException(
            "segmentSpread: the operand is "
                + Shape.of(x)
                + ", but there are "
                + ends.size()
                + " groups (need one row per group).");
      }
      int cols = x.numCols;
      DMatrixRMaj y = w.matrix(rows, cols);
      int first = 0;
      for (int b = 0; b < ends.size(); b++) {
        int count = ends.get(b) - first;
        for (int j = 0; count > 0 && j < cols; j++) {
          y.data[first * cols + j] = x.data[b * cols + j] / count;
        }
        for (int row = first + 1; row < ends.get(b); row++) {
          System.arraycopy(y.data, first * cols, y.data, row * cols, cols);
        }
        first = ends.get(b);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.segmentMean(ends);
    }
  }

  /**
   * {@code Y[b] = mean of X[rₜ], t from e_{b−1} to e_b}: looks rows up and averages groups of them,
   * [V×d] → [B×d], as {@link SegmentMean} of {@link GatherRows} without a matrix of all these rows
   * (an embedding bag); an empty group gives zeros. Rule: X̄ = each row of Ȳ divided by its group's
   * size, scattered to the group's rows, those of the padding left out; in the ordinary sweep
   * row-sparse.
   *
   * @param rows which rows, one group after the other, repeats allowed
   * @param ends for each group the position after its last row, ascending; the last is their number
   * @param padding the row that gets no gradient, or {@link GatherRows#NO_PADDING}
   */
  public record GatherMeans(Indices rows, Indices ends, int padding)
      implements Op.Unary, Op.InPlace {
    private static final int BLOCK = 32; // rows that are copied to stand beside each other

    /**
     * Checks the values.
     *
     * @param rows which rows, one group after the other, repeats allowed
     * @param ends for each group the position after its last row, ascending; the last is their
     *     number
     * @param padding the row that gets no gradient, or {@link GatherRows#NO_PADDING}
     */
    public GatherMeans {
      requirePadding("gatherMeans", padding);
    }

    @Override
    public Indices rowsRead(int input) {
      return rows;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      requireRows("gatherMeans", rows, padding, x);
      int last = ends.size() == 0 ? 0 : ends.get(ends.size() - 1);
      if (last != rows.size()) {
        throw new ShapeException(
            "gatherMeans: the last group ends at position "
                + last
                + ", but there are "
                + rows.size()
                + " indices (the groups must cover all of them).");
      }
      requireEnds("gatherMeans", ends, last, x);
      int cols = x.numCols;
      DMatrixRMaj y = w.zeros(ends.size(), cols);
      DMatrixRMaj block = w.matrix(Math.min(BLOCK, rows.size()), cols);
      DMatrixRMaj sums = w.matrix(1, cols);
      int t = 0;
      for (int b = 0; b < ends.size(); b++) {
        int count = ends.get(b) - t;
        while (t < ends.get(b)) {
          int size = Math.min(BLOCK, ends.get(b) - t);
          for (int i = 0; i < size; i++) {
            System.arraycopy(x.data, rows.get(t++) * cols, block.data, i * cols, cols);
          }
          w.kernels().sumCols(block.data, size, cols, sums.data);
          w.kernels().scale(1.0, sums.data, 0, true, y.data, b * cols, cols);
        }
        for (int j = b * cols; count > 1 && j < (b + 1) * cols; j++) {
          y.data[j] /= count;
        }
      }
      w.release(block);
      w.release(sums);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return scattered(yBar.segmentSpread(ends), rows, padding, x.rows());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      int cols = yBar.numCols;
      DMatrixRMaj share = w.matrix(1, cols);
      int first = 0;
      for (int b = 0; b < ends.size(); b++) {
        int count = ends.get(b) - first;
        System.arraycopy(yBar.data, b * cols, share.data, 0, cols);
        for (int j = 0; j < cols; j++) {
          share.data[j] /= count;
        }
        for (int t = first; t < ends.get(b); t++) {
          if (rows.get(t) != padding) {
            xBar.addRow(rows.get(t), 1.0, share, 0);
          }
        }
        first = ends.get(b);
      }
      w.release(share);
    }
  }

  private static void requirePadding(String operation, int padding) {
    if (padding < GatherRows.NO_PADDING) {
      throw new IllegalArgumentException(
          operation
              + ": the padding row must be at least 0 (or -1 for none), got "
              + padding
              + ".");
    }
  }

  private static void requireRows(String operation, Indices rows, int padding, DMatrixRMaj x) {
    rows.requireBelow(operation, x.numRows, "rows");
    if (padding >= x.numRows) {
      throw new IndexOutOfBoundsException(
          operation
              + ": padding row "
              + padding
              + " is out of range (there are "
              + x.numRows
              + " rows, counted from 0).");
    }
  }

  /** Rows added up in a taller matrix of zeros, those of the padding left out. */
  private static Variable scattered(Variable yBar, Indices rows, int padding, int height) {
    if (padding == GatherRows.NO_PADDING) {
      return yBar.scatterRows(rows, height);
    }
    int[] places = new int[rows.size()];
    int[] targets = new int[rows.size()];
    int kept = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i) != padding) {
        places[kept] = i;
        targets[kept++] = rows.get(i);
      }
    }
    return yBar.gatherRows(Indices.copyOf(places, kept))
        .scatterRows(Indices.copyOf(targets, kept), height);
  }

  private static void requireEnds(String operation, Indices ends, int rows, DMatrixRMaj x) {
    int last = 0;
    for (int b = 0; b < ends.size(); b++) {
      if (ends.get(b) < last) {
        throw new IllegalArgumentException(
            operation
                + ": the ends of the groups must not descend, but "
                + ends.get(b)
                + " follows "
                + last
                + ".");
      }
      last = ends.get(b);
    }
    if (last != rows) {
      throw new ShapeException(
          operation
              + ": the last group ends at row "
              + last
              + ", but the operand is "
              + Shape.of(x)
              + " (the groups must cover all rows).");
    }
  }
}
