package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.Indexing;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Laws of rows, columns, diagonals, triangles, tiles and frames; the row without gradient. */
class IndexingLawsTest {

  /** {@code ⟨v, A u⟩ = ⟨Aᵀ v, u⟩} for two linear maps; sums of some hundred terms. */
  private static void assertAdjoint(
      DMatrixRMaj u,
      Function<Variable, Variable> map,
      Function<Variable, Variable> adjoint,
      RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable image = map.apply(tape.constant(u));
      DMatrixRMaj v = Matrices.gaussian(image.shape(), random);
      Variable back = adjoint.apply(tape.constant(v));
      assertEquals(Shape.of(u), back.shape());
      Matrices.assertClose(
          Matrices.inner(v, image.toMatrix()), Matrices.inner(back.toMatrix(), u), 1e-12, "inner");
    }
  }

  private static Indices indices(int count, int bound, RandomGenerator random) {
    return Indices.of(random.ints(count, 0, bound).toArray());
  }

  @Property(tries = 200)
  void everyPairOfAdjointsIsOne(
      @ForAll @IntRange(min = 0, max = 6) int m,
      @ForAll @IntRange(min = 0, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 4) int down,
      @ForAll @IntRange(min = 1, max = 4) int across,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj u = Matrices.gaussian(m, n, random);
    if (n > 0) {
      Indices cols = indices(random.nextInt(10), n, random);
      assertAdjoint(u, x -> x.gatherCols(cols), y -> y.scatterCols(cols, n), random);
    }
    if (m > 0) {
      Indices rows = indices(7, m, random);
      Indices targets = indices(7, down, random);
      assertAdjoint(
          u,
          x -> x.collectRows(List.of(new Indexing.Route(rows, targets)), down),
          y -> y.collectRows(List.of(new Indexing.Route(targets, rows)), m),
          random);
    }
    assertAdjoint(u, x -> x.tile(down, across), y -> y.sumTiles(down, across), random);
    assertAdjoint(
        u,
        x -> x.pad(across, down, down, 0, 0.0),
        y -> y.slice(down, down + m, across, across + n),
        random);
    int k = random.nextInt(9) - 4;
    assertAdjoint(u, x -> x.tril(k), y -> y.tril(k), random);
    assertAdjoint(u, x -> x.triu(k), y -> y.triu(k), random);
    DMatrixRMaj vector = Matrices.gaussian(m, 1, random);
    assertAdjoint(vector, Variable::diag, Variable::diagonal, random);
  }

  @Property(tries = 200)
  void collectingIsGatheringScatteringAndAdding(
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    Indices from = indices(random.nextInt(9), m, random);
    Indices to = indices(from.size(), height, random);
    Indices below = indices(random.nextInt(9), n, random);
    Indices target = indices(below.size(), height, random);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Matrices.gaussian(m, 3, random));
      Variable y = tape.constant(Matrices.gaussian(n, 3, random));
      Matrices.assertClose(
          x.gatherRows(from)
              .scatterRows(to, height)
              .plus(y.gatherRows(below).scatterRows(target, height))
              .toMatrix(),
          x.collectRows(
                  List.of(new Indexing.Route(from, to), new Indexing.Route(below, target)),
                  height,
                  y)
              .toMatrix(),
          1e-13,
          "collected");
    }
  }

  @Property(tries = 100)
  void bothTrianglesMakeTheMatrix(
      @ForAll @IntRange(min = 0, max = 6) int m,
      @ForAll @IntRange(min = 0, max = 6) int n,
      @ForAll @IntRange(min = -7, max = 7) int k,
      @ForAll long seed) {
    DMatrixRMaj x = Matrices.gaussian(m, n, Matrices.random(seed));
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(x);
      Matrices.assertBits(x, a.tril(k).plus(a.triu(k + 1)).toMatrix(), "tril + strict triu");
      Matrices.assertBits(
          a.tril(k).toMatrix(), a.transpose().triu(-k).transpose().toMatrix(), "turned");
      Matrices.assertBits(
          a.diagonal().toMatrix(), a.tril(0).triu(0).diagonal().toMatrix(), "diagonal");
      if (m == n) {
        Matrices.assertBits(a.tril(0).triu(0).toMatrix(), a.diagonal().diag().toMatrix(), "diag");
      }
    }
  }

  @Property(tries = 100)
  void partsAreWhatTheyAreMadeOf(
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 4) int times,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj x = Matrices.gaussian(m, n, random);
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(x);
      int i = random.nextInt(m);
      int j = random.nextInt(n);
      Matrices.assertBits(a.gatherRows(i).toMatrix(), a.row(i).toMatrix(), "row");
      Matrices.assertBits(a.gatherCols(j).toMatrix(), a.col(j).toMatrix(), "col");
      assertEquals(a.get(i, j), a.element(i, j).toDouble());
      Variable[] rows = new Variable[m];
      Variable[] others = new Variable[m - 1];
      for (int r = 0; r < m; r++) {
        rows[r] = a.row(r);
        if (r > 0) {
          others[r - 1] = rows[r];
        }
      }
      Matrices.assertBits(x, rows[0].stackRows(others).toMatrix(), "stackRows");
      int[] each = new int[m * times];
      for (int r = 0; r < each.length; r++) {
        each[r] = r / times;
      }
      Matrices.assertBits(
          a.gatherRows(each).toMatrix(), a.repeatRows(times).toMatrix(), "repeatRows");
      Matrices.assertClose(
          a.scale(6.0).toMatrix(), a.tile(2, 3).sumTiles(2, 3).toMatrix(), 1e-15, "tile, sumTiles");
      Matrices.assertBits(
          x, a.pad(times, 0, 1, 2, Double.NaN).slice(1, 1 + m, times, times + n).toMatrix(), "pad");
      Indices to = indices(times, m, random);
      Variable addends = tape.constant(Matrices.gaussian(times, n, random));
      Variable sum = a;
      for (int r = 0; r < times; r++) {
        sum = sum.plus(addends.row(r).placeAt(to.get(r), 0, m, n));
      }
      Matrices.assertClose(
          sum.toMatrix(), a.scatterAddRows(addends, to).toMatrix(), 1e-14, "scatterAddRows");
    }
  }

  @Test
  void aTriangleTakesNothingFromTheOther() {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(Matrices.of(2, 2, 1.0, Double.NaN, 2.0, 3.0));
      Matrices.assertBits(Matrices.of(2, 2, 1.0, 0.0, 2.0, 3.0), a.tril(0).toMatrix(), "tril");
    }
  }

  // ---- the padding row ----------------------------------------------------------------------

  @Property(tries = 100)
  void thePaddingRowIsReadAndGetsNoGradient(
      @ForAll @IntRange(min = 1, max = 6) int height,
      @ForAll @IntRange(min = 0, max = 9) int count,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj table = Matrices.gaussian(height, 3, random);
    Indices rows = indices(count, height, random);
    int padding = random.nextInt(height);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(table);
      Variable plain = a.gatherRows(rows);
      Variable padded = a.gatherRows(rows, padding);
      Matrices.assertBits(plain.toMatrix(), padded.toMatrix(), "value");
      Variable f = plain.square().sum();
      Variable g = padded.square().sum();
      DMatrixRMaj expected = tape.gradients(f).of(a);
      for (int j = 0; j < 3; j++) {
        expected.set(padding, j, 0.0);
      }
      Matrices.assertBits(expected, tape.gradients(g).of(a), "gradient");
      Matrices.assertBits(
          expected, tape.recordedGradients(g, List.of(a)).get(0).toMatrix(), "recorded gradient");
      DMatrixRMaj v = Matrices.gaussian(height, 3, random);
      DMatrixRMaj product = Derivatives.hessianVectorProduct(f, List.of(a), List.of(v)).get(0);
      for (int j = 0; j < 3; j++) {
        product.set(padding, j, 0.0);
      }
      Matrices.assertBits(
          product,
          Derivatives.hessianVectorProduct(g, List.of(a), List.of(v)).get(0),
          "second order");
    }
  }

  @Test
  void theGradientBesideThePaddingRowIsStillRowSparse() {
    Parameter table = new Parameter("table", new DMatrixRMaj(9, 2));
    try (Tape tape = Tape.create()) {
      Variable y = table.on(tape).gatherRows(Indices.of(4, 0, 7, 4), 0);
      Gradient gradient = tape.gradients(y.sum()).of(table);
      assertTrue(gradient.isRowSparse());
      assertEquals(2.0, gradient.get(4, 0));
      assertEquals(0.0, gradient.get(0, 0));
      assertEquals(1.0, gradient.get(7, 1));
    }
  }

  @Property(tries = 200)
  void meansOfRowsThatAreLookedUpAreThoseOfTheRows(
      @ForAll @IntRange(min = 1, max = 6) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 0, max = 40) int first,
      @ForAll @IntRange(min = 0, max = 3) int second,
      @ForAll boolean padded,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    DMatrixRMaj values = Matrices.gaussian(new Shape(height, width), random);
    DMatrixRMaj v = Matrices.gaussian(new Shape(2, width), random);
    Indices rows = indices(first + second, height, random);
    Indices ends = Indices.of(first, first + second);
    int padding = padded ? height - 1 : Indexing.GatherRows.NO_PADDING;
    Parameter one = new Parameter("one", values);
    Parameter other = new Parameter("other", values);
    try (Tape tape = Tape.create()) {
      Variable means = one.on(tape).gatherMeans(rows, ends, padding);
      Variable plain = other.on(tape).gatherRows(rows, padding).segmentMean(ends);
      Matrices.assertClose(plain.toMatrix(), means.toMatrix(), 1e-14, "means");
      Variable seedV = tape.constant(v);
      Variable sum = means.elementMult(seedV).sum().plus(plain.elementMult(seedV).sum());
      Gradients gradients = tape.gradients(sum);
      assertTrue(gradients.of(one).isRowSparse());
      Matrices.assertBits(gradients.of(other).toMatrix(), gradients.of(one).toMatrix(), "gradient");
    }
  }

  @Property(tries = 200)
  void pullsOfRowsAreThoseOfTheRowsThatAreLookedUp(
      @ForAll @IntRange(min = 1, max = 50) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 0, max = 70) int count,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    DMatrixRMaj values = Matrices.gaussian(new Shape(height, width), random);
    DMatrixRMaj anchors = Matrices.gaussian(new Shape(count, width), random);
    Indices rows = indices(count, height, random);
    Parameter one = new Parameter("one", values);
    Parameter other = new Parameter("other", values);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(anchors);
      Variable b = tape.variable(anchors);
      Variable fused = one.on(tape).anchoredRows(rows, a, 0.3);
      Variable plain = other.on(tape).gatherRows(rows).anchoredDistance(b, 0.3);
      assertTrue(fused.isPenalty());
      assertEquals(plain.toDouble(), fused.toDouble(), 1e-12 * plain.toDouble());
      Gradients gradients = tape.gradients(fused.plus(plain));
      assertTrue(gradients.of(one).isRowSparse());
      Matrices.assertBits(gradients.of(other).toMatrix(), gradients.of(one).toMatrix(), "gradient");
      Matrices.assertClose(gradients.of(b), gradients.of(a), 0.0, "anchor");
    }
  }

  @Test
  void withoutPaddingEveryRowGetsItsGradient() {
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(new DMatrixRMaj(2, 1));
      Variable y = a.gatherRows(Indices.of(0, 1), Indexing.GatherRows.NO_PADDING);
      Matrices.assertBits(Matrices.of(2, 1, 1.0, 1.0), tape.gradients(y.sum()).of(a), "gradient");
    }
  }
}
