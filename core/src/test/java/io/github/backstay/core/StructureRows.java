package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.FULL;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.overCols;
import static io.github.backstay.core.Formulas.overRows;
import static io.github.backstay.core.Formulas.plainSum;
import static io.github.backstay.core.Formulas.scalar;
import static io.github.backstay.core.Formulas.spread;
import static io.github.backstay.core.Formulas.stretched;
import static io.github.backstay.core.Formulas.sum;
import static io.github.backstay.core.Formulas.transposed;

import io.github.backstay.core.ops.Indexing;
import io.github.backstay.core.ops.Structure;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** Rows of the catalogue: structure and indexing. */
final class StructureRows {

  private StructureRows() {}

  static final List<OpCase> ROWS =
      List.of(
          // structure
          OpCase.of(
                  "transpose",
                  Structure.Transpose.class,
                  x -> x[0].transpose(),
                  x -> transposed(x[0]))
              .on(ANY),
          OpCase.of(
                  "reshape",
                  Structure.Reshape.class,
                  x -> x[0].reshape(2, x[0].rows() * x[0].cols() / 2),
                  x ->
                      matrix(
                          2,
                          x[0].data.length / 2,
                          (i, j) -> x[0].data[i * (x[0].data.length / 2) + j]))
              .on("3x4", "1x6", "6x1", "0x3"),
          OpCase.of(
                  "broadcastTo",
                  Structure.BroadcastTo.class,
                  x -> x[0].broadcastTo(3, 4),
                  x -> matrix(3, 4, (i, j) -> stretched(x[0], i, j)))
              .on("3x4", "1x4", "3x1", "1x1"),
          OpCase.of(
                  "broadcastTo nothing",
                  Structure.BroadcastTo.class,
                  x -> x[0].broadcastTo(0, 4),
                  x -> new DMatrixRMaj(0, 4))
              .on("0x4", "1x4", "0x1", "1x1"),
          OpCase.of(
                  "sumTo scalar",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(1, 1),
                  x -> scalar(plainSum(x[0].data)))
              .on(ANY),
          OpCase.of(
                  "sumTo column",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(x[0].rows(), 1),
                  x -> overRows(x[0], Formulas::plainSum))
              .on(ANY),
          OpCase.of(
                  "sumTo row",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(1, x[0].cols()),
                  x -> overCols(x[0], Formulas::plainSum))
              .on(ANY),
          OpCase.of("sumTo same", Structure.SumTo.class, x -> x[0].sumTo(3, 4), x -> x[0])
              .on("3x4"),
          OpCase.of("detach", Structure.Detach.class, x -> x[0].detach(), x -> x[0])
              .stopsGradients()
              .on(ANY),
          OpCase.of("asPenalty", Structure.AsPenalty.class, x -> x[0].asPenalty(), x -> x[0])
              .on(ANY),

          // indexing
          OpCase.of(
                  "gatherRows",
                  Indexing.GatherRows.class,
                  x -> x[0].gatherRows(spread(2 * x[0].rows(), x[0].rows())),
                  x ->
                      matrix(
                          2 * x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(spread(2 * x[0].numRows, x[0].numRows).get(i), j)))
              .on(ANY),
          OpCase.of(
                  "gatherRows none",
                  Indexing.GatherRows.class,
                  x -> x[0].gatherRows(),
                  x -> new DMatrixRMaj(0, x[0].numCols))
              .on(FULL),
          OpCase.of(
                  "scatterRows",
                  Indexing.ScatterRows.class,
                  x -> x[0].scatterRows(spread(x[0].rows(), 4), 4),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (h, j) ->
                              sum(
                                  x[0].numRows,
                                  i -> spread(x[0].numRows, 4).get(i) == h ? x[0].get(i, j) : 0)))
              .on("7x3")
              .on(ANY),
          OpCase.of(
                  "pickFromRows",
                  Indexing.PickFromRows.class,
                  x -> x[0].pickFromRows(spread(x[0].rows(), x[0].cols())),
                  x ->
                      matrix(
                          x[0].numRows,
                          1,
                          (i, j) -> x[0].get(i, spread(x[0].numRows, x[0].numCols).get(i))))
              .on("3x4", "1x5", "5x1", "1x1", "0x3", "0x0"),
          OpCase.of(
                  "placeInCols",
                  Indexing.PlaceInCols.class,
                  x -> x[0].placeInCols(spread(x[0].rows(), 3), 3),
                  x ->
                      matrix(
                          x[0].numRows,
                          3,
                          (i, j) -> spread(x[0].numRows, 3).get(i) == j ? x[0].get(i, 0) : 0.0))
              .on("5x1", "1x1", "0x1"),
          OpCase.of(
                  "slice",
                  Indexing.Slice.class,
                  x -> x[0].slice(x[0].rows() / 3, x[0].rows(), x[0].cols() / 2, x[0].cols()),
                  x ->
                      matrix(
                          x[0].numRows - x[0].numRows / 3,
                          x[0].numCols - x[0].numCols / 2,
                          (i, j) -> x[0].get(i + x[0].numRows / 3, j + x[0].numCols / 2)))
              .on(ANY),
          OpCase.of(
                  "slice nothing",
                  Indexing.Slice.class,
                  x -> x[0].slice(1, 1, 0, 2),
                  x -> new DMatrixRMaj(0, 2))
              .on("3x4"),
          OpCase.of(
                  "placeAt",
                  Indexing.PlaceAt.class,
                  x -> x[0].placeAt(1, 2, x[0].rows() + 3, x[0].cols() + 2),
                  x ->
                      matrix(
                          x[0].numRows + 3,
                          x[0].numCols + 2,
                          (i, j) ->
                              i >= 1 && i <= x[0].numRows && j >= 2 ? x[0].get(i - 1, j - 2) : 0.0))
              .on(ANY),
          OpCase.of(
                  "concatRows",
                  Indexing.ConcatRows.class,
                  x -> x[0].concatRows(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows + x[1].numRows + x[2].numRows,
                          x[0].numCols,
                          (i, j) ->
                              i < x[0].numRows
                                  ? x[0].get(i, j)
                                  : i < x[0].numRows + x[1].numRows
                                      ? x[1].get(i - x[0].numRows, j)
                                      : x[2].get(i - x[0].numRows - x[1].numRows, j)))
              .on("2x3,1x3,4x3", "2x3,2x3,2x3", "1x1,1x1,1x1", "2x3,0x3,1x3", "2x0,1x0,1x0"),
          OpCase.of(
                  "concatRows alone", Indexing.ConcatRows.class, x -> x[0].concatRows(), x -> x[0])
              .on(ANY),
          OpCase.of(
                  "collectRows",
                  Indexing.CollectRows.class,
                  x ->
                      x[0].collectRows(
                          List.of(route(x[0].rows(), 0), route(x[1].rows(), 1)), 4, x[1]),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (t, j) ->
                              sum(
                                      2 * x[0].numRows,
                                      i -> i % 3 == t ? x[0].get(i % x[0].numRows, j) : 0.0)
                                  + sum(
                                      2 * x[1].numRows,
                                      i -> (i + 1) % 3 == t ? x[1].get(i % x[1].numRows, j) : 0.0)))
              .on("2x3,4x3", "1x1,1x1", "3x2,3x2", "0x3,2x3", "2x0,1x0"),
          OpCase.of(
                  "collectRows of one",
                  Indexing.CollectRows.class,
                  x -> x[0].collectRows(List.of(route(x[0].rows(), 2)), 3),
                  x ->
                      matrix(
                          3,
                          x[0].numCols,
                          (t, j) ->
                              sum(
                                  2 * x[0].numRows,
                                  i -> (i + 2) % 3 == t ? x[0].get(i % x[0].numRows, j) : 0.0)))
              .on(ANY),
          OpCase.of(
                  "concatCols",
                  Indexing.ConcatCols.class,
                  x -> x[0].concatCols(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols + x[1].numCols + x[2].numCols,
                          (i, j) ->
                              j < x[0].numCols
                                  ? x[0].get(i, j)
                                  : j < x[0].numCols + x[1].numCols
                                      ? x[1].get(i, j - x[0].numCols)
                                      : x[2].get(i, j - x[0].numCols - x[1].numCols)))
              .on("3x2,3x1,3x4", "2x3,2x3,2x3", "1x1,1x1,1x1", "3x2,3x0,3x1", "0x2,0x1,0x1"),
          OpCase.of(
                  "concatCols alone", Indexing.ConcatCols.class, x -> x[0].concatCols(), x -> x[0])
              .on(ANY),
          OpCase.of(
                  "segmentMean",
                  Indexing.SegmentMean.class,
                  x -> x[0].segmentMean(Indices.of(2, 2, 3, x[0].rows())),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (b, j) -> {
                            int[] ends = {0, 2, 2, 3, x[0].numRows};
                            int n = ends[b + 1] - ends[b];
                            return n == 0 ? 0.0 : sum(n, i -> x[0].get(ends[b] + i, j)) / n;
                          }))
              .on("6x2", "4x1", "3x3", "5x0"),
          OpCase.of(
                  "gatherMeans",
                  Indexing.GatherMeans.class,
                  x ->
                      x[0].gatherMeans(
                          spread(40, x[0].rows()),
                          Indices.of(1, 1, 4, 40),
                          Indexing.GatherRows.NO_PADDING),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (b, j) -> {
                            int[] ends = {0, 1, 1, 4, 40};
                            int n = ends[b + 1] - ends[b];
                            Indices rows = spread(40, x[0].numRows);
                            return n == 0
                                ? 0.0
                                : sum(n, i -> x[0].get(rows.get(ends[b] + i), j)) / n;
                          }))
              .on("6x2", "4x17", "1x1", "5x0"),
          OpCase.of(
                  "gatherMeans none",
                  Indexing.GatherMeans.class,
                  x -> x[0].gatherMeans(Indices.of(), Indices.of(0, 0), 0),
                  x -> new DMatrixRMaj(2, x[0].numCols))
              .on("3x2"),
          OpCase.of(
                  "segmentMean of nothing",
                  Indexing.SegmentMean.class,
                  x -> x[0].segmentMean(Indices.of()),
                  x -> x[0])
              .on("0x3"),
          OpCase.of(
                  "segmentSpread",
                  Indexing.SegmentSpread.class,
                  x -> x[0].segmentSpread(Indices.of(2, 2, 5)),
                  x ->
                      matrix(
                          5,
                          x[0].numCols,
                          (t, j) -> t < 2 ? x[0].get(0, j) / 2.0 : x[0].get(2, j) / 3.0))
              .on("3x2", "3x1", "3x0"));

  /** Takes every row twice and spreads them over the first three rows, from a given one on. */
  private static Indexing.Route route(int rows, int first) {
    int[] from = new int[2 * rows];
    int[] to = new int[2 * rows];
    for (int i = 0; i < from.length; i++) {
      from[i] = i % rows;
      to[i] = (i + first) % 3;
    }
    return new Indexing.Route(Indices.of(from), Indices.of(to));
  }
}
