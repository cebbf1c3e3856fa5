package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;
import org.ejml.data.DMatrixRMaj;

/**
 * The product of matrices, blocked and packed (Goto and van de Geijn 2008): a block of A is copied
 * to panels of eight or four rows, columns of B to panels two vectors wide, each just before it is
 * used first, and {@link VectorTiles} multiplies panels. Where the result has few rows, B is read
 * where it is. Paths are chosen by shape alone, and none of them changes a bit.
 */
final class VectorProduct implements RangeProduct {

  /** How deep a block is. Sums of so many products are added to each other. */
  static final int DEPTH = 512;

  /** Numbers in a block of A, which stays in the second-level cache. */
  private static final int BLOCK = 64 * DEPTH;

  /** Columns of a block of B. */
  private static final int COLS = 1024;

  /** With so few rows, reading B in place costs less than copying it. */
  private static final int FEW_ROWS = 64;

  private static final int WIDTH = 2 * LANES;

  /** Rows of the higher tiles: with shorter vectors there are fewer registers. */
  private static final int HIGH = LANES >= 8 ? 8 : 4;

  private double[] left = {};
  private double[] right = {};
  private final double[] edge = new double[8 * WIDTH];

  @Override
  public void mult(
      boolean transA,
      DMatrixRMaj a,
      boolean transB,
      DMatrixRMaj b,
      boolean add,
      DMatrixRMaj c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    int deepest = Math.min(DEPTH, depth);
    int most = Math.min(toRow - fromRow, (BLOCK / Math.max(1, deepest) + 7) & -8);
    boolean oneBlock = most == toRow - fromRow;
    boolean inPlace = !transB && toRow - fromRow <= FEW_ROWS;
    reserve(most, deepest, oneBlock ? WIDTH : Math.min(COLS, toCol - fromCol));
    for (int j0 = fromCol; j0 < toCol; j0 += COLS) {
      int end = Math.min(j0 + COLS, toCol);
      for (int p0 = 0; p0 < depth; p0 += DEPTH) {
        int deep = Math.min(DEPTH, depth - p0);
        boolean more = add || p0 > 0;
        for (int i0 = fromRow; i0 < toRow; i0 += most) {
          int rows = Math.min(most, toRow - i0);
          if (transA) {
            copyLeft(a.data, p0 * a.numCols + i0, a.numCols, deep, rows);
          } else {
            packLeft(a.data, i0 * a.numCols + p0, a.numCols, deep, rows);
          }
          for (int j = j0; j < end; j += WIDTH) {
            int width = Math.min(WIDTH, end - j);
            int to = i0 * n + j;
            if (inPlace && (width == WIDTH || width == LANES)) {
              multPanel(rows, deep, width, b.data, p0 * n + j, n, more, c.data, to, n);
            } else {
              int panel = oneBlock ? 0 : (j - j0) * deep;
              int padded = width > LANES ? WIDTH : LANES;
              if (i0 > fromRow) {
                // is there already
              } else if (transB) {
                transpose(b.data, j * b.numCols + p0, b.numCols, width, deep, right, panel, padded);
              } else {
                copyRight(b.data, p0 * n + j, n, deep, width, panel);
              }
              multPanel(rows, deep, width, right, panel, padded, more, c.data, to, n);
            }
          }
        }
      }
    }
  }

  private void reserve(int rows, int deep, int cols) {
    int ofLeft = (rows + 7) / 8 * 8 * deep;
    int ofRight = (cols + WIDTH - 1) / WIDTH * WIDTH * deep;
    if (left.length < ofLeft) {
      left = new double[ofLeft];
    }
    if (right.length < ofRight) {
      right = new double[ofRight];
    }
  }

  /** All rows of a block of A by some columns of B. */
  private void multPanel(
      int rows,
      int deep,
      int width,
      double[] b,
      int bFrom,
      int bStep,
      boolean add,
      double[] c,
      int at,
      int step) {
    for (int i = 0; i < rows; ) {
      int high = high(rows - i);
      int height = Math.min(high, rows - i);
      int to = at + i * step;
      if (height < high || (width != WIDTH && width != LANES)) {
        VectorTiles.clear(high, width > LANES, edge, 0, WIDTH);
        tile(high, width, deep, i * deep, b, bFrom, bStep, edge, 0, WIDTH);
        putEdge(height, width, add, c, to, step);
      } else {
        if (!add) {
          VectorTiles.clear(high, width > LANES, c, to, step);
        }
        tile(high, width, deep, i * deep, b, bFrom, bStep, c, to, step);
      }
      i += high;
    }
  }

