package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.FULL;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.scalar;
import static io.github.backstay.core.Formulas.spread;
import static io.github.backstay.core.Formulas.sum;

import io.github.backstay.core.ops.Arithmetic;
import io.github.backstay.core.ops.Indexing;
import io.github.backstay.core.ops.Structure;
import java.util.List;

/** Rows of the catalogue: rows, columns, diagonals, triangles, tiles and frames. */
final class IndexingRows {

  private IndexingRows() {}

  static final List<OpCase> ROWS =
      List.of(
          OpCase.of(
                  "gatherRows with padding elsewhere",
                  Indexing.GatherRows.class,
                  x -> x[0].gatherRows(Indices.of(2, 0, 2), 1),
                  x -> matrix(3, x[0].numCols, (i, j) -> x[0].get(i == 1 ? 0 : 2, j)))
              .on("3x4", "5x1", "3x0"),
          OpCase.of(
                  "gatherCols",
                  Indexing.GatherCols.class,
                  x -> x[0].gatherCols(spread(2 * x[0].cols(), x[0].cols())),
                  x ->
                      matrix(
                          x[0].numRows,
                          2 * x[0].numCols,
                          (i, j) -> x[0].get(i, (7 * j + 2) % x[0].numCols)))
              .on(ANY),
          OpCase.of(
                  "gatherCols none",
                  Indexing.GatherCols.class,
                  x -> x[0].gatherCols(),
                  x -> matrix(x[0].numRows, 0, (i, j) -> 0.0))
              .on("3x4"),
          OpCase.of(
                  "scatterCols",
                  Indexing.ScatterCols.class,
                  x -> x[0].scatterCols(spread(x[0].cols(), 3), 3),
                  x ->
                      matrix(
                          x[0].numRows,
                          3,
                          (i, j) ->
                              sum(x[0].numCols, p -> (7 * p + 2) % 3 == j ? x[0].get(i, p) : 0.0)))
              .on(ANY),
          OpCase.of(
                  "row",
                  Indexing.Slice.class,
                  x -> x[0].row(x[0].rows() - 1),
                  x -> matrix(1, x[0].numCols, (i, j) -> x[0].get(x[0].numRows - 1, j)))
              .on(FULL)
              .on("3x0"),
          OpCase.of(
                  "col",
                  Indexing.Slice.class,
                  x -> x[0].col(x[0].cols() / 2),
                  x -> matrix(x[0].numRows, 1, (i, j) -> x[0].get(i, x[0].numCols / 2)))
              .on(FULL)
              .on("0x3"),
          OpCase.of(
                  "element",
                  Indexing.Slice.class,
                  x -> x[0].element(x[0].rows() / 2, x[0].cols() - 1),
                  x -> scalar(x[0].get(x[0].numRows / 2, x[0].numCols - 1)))
              .on(FULL),
          OpCase.of(
                  "stackRows",
                  Indexing.ConcatRows.class,
                  x -> x[0].stackRows(x[1], x[2]),
                  x -> matrix(3, x[0].numCols, (i, j) -> x[i].get(0, j)))
              .on("1x4,1x4,1x4", "1x1,1x1,1x1", "1x0,1x0,1x0"),
          OpCase.of(
                  "diag",
                  Structure.Diag.class,
                  x -> x[0].diag(),
                  x ->
                      matrix(
                          x[0].data.length,
                          x[0].data.length,
                          (i, j) -> i == j ? x[0].data[i] : 0.0))
              .on("1x4", "4x1", "1x1", "0x1", "1x0"),
          OpCase.of(
                  "diagonal",
                  Structure.Diagonal.class,
                  x -> x[0].diagonal(),
                  x -> matrix(Math.min(x[0].numRows, x[0].numCols), 1, (i, j) -> x[0].get(i, i)))
              .on(ANY)
              .on("3x3", "4x2"),
          triangle("tril", x -> x.tril(0), 0, -9),
          triangle("tril below", x -> x.tril(-1), -1, -9),
          triangle("tril above", x -> x.tril(1), 1, -9),
          triangle("triu", x -> x.triu(0), 9, 0),
          triangle("triu below", x -> x.triu(-2), 9, -2),
          triangle("triu above", x -> x.triu(2), 9, 2),
          OpCase.of(
                  "tile",
                  Structure.Tile.class,
                  x -> x[0].tile(2, 3),
                  x ->
                      matrix(
                          2 * x[0].numRows,
                          3 * x[0].numCols,
                          (i, j) -> x[0].get(i % x[0].numRows, j % x[0].numCols)))
              .on(ANY),
          OpCase.of("tile once", Structure.Tile.class, x -> x[0].tile(1, 1), x -> x[0]).on(FULL),
          OpCase.of(
                  "sumTiles",
                  Structure.SumTiles.class,
                  x -> x[0].sumTiles(3, 2),
                  x -> {
                    int m = x[0].numRows / 3;
                    int n = x[0].numCols / 2;
                    return matrix(
                        m, n, (i, j) -> sum(6, t -> x[0].get(t / 2 * m + i, t % 2 * n + j)));
                  })
              .on("6x4", "3x2", "3x6", "9x2", "0x4", "3x0"),
          OpCase.of(
                  "pad",
                  Structure.Pad.class,
                  x -> x[0].pad(1, 0, 2, 3, -0.5),
                  x ->
                      matrix(
                          x[0].numRows + 5,
                          x[0].numCols + 1,
                          (i, j) ->
                              i >= 2 && i < x[0].numRows + 2 && j >= 1
                                  ? x[0].get(i - 2, j - 1)
                                  : -0.5))
              .on(ANY));

  /** Methods that are made of several ops; {@link CompositionsTest} checks them. */
  static final List<OpCase> COMPOSED =
      List.of(
          OpCase.of(
                  "scatterAddRows",
                  Arithmetic.Plus.class,
                  x -> x[0].scatterAddRows(x[1], spread(x[1].rows(), x[0].rows())),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) ->
                              x[0].get(i, j)
                                  + sum(
                                      x[1].numRows,
                                      p -> (7 * p + 2) % x[0].numRows == i ? x[1].get(p, j) : 0.0)))
              .on("3x4,5x4", "3x2,3x2", "1x3,2x3", "4x1,1x1", "3x2,0x2", "3x0,2x0"),
          OpCase.of(
                  "repeatRows",
                  Structure.Reshape.class,
                  x -> x[0].repeatRows(3),
                  x -> matrix(3 * x[0].numRows, x[0].numCols, (i, j) -> x[0].get(i / 3, j)))
              .on(ANY));

  private interface Call {
    Variable of(Variable x);
  }

  /** The entries from diagonal {@code from} to diagonal {@code to}. */
  private static OpCase triangle(String name, Call call, int to, int from) {
    return OpCase.of(
            name,
            Structure.KeepTriangle.class,
            x -> call.of(x[0]),
            x ->
                matrix(
                    x[0].numRows,
                    x[0].numCols,
                    (i, j) -> j - i >= from && j - i <= to ? x[0].get(i, j) : 0.0))
        .on(ANY)
        .on("3x3", "4x2");
  }
}
