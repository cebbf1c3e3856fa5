package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.Indexing;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ops refuse, and in which words. */
class OpErrorsTest {

  private static final Indexing.Route ROUTE = new Indexing.Route(Indices.of(1), Indices.of(0));

  private record Refusal(
      Function<Tape, Variable> call, Class<? extends Exception> type, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static Refusal shape(Function<Tape, Variable> call, String message) {
    return new Refusal(call, ShapeException.class, message);
  }

  private static Refusal value(Function<Tape, Variable> call, String message) {
    return new Refusal(call, IllegalArgumentException.class, message);
  }

  private static Refusal index(Function<Tape, Variable> call, String message) {
    return new Refusal(call, IndexOutOfBoundsException.class, message);
  }

  private static Refusal numeric(Function<Tape, Variable> call, String message) {
    return new Refusal(call, ArithmeticException.class, message);
  }

  private static Variable square(Tape tape, double a, double b, double c, double d) {
    return tape.constant(Matrices.of(2, 2, a, b, c, d));
  }

  static List<Refusal> refusals() {
    return List.of(
        // broadcasting
        shape(
            t -> t.zeros(32, 1).minus(t.zeros(1, 32)),
            "minus: shapes differ: left is 32×1, right is 1×32 (one side must have the full shape;"
                + " a column against a row is not broadcast to 32×32). Transpose one of them, or"
                + " say broadcastTo(rows, cols)."),
        shape(
            t -> t.zeros(1, 3).plus(t.zeros(2, 1)),
            "plus: shapes differ: left is 1×3, right is 2×1 (one side must have the full shape; a"
                + " column against a row is not broadcast to 2×3). Transpose one of them, or say"
                + " broadcastTo(rows, cols)."),
        shape(
            t -> t.zeros(2, 3).elementMult(t.zeros(3, 2)),
            "elementMult: shapes differ: left is 2×3, right is 3×2 (one side must have the full"
                + " shape; only a row 1×n, a column m×1 or a scalar 1×1 is broadcast against"
                + " m×n)."),
        shape(
            t -> t.zeros(2, 3).elementDiv(t.zeros(1, 2)),
            "elementDiv: shapes differ: left is 2×3, right is 1×2 (one side must have the full"
                + " shape; only a row 1×n, a column m×1 or a scalar 1×1 is broadcast against"
                + " m×n)."),
        shape(
            t -> t.zeros(0, 3).plus(t.zeros(2, 3)),
            "plus: shapes differ: left is 0×3, right is 2×3 (one side must have the full shape;"
                + " only a row 1×n, a column m×1 or a scalar 1×1 is broadcast against m×n)."),
        shape(
            t -> t.zeros(2, 3).dot(t.zeros(1, 3)),
            "dot: shapes differ: left is 2×3, right is 1×3 (both must have the same shape)."),
        shape(
            t -> t.zeros(2, 3).where(t.zeros(2, 3), t.zeros(1, 2)),
            "where: shapes differ: the mask is 2×3, the choices are 2×3 and 1×2 (one of the three"
                + " must have the full shape; only a row 1×n, a column m×1 or a scalar 1×1 is"
                + " broadcast against m×n)."),
        shape(
            t -> t.zeros(1, 1).where(t.zeros(1, 3), t.zeros(2, 1)),
            "where: shapes differ: the mask is 1×1, the choices are 1×3 and 2×1 (one of the three"
                + " must have the full shape; a column against a row is not broadcast to 2×3)."
                + " Transpose one of them, or say broadcastTo(rows, cols)."),
        shape(
            t -> t.zeros(2, 1).where(t.zeros(2, 1), t.zeros(1, 3)),
            "where: shapes differ: the mask is 2×1, the choices are 2×1 and 1×3 (one of the three"
                + " must have the full shape; a column against a row is not broadcast to 2×3)."
                + " Transpose one of them, or say broadcastTo(rows, cols)."),
        shape(
            t -> t.zeros(3, 1).atan2(t.zeros(1, 2)),
            "atan2: shapes differ: left is 3×1, right is 1×2 (one side must have the full shape; a"
                + " column against a row is not broadcast to 3×2). Transpose one of them, or say"
                + " broadcastTo(rows, cols)."),
        shape(
            t -> t.zeros(3, 2).sharesOf(t.zeros(1, 2), Axis.ROWS, Ties.FIRST),
            "sharesOf: the operand is 3×2, its result is 1×2 (along ROWS it must be 3×1)."),

        // products
        shape(
            t -> t.zeros(32, 64).mult(t.zeros(10, 64)),
            "mult: inner dimensions differ: left is 32×64, right is 10×64 (need left columns ="
                + " right rows). Transposing the right operand would fit."),
        shape(
            t -> t.zeros(3, 4).mult(t.zeros(5, 6)),
            "mult: inner dimensions differ: left is 3×4, right is 5×6 (need left columns = right"
                + " rows)."),
        shape(
            t -> t.zeros(3, 4).multTransA(t.zeros(5, 3)),
            "multTransA: inner dimensions differ: left is 3×4, right is 5×3 (need left rows = right"
                + " rows). Transposing the right operand would fit."),
        shape(
            t -> t.zeros(3, 4).multTransB(t.zeros(4, 5)),
            "multTransB: inner dimensions differ: left is 3×4, right is 4×5 (need left columns ="
                + " right columns). The right operand fits without transposing it."),
        shape(
            t -> t.zeros(3, 4).multTransAB(t.zeros(5, 6)),
            "multTransAB: inner dimensions differ: left is 3×4, right is 5×6 (need left rows ="
                + " right columns)."),
        shape(
            t -> t.zeros(5, 3).affine(t.zeros(3, 4), t.zeros(1, 4)),
            "affine: the input is 5×3, the weight is 3×4 (need input columns = weight columns; the"
                + " weight is stored out×in). Transposing the weight would fit."),
        shape(
            t -> t.zeros(5, 3).affine(t.zeros(4, 3), t.zeros(4, 1)),
            "affine: the bias is 4×1, the weight is 4×3 (need a bias of 1×4 or 5×4)."),

        // linear algebra
        shape(t -> t.zeros(2, 3).trace(), "trace: the operand is 2×3 (need a square matrix)."),
        shape(t -> t.zeros(2, 3).inverse(), "inverse: the operand is 2×3 (need a square matrix)."),
        shape(t -> t.zeros(3, 2).det(), "det: the operand is 3×2 (need a square matrix)."),
        shape(
            t -> t.zeros(3, 2).cofactor(), "cofactor: the operand is 3×2 (need a square matrix)."),
        shape(t -> t.zeros(3, 2).logDet(), "logDet: the operand is 3×2 (need a square matrix)."),
        shape(
            t -> t.zeros(3, 2).logAbsDet(),
            "logAbsDet: the operand is 3×2 (need a square matrix)."),
        shape(
            t -> t.zeros(3, 2).cholesky(), "cholesky: the operand is 3×2 (need a square matrix)."),
        shape(
            t -> t.zeros(3, 2).detHessian(t.zeros(3, 2)),
            "detHessian: the operand is 3×2 (need a square matrix)."),
        shape(
            t -> t.zeros(2, 2).detHessian(t.zeros(2, 1)),
            "detHessian: shapes differ: left is 2×2, right is 2×1 (both must have the same"
                + " shape)."),
        shape(
            t -> t.zeros(2, 3).solve(t.zeros(2, 1)),
            "solve: the operand is 2×3 (need a square matrix)."),
        shape(
            t -> t.zeros(3, 3).solve(t.zeros(1, 3)),
            "solve: the matrix is 3×3, the right-hand side is 1×3 (need as many rows)."),
        shape(
            t -> t.zeros(3, 3).solveTriangular(t.zeros(2, 3), Triangle.LOWER),
            "solveTriangular: the matrix is 3×3, the right-hand side is 2×3 (need as many rows)."),
        shape(
            t -> t.zeros(3, 1).quadraticForm(t.zeros(2, 2)),
            "quadraticForm: the matrix is 2×2, left is 3×1, right is 3×1 (need a matrix of 3×3:"
                + " left rows, right rows)."),
        shape(
            t -> t.zeros(3, 1).bilinearForm(t.zeros(4, 3), t.zeros(4, 1)),
            "bilinearForm: the matrix is 4×3, left is 3×1, right is 4×1 (need a matrix of 3×4:"
                + " left rows, right rows)."),
        numeric(
            t -> square(t, 1.0, 2.0, 2.0, 4.0).inverse(),
            "inverse: the 2×2 matrix is singular: pivot 1 is 0 (counted from 0)."),
        numeric(
            t -> t.zeros(3, 3).solve(t.zeros(3, 1)),
            "solve: the 3×3 matrix is singular: pivot 0 is 0 (counted from 0)."),
        numeric(
            t -> square(t, 1.0, 2.0, 3.0, 0.0).solveTriangular(t.zeros(2, 1), Triangle.UPPER),
            "solveTriangular: the upper triangle of the 2×2 matrix is singular: entry 1 of its"
                + " diagonal is 0 (counted from 0)."),
        numeric(
            t -> square(t, 0.0, 2.0, 3.0, 1.0).solveTriangular(t.zeros(2, 1), Triangle.LOWER),
            "solveTriangular: the lower triangle of the 2×2 matrix is singular: entry 0 of its"
                + " diagonal is 0 (counted from 0)."),
        numeric(
            t -> square(t, 1.0, 2.0, 2.0, 1.0).cholesky(),
            "cholesky: the 2×2 matrix is not positive definite (all eigenvalues must be above 0)."),
        numeric(
            t -> t.zeros(1, 1).cholesky(),
            "cholesky: the 1×1 matrix is not positive definite (all eigenvalues must be above 0)."),

        // structure
        shape(
            t -> t.zeros(2, 3).reshape(4, 2),
            "reshape: 2×3 has 6 entries, 4×2 has 8 (both must have the same number)."),
        shape(t -> t.zeros(2, 3).reshape(-2, -3), "shape: sides must be at least 0, got -2×-3."),
        shape(
            t -> t.zeros(2, 3).broadcastTo(4, 3),
            "broadcastTo: 2×3 cannot be repeated to 4×3 (each side must be equal, or 1)."),
        shape(t -> t.zeros(1, 3).broadcastTo(-1, 3), "shape: sides must be at least 0, got -1×3."),
        shape(
            t -> t.zeros(2, 3).sumTo(1, 2),
            "sumTo: 2×3 cannot be summed to 1×2 (each side must stay equal, or become 1)."),
        shape(t -> t.zeros(-1, 3), "shape: sides must be at least 0, got -1×3."),
        shape(
            t -> t.zeros(2, 3).diag(),
            "diag: the operand is 2×3, but must be a row 1×n or a column n×1. diagonal() reads the"
                + " diagonal of a matrix."),
        value(t -> t.zeros(2, 3).tile(0, 2), "tile: need at least 1×1 tiles, got 0×2."),
        value(t -> t.zeros(2, 3).sumTiles(1, -1), "sumTiles: need at least 1×1 tiles, got 1×-1."),
        shape(
            t -> t.zeros(4, 3).sumTiles(2, 2),
            "sumTiles: 4×3 does not consist of 2×2 tiles (each side must be a multiple)."),
        value(t -> t.zeros(2, 3).repeatRows(0), "repeatRows: times must be at least 1, got 0."),
        value(
            t -> t.zeros(2, 3).pad(1, 0, -1, 0, 0.0),
            "pad: widths must be at least 0, got left 1, right 0, top -1, bottom 0. slice(r0, r1,"
                + " c0, c1) takes rows and columns away."),

        // rows, columns, entries
        index(
            t -> t.zeros(3, 2).gatherRows(Indices.of(0), 3),
            "gatherRows: padding row 3 is out of range (there are 3 rows, counted from 0)."),
        value(
            t -> t.zeros(3, 2).gatherRows(Indices.of(0), -2),
            "gatherRows: the padding row must be at least 0 (or -1 for none), got -2."),
        index(
            t -> t.zeros(3, 2).gatherCols(1, 2),
            "gatherCols: index 2 at position 1 is out of range (there are 2 columns, counted from"
                + " 0)."),
        shape(
            t -> t.zeros(3, 2).scatterCols(Indices.of(1), 4),
            "scatterCols: the operand is 3×2, but there are 1 indices (need one per column)."),
        index(
            t -> t.zeros(2, 2).scatterCols(Indices.of(1, 4), 4),
            "scatterCols: index 4 at position 1 is out of range (there are 4 columns, counted from"
                + " 0)."),
        shape(
            t -> t.zeros(3, 2).scatterAddRows(t.zeros(1, 1), Indices.of(0)),
            "scatterAddRows: the operand is 3×2, the rows to add are 1×1 (need the same number of"
                + " columns)."),
        index(
            t -> t.zeros(3, 2).row(3),
            "row: index 3 is out of range (there are 3 rows, counted from 0)."),
        index(
            t -> t.zeros(3, 2).col(-1),
            "col: index -1 is out of range (there are 2 columns, counted from 0)."),
        index(
            t -> t.zeros(3, 2).element(0, 2),
            "element: index 2 is out of range (there are 2 columns, counted from 0)."),
        shape(
            t -> t.zeros(1, 3).stackRows(t.zeros(2, 3)),
            "stackRows: the first operand is 1×3, another is 2×3 (all must be rows 1×n of one"
                + " width). concatRows joins matrices of any height."),

        // indexing
        index(
            t -> t.zeros(3, 2).gatherRows(0, 3, 1),
            "gatherRows: index 3 at position 1 is out of range (there are 3 rows, counted from"
                + " 0)."),
        shape(
            t -> t.zeros(3, 2).scatterRows(Indices.of(1, 2), 4),
            "scatterRows: the operand is 3×2, but there are 2 indices (need one per row)."),
        index(
            t -> t.zeros(2, 2).scatterRows(Indices.of(1, 4), 4),
            "scatterRows: index 4 at position 1 is out of range (there are 4 rows, counted from"
                + " 0)."),
        shape(
            t -> t.zeros(0, 2).scatterRows(Indices.of(), -1),
            "shape: sides must be at least 0, got -1×2."),
        shape(
            t -> t.zeros(3, 2).pickFromRows(Indices.of(0)),
            "pickFromRows: the operand is 3×2, but there are 1 indices (need one per row)."),
        index(
            t -> t.zeros(1, 2).pickFromRows(Indices.of(2)),
            "pickFromRows: index 2 at position 0 is out of range (there are 2 columns, counted"
                + " from 0)."),
        shape(
            t -> t.zeros(2, 2).placeInCols(Indices.of(0, 1), 3),
            "placeInCols: the operand is 2×2, but must be 2×1 (one entry per index)."),
        index(
            t -> t.zeros(1, 1).placeInCols(Indices.of(3), 3),
            "placeInCols: index 3 at position 0 is out of range (there are 3 columns, counted from"
                + " 0)."),
        shape(
            t -> t.zeros(3, 4).slice(1, 4, 0, 2),
            "slice: rows 1 to 4 and columns 0 to 2 (ends exclusive) do not lie within 3×4."),
        shape(
            t -> t.zeros(3, 4).slice(2, 1, 0, 2),
            "slice: rows 2 to 1 and columns 0 to 2 (ends exclusive) do not lie within 3×4."),
        shape(
            t -> t.zeros(3, 4).slice(0, 1, -1, 2),
            "slice: rows 0 to 1 and columns -1 to 2 (ends exclusive) do not lie within 3×4."),
        shape(
            t -> t.zeros(2, 2).placeAt(1, 0, 2, 2),
            "placeAt: 2×2 at row 1, column 0 does not lie within 2×2."),
        shape(
            t -> t.zeros(2, 2).placeAt(Integer.MAX_VALUE, 0, 2, 2),
            "placeAt: 2×2 at row 2147483647, column 0 does not lie within 2×2."),
        shape(
            t -> t.zeros(2, 3).concatRows(t.zeros(1, 3), t.zeros(2, 2)),
            "concatRows: the first operand is 2×3, another is 2×2 (all must have the same number"
                + " of columns)."),
        shape(
            t -> t.zeros(2, 3).concatCols(t.zeros(3, 2)),
            "concatCols: the first operand is 2×3, another is 3×2 (all must have the same number"
                + " of rows)."),
        shape(
            t -> t.zeros(2, 3).collectRows(List.of(ROUTE, ROUTE), 2, t.zeros(2, 2)),
            "collectRows: the first operand is 2×3, another is 2×2 (all must have the same number"
                + " of columns)."),
        index(
            t -> t.zeros(1, 3).collectRows(List.of(ROUTE), 2),
            "collectRows: index 1 at position 0 is out of range (there are 1 rows, counted from"
                + " 0)."),
        index(
            t -> t.zeros(2, 3).collectRows(List.of(ROUTE), 0),
            "collectRows: index 0 at position 0 is out of range (there are 0 rows of the result,"
                + " counted from 0)."),
        value(
            t -> t.zeros(2, 3).collectRows(List.of(ROUTE, ROUTE), 2),
            "collectRows: there are 2 routes for 1 operands (need one each)."),
        value(
            t ->
                t.zeros(2, 3)
                    .collectRows(List.of(new Indexing.Route(Indices.of(0, 1), Indices.of(0))), 2),
            "collectRows: a route comes from 2 rows and goes to 1 (need one target per source)."),
        value(
            t -> t.apply(new Indexing.CollectRows(List.of(), 2)),
            "collectRows: needs at least one operand, got none."),
        value(
            t -> t.apply(Indexing.ConcatRows.OP),
            "concatRows: needs at least one operand, got none."),
        value(
            t -> t.apply(Indexing.ConcatCols.OP),
            "concatCols: needs at least one operand, got none."),
        value(
            t -> t.zeros(4, 2).segmentMean(Indices.of(3, 2, 4)),
            "segmentMean: the ends of the groups must not descend, but 2 follows 3."),
        shape(
            t -> t.zeros(4, 2).segmentMean(Indices.of(1, 3)),
            "segmentMean: the last group ends at row 3, but the operand is 4×2 (the groups must"
                + " cover all rows)."),
        value(
            t -> t.zeros(4, 2).gatherMeans(Indices.of(3, 1), Indices.of(3, 2), -1),
            "gatherMeans: the ends of the groups must not descend, but 2 follows 3."),
        shape(
            t -> t.zeros(4, 2).gatherMeans(Indices.of(3, 1), Indices.of(1, 3), -1),
            "gatherMeans: the last group ends at position 3, but there are 2 indices (the groups"
                + " must cover all of them)."),
        index(
            t -> t.zeros(4, 2).gatherMeans(Indices.of(3, 4), Indices.of(2), -1),
            "gatherMeans: index 4 at position 1 is out of range (there are 4 rows, counted from"
                + " 0)."),
        value(
            t -> t.zeros(4, 2).gatherMeans(Indices.of(3, 1), Indices.of(2), -2),
            "gatherMeans: the padding row must be at least 0 (or -1 for none), got -2."),
        shape(
            t -> t.zeros(1, 2).segmentSpread(Indices.of(1, 3)),
            "segmentSpread: the operand is 1×2, but there are 2 groups (need one row per group)."),
        value(
            t -> t.zeros(2, 2).segmentSpread(Indices.of(3, 2)),
            "segmentSpread: the ends of the groups must not descend, but 2 follows 3."),

        // losses, pulls, hyper-parameters
        shape(
            t -> t.zeros(3, 2).crossEntropy(0, 1),
            "crossEntropy: the scores are 3×2, but there are 2 targets (need one target per"
                + " row)."),
        index(
            t -> t.zeros(2, 2).crossEntropy(0, 2),
            "crossEntropy: index 2 at position 1 is out of range (there are 2 classes, counted"
                + " from 0)."),
        shape(
            t -> t.zeros(2, 3).meanSquaredError(t.zeros(1, 3)),
            "meanSquaredError: shapes differ: left is 2×3, right is 1×3 (both must have the same"
                + " shape)."),
        shape(
            t -> t.zeros(2, 3).anchoredDistance(t.zeros(3, 2), 1.0),
            "anchoredDistance (weight, anchor): shapes differ: left is 2×3, right is 3×2 (both"
                + " must have the same shape)."),
        value(
            t -> t.zeros(1, 1).anchoredDistance(t.zeros(1, 1), Double.NaN),
            "anchoredDistance: the strength λ must be finite and at least 0, got NaN."),
        value(
            t -> t.zeros(1, 1).anchoredDistance(t.zeros(1, 1), -0.5),
            "anchoredDistance: the strength λ must be finite and at least 0, got -0.5."),
        shape(
            t -> t.zeros(5, 3).anchoredRows(Indices.of(4, 0), t.zeros(3, 3), 1.0),
            "anchoredRows: 2 rows of 5×3 are held at 3×3 (need one anchor per row, of the same"
                + " width)."),
        index(
            t -> t.zeros(5, 3).anchoredRows(Indices.of(4, 5), t.zeros(2, 3), 1.0),
            "anchoredRows: index 5 at position 1 is out of range (there are 5 rows, counted from"
                + " 0)."),
        value(
            t -> t.zeros(5, 3).anchoredRows(Indices.of(4), t.zeros(1, 3), -1.0),
            "anchoredRows: the strength λ must be finite and at least 0, got -1.0."),
        value(
            t -> t.zeros(1, 1).squaredNorm(Double.POSITIVE_INFINITY),
            "squaredNorm: the strength λ must be finite and at least 0, got Infinity."),
        value(
            t -> t.zeros(1, 1).clamp(1.0, 0.5),
            "clamp: min must not be above max, got 1.0 and 0.5."),
        value(
            t -> t.zeros(1, 1).within(0.0, Double.NaN, true),
            "within: min must not be above max, got 0.0 and NaN."),
        value(
            t -> t.zeros(1, 1).hardTanh(1.0, -1.0),
            "hardTanh: min must not be above max, got 1.0 and -1.0."),
        value(
            t -> t.zeros(1, 1).softplus(0.0, 20.0),
            "softplus: beta must be finite and above 0, got 0.0."),
        value(
            t -> t.zeros(1, 1).softplus(1.0, Double.NaN),
            "softplus: the threshold must be a number, got NaN."),
        value(t -> t.zeros(1, 1).var(-1), "variance: the correction must be at least 0, got -1."),
        value(
            t -> t.zeros(1, 1).std(-1),
            "standardDeviation: the correction must be at least 0, got -1."),
        value(
            t -> t.zeros(1, 1).norm(0.0),
            "norm: the exponent p must be above 0 (or infinite), got 0.0."),
        value(
            t -> t.zeros(1, 1).power(Double.NaN),
            "power: the exponent must be a number, got NaN."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(Refusal refusal) {
    try (Tape tape = Tape.create()) {
      Exception e = assertThrows(refusal.type(), () -> refusal.call().apply(tape));
      assertEquals(refusal.message(), e.getMessage());
      // and the tape is as good as before
      Variable x = tape.variable(3.0);
      assertEquals(6.0, tape.gradients(x.square()).of(x).get(0, 0));
      assertTrue(tape.size() > 0);
    }
  }
}