  /** The height of the next tile, if so many rows are left. */
  private static int high(int rows) {
    return rows > 4 ? HIGH : 4;
  }

  private void tile(
      int high,
      int width,
      int deep,
      int a,
      double[] b,
      int bFrom,
      int bStep,
      double[] c,
      int to,
      int step) {
    if (high == 8) {
      if (width > LANES) {
        VectorTiles.eightByTwo(deep, left, a, b, bFrom, bStep, c, to, step);
      } else {
        VectorTiles.eightByOne(deep, left, a, b, bFrom, bStep, c, to, step);
      }
    } else if (width > LANES) {
      VectorTiles.fourByTwo(deep, left, a, b, bFrom, bStep, c, to, step);
    } else {
      VectorTiles.fourByOne(deep, left, a, b, bFrom, bStep, c, to, step);
    }
  }

  private void putEdge(int height, int width, boolean add, double[] c, int at, int step) {
    for (int i = 0; i < height; i++) {
      int from = i * WIDTH;
      int to = at + i * step;
      for (int j = 0; j < width; j++) {
        c[to + j] = add ? c[to + j] + edge[from + j] : edge[from + j];
      }
    }
  }

  // ---- the right operand: panels of two vectors, or of one at the end ------------------------

  /** Copies rows of B. */
  private void copyRight(double[] b, int from, int step, int deep, int width, int to) {
    if (width == WIDTH) {
      for (int p = 0; p < deep; p++) {
        int at = from + p * step;
        DoubleVector.fromArray(SPECIES, b, at).intoArray(right, to + p * WIDTH);
        DoubleVector.fromArray(SPECIES, b, at + LANES).intoArray(right, to + p * WIDTH + LANES);
      }
      return;
    }
    int padded = width > LANES ? WIDTH : LANES;
    for (int p = 0; p < deep; p++) {
      int at = from + p * step;
      for (int k = 0; k < width; k++) {
        right[to + p * padded + k] = b[at + k];
      }
      for (int k = width; k < padded; k++) {
        right[to + p * padded + k] = 0.0;
      }
    }
  }

  // ---- the left operand: panels of eight rows, or of four at the end --------------------------

  /** Copies columns of Aᵀ, which are rows of what is stored. */
  private void copyLeft(double[] a, int from, int step, int deep, int rows) {
    for (int i = 0; i < rows; ) {
      int high = high(rows - i);
      int height = Math.min(high, rows - i);
      int to = i * deep;
      if (high == 8 && height == 8 && LANES == 8) {
        for (int p = 0; p < deep; p++) {
          DoubleVector.fromArray(SPECIES, a, from + p * step + i).intoArray(left, to + p * 8);
        }
      } else {
        for (int p = 0; p < deep; p++) {
          int at = from + p * step + i;
          for (int k = 0; k < height; k++) {
            left[to + p * high + k] = a[at + k];
          }
          for (int k = height; k < high; k++) {
            left[to + p * high + k] = 0.0;
          }
        }
      }
      i += high;
    }
  }

  private void packLeft(double[] a, int from, int step, int deep, int rows) {
    for (int i = 0; i < rows; ) {
      int high = high(rows - i);
      int height = Math.min(high, rows - i);
      transpose(a, from + i * step, step, height, deep, left, i * deep, high);
      i += high;
    }
  }

  /** {@code to[p·padded + k] = from[k·step + p]} for k &lt; width, and 0 up to {@code padded}. */
  private static void transpose(
      double[] x, int from, int step, int width, int deep, double[] y, int to, int padded) {
    int k = 0;
    for (; k + 3 < width; k += 4) {
      int x0 = from + k * step;
      int x1 = x0 + step;
      int x2 = x1 + step;
      int x3 = x2 + step;
      int at = to + k;
      for (int p = 0; p < deep; p++) {
        y[at] = x[x0 + p];
        y[at + 1] = x[x1 + p];
        y[at + 2] = x[x2 + p];
        y[at + 3] = x[x3 + p];
        at += padded;
      }
    }
    for (; k < padded; k++) {
      int x0 = from + k * step;
      for (int p = 0; p < deep; p++) {
        y[to + p * padded + k] = k < width ? x[x0 + p] : 0.0;
      }
    }
  }
}
