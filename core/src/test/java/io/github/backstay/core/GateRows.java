package io.github.backstay.core;

import static io.github.backstay.core.Formulas.matrix;

import io.github.backstay.core.ops.Gates;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** Rows of the catalogue: what recurrent cells do with their gates. */
final class GateRows {

  private GateRows() {}

  private static double sigmoid(double x) {
    return 0.5 * (1.0 + Math.tanh(0.5 * x));
  }

  /** An entry of block k out of n. */
  private static double of(DMatrixRMaj gates, int n, int k, int i, int j) {
    return gates.get(i, k * (gates.numCols / n) + j);
  }

  private static double reset(DMatrixRMaj a, DMatrixRMaj b, int i, int j) {
    return sigmoid(of(a, 3, 0, i, j) + of(b, 3, 0, i, j));
  }

  private static double gruGate(DMatrixRMaj a, DMatrixRMaj b, int i, int j) {
    int hidden = a.numCols / 3;
    int k = j % hidden;
    return j < 2 * hidden
        ? sigmoid(a.get(i, j) + b.get(i, j))
        : Math.tanh(a.get(i, j) + reset(a, b, i, k) * b.get(i, j));
  }

  static final List<OpCase> ROWS =
      List.of(
          OpCase.of(
                  "activate",
                  Gates.Activate.class,
                  x -> Gates.activate(x[0], 4, 2),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) ->
                              j / (x[0].numCols / 4) == 2
                                  ? Math.tanh(x[0].get(i, j))
                                  : sigmoid(x[0].get(i, j))))
              .on("3x8", "1x4", "5x20", "0x4", "3x0"),
          OpCase.of(
                  "activate, three blocks",
                  Gates.Activate.class,
                  x -> Gates.activate(x[0], 3, 0),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) ->
                              j < x[0].numCols / 3
                                  ? Math.tanh(x[0].get(i, j))
                                  : sigmoid(x[0].get(i, j))))
              .on("3x6", "1x99"),
          OpCase.of(
                  "memory",
                  Gates.Memory.class,
                  x -> Gates.memory(x[0], x[1]),
                  x ->
                      matrix(
                          x[1].numRows,
                          x[1].numCols,
                          (i, j) ->
                              of(x[0], 4, 1, i, j) * x[1].get(i, j)
                                  + of(x[0], 4, 0, i, j) * of(x[0], 4, 2, i, j)))
              .on("3x8,3x2", "1x4,1x1", "2x20,2x5", "0x4,0x1", "3x0,3x0"),
          OpCase.of(
                  "memory, two before",
                  Gates.Memory.class,
                  x -> x[0].apply(new Gates.Memory(5, 0, 3, 1, 2), x[1]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols / 5,
                          (i, j) ->
                              of(x[0], 5, 1, i, j) * of(x[1], 2, 0, i, j)
                                  + of(x[0], 5, 2, i, j) * of(x[1], 2, 1, i, j)
                                  + of(x[0], 5, 0, i, j) * of(x[0], 5, 3, i, j)))
              .on("3x10,3x4", "1x5,1x2", "2x15,2x6", "0x5,0x2"),
          OpCase.of(
                  "memory, nothing forgotten",
                  Gates.Memory.class,
                  x -> x[0].apply(new Gates.Memory(3, 0, 1, 0, 0), x[1]),
                  x ->
                      matrix(
                          x[1].numRows,
                          x[1].numCols,
                          (i, j) -> x[1].get(i, j) + of(x[0], 3, 0, i, j) * of(x[0], 3, 1, i, j)))
              .on("3x6,3x2", "1x3,1x1", "2x15,2x5", "0x3,0x1"),
          OpCase.of(
                  "first memory",
                  Gates.FirstMemory.class,
                  x -> Gates.firstMemory(x[0]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols / 3,
                          (i, j) -> of(x[0], 3, 0, i, j) * of(x[0], 3, 1, i, j)))
              .on("3x6", "1x3", "2x15", "0x3"),
          OpCase.of(
                  "show",
                  Gates.Show.class,
                  x -> Gates.show(x[0], 4, 3, x[1]),
                  x ->
                      matrix(
                          x[1].numRows,
                          x[1].numCols,
                          (i, j) -> of(x[0], 4, 3, i, j) * x[1].get(i, j)))
              .on("3x8,3x2", "1x4,1x1", "2x20,2x5", "0x4,0x1", "3x0,3x0"),
          OpCase.of(
                  "gruGates",
                  Gates.GruGates.class,
                  x -> Gates.gruGates(x[0], x[1]),
                  x -> matrix(x[0].numRows, x[0].numCols, (i, j) -> gruGate(x[0], x[1], i, j)))
              .on("3x6,3x6", "1x3,1x3", "2x15,2x15", "0x3,0x3", "3x0,3x0"),
          OpCase.of(
                  "gruState",
                  Gates.GruState.class,
                  x -> Gates.gruState(x[0], x[1]),
                  x ->
                      matrix(
                          x[1].numRows,
                          x[1].numCols,
                          (i, j) -> {
                            double z = of(x[0], 3, 1, i, j);
                            return (1.0 - z) * of(x[0], 3, 2, i, j) + z * x[1].get(i, j);
                          }))
              .on("3x6,3x2", "1x3,1x1", "2x15,2x5", "0x3,0x1", "3x0,3x0"));
}
