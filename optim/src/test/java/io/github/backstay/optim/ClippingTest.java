package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Clipping by norm and by value. A step of plain descent at rate 1 from zeros leaves the gradient
 * that was stepped along, negative, in the weights.
 */
class ClippingTest {

  @Provide
  Arbitrary<Double> norms() {
    return Arbitraries.of(0.5, 1.0, 1.5, 2.0, 3.0, Double.POSITIVE_INFINITY);
  }

  private static List<DMatrixRMaj> draw(long seed, int matrices, double scale) {
    RandomGenerator random = Draw.seeded(seed);
    List<DMatrixRMaj> drawn = new ArrayList<>();
    for (int i = 0; i < matrices; i++) {
      DMatrixRMaj one = Draw.gaussian(random, 1 + random.nextInt(3), 1 + random.nextInt(3));
      for (int k = 0; k < one.data.length; k++) {
        one.data[k] *= scale;
      }
      drawn.add(one);
    }
    return drawn;
  }

  /** What is stepped along when these gradients are given, all in one group or each in its own. */
  private static List<DMatrixRMaj> clipped(
      List<DMatrixRMaj> gradients, boolean apart, Consumer<Optimizer.Builder> clipping) {
    Optimizer.Builder builder = Optimizer.builder();
    List<Parameter> parameters = new ArrayList<>();
    GivenGradients given = new GivenGradients();
    for (DMatrixRMaj gradient : gradients) {
      Parameter parameter =
          new Parameter(
              "p" + parameters.size(), new DMatrixRMaj(gradient.numRows, gradient.numCols));
      parameters.add(parameter);
      given.and(parameter, gradient);
    }
    if (apart) {
      for (int i = parameters.size() - 1; i >= 0; i--) { // the order of the groups is no matter
        builder.group("g" + i, parameters.get(i), Sgd.of(1.0));
      }
    } else {
      builder.group("all", () -> parameters, Sgd.of(1.0));
    }
    clipping.accept(builder);
    given.step(builder.build());
    return parameters.stream().map(ClippingTest::negative).toList();
  }

  private static DMatrixRMaj negative(Parameter parameter) {
    DMatrixRMaj values = parameter.toMatrix();
    for (int i = 0; i < values.data.length; i++) {
      values.data[i] = 0.0 - values.data[i];
    }
    return values;
  }

  /** The norm by its definition. */
  private static double norm(List<DMatrixRMaj> gradients, double p) {
    double sum = 0.0;
    double largest = 0.0;
    for (DMatrixRMaj gradient : gradients) {
      for (double g : gradient.data) {
        sum += Math.pow(Math.abs(g), p);
        largest = Math.max(largest, Math.abs(g));
      }
    }
    return Double.isInfinite(p) ? largest : Math.pow(sum, 1.0 / p);
  }

  @Property(seed = "1", tries = 300)
  void theNormIsAtMostTheLargestAndTheDirectionStays(
      @ForAll("norms") double p,
      @ForAll @DoubleRange(min = 0.01, max = 20.0) double maxNorm,
      @ForAll @IntRange(min = 1, max = 4) int matrices,
      @ForAll long seed) {
    List<DMatrixRMaj> given = draw(seed, matrices, 2.0);
    List<DMatrixRMaj> once = clipped(given, false, b -> b.clipNorm(maxNorm, p));
    double before = norm(given, p);
    double after = norm(once, p);
    assertTrue(after <= maxNorm, before + " became " + after);
    double factor = before + 1e-6 <= maxNorm ? 1.0 : maxNorm / (before + 1e-6);
    for (int i = 0; i < matrices; i++) {
      for (int k = 0; k < given.get(i).data.length; k++) {
        double expected = factor * given.get(i).data[k];
        assertEquals(expected, once.get(i).data[k], 1e-14 * Math.abs(expected));
      }
    }
  }

  /** PyTorch's 1e-6 beside the norm takes a little more off each time. */
  @Property(seed = "1", tries = 200)
  void clippingTwiceIsClippingOnce(
      @ForAll("norms") double p,
      @ForAll @DoubleRange(min = 0.1, max = 20.0) double maxNorm,
      @ForAll long seed) {
    List<DMatrixRMaj> once = clipped(draw(seed, 3, 2.0), false, b -> b.clipNorm(maxNorm, p));
    List<DMatrixRMaj> twice = clipped(once, false, b -> b.clipNorm(maxNorm, p));
    for (int i = 0; i < once.size(); i++) {
      for (int k = 0; k < once.get(i).data.length; k++) {
        double size = Math.abs(once.get(i).data[k]);
        assertEquals(once.get(i).data[k], twice.get(i).data[k], size * 1.001e-6 / maxNorm);
      }
    }
    List<DMatrixRMaj> byValue = clipped(draw(seed, 3, 2.0), false, b -> b.clipValue(0.5));
    List<DMatrixRMaj> again = clipped(byValue, false, b -> b.clipValue(0.5));
    for (int i = 0; i < byValue.size(); i++) {
      assertArrayEquals(byValue.get(i).data, again.get(i).data);
    }
  }

  @Property(seed = "1", tries = 100)
  void groupsMakeNoDifferenceToTheBit(
      @ForAll("norms") double p,
      @ForAll @DoubleRange(min = 0.1, max = 20.0) double maxNorm,
      @ForAll long seed) {
    List<DMatrixRMaj> given = draw(seed, 4, 2.0);
    List<DMatrixRMaj> together = clipped(given, false, b -> b.clipNorm(maxNorm, p));
    List<DMatrixRMaj> apart = clipped(given, true, b -> b.clipNorm(maxNorm, p));
    for (int i = 0; i < given.size(); i++) {
      assertArrayEquals(together.get(i).data, apart.get(i).data);
    }
  }

  @Property(seed = "1", tries = 100)
  void byValueEachEntryIsBroughtWithinTheBound(
      @ForAll @DoubleRange(min = 0.01, max = 3.0) double bound, @ForAll long seed) {
    List<DMatrixRMaj> given = draw(seed, 3, 2.0);
    List<DMatrixRMaj> clipped = clipped(given, false, b -> b.clipValue(bound));
    for (int i = 0; i < given.size(); i++) {
      for (int k = 0; k < given.get(i).data.length; k++) {
        double g = given.get(i).data[k];
        double expected = Math.abs(g) > bound ? Math.copySign(bound, g) : g;
        assertEquals(expected, clipped.get(i).data[k]);
      }
    }
  }

  /** The order of the sum in the norm differs, so the last bits may. */
  @Property(seed = "1", tries = 200)
  void rowSparseGradientsAreClippedAsFullOnes(
      @ForAll("norms") double p, @ForAll boolean byValue, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, 9, 2);
    Parameter full = new Parameter("full", start);
    Parameter sparse = new Parameter("sparse", start);
    Optimizer.Builder ofFull = Optimizer.builder().group("all", full, Adam.of(0.1));
    Optimizer.Builder ofSparse = Optimizer.builder().group("all", sparse, Adam.of(0.1));
    for (Optimizer.Builder builder : List.of(ofFull, ofSparse)) {
      Optimizer.Builder unused = byValue ? builder.clipValue(0.4) : builder.clipNorm(1.0, p);
    }
    Optimizer fullOptimizer = ofFull.build();
    Optimizer sparseOptimizer = ofSparse.build();
    for (int t = 0; t < 6; t++) {
      int[] rows = random.ints(3, 0, 9).toArray();
      DMatrixRMaj ofRows = Draw.gaussian(random, 3, 2);
      DMatrixRMaj same = GivenGradients.stepRows(sparseOptimizer, sparse, rows, ofRows);
      GivenGradients.of(full, same).step(fullOptimizer);
      assertArrayEquals(full.toMatrix().data, sparse.toMatrix().data, 1e-13);
    }
  }

  private final Parameter first = new Parameter("first", new DMatrixRMaj(1, 2, true, 1.0, 2.0));
  private final Parameter second = new Parameter("second", new DMatrixRMaj(1, 1));

  /** ‖(3, 4)‖ = 5 is clipped to ½; the coupled pull λ(w − 0) = (½, 1) is added whole. */
  @Test
  void regularizersAndDecayComeAfterClipping() {
    Regularizer pull = Regularizer.l2(0.5).over(first).coupled();
    double factor = 0.5 / (5.0 + 1e-6);
    double[] expected = {1.0 - 3.0 * factor - 0.5, 2.0 - 4.0 * factor - 1.0};
    Optimizer coupled =
        Optimizer.builder().group("a", first, Sgd.of(1.0), pull).clipNorm(0.5).build();
    GivenGradients.of(first, 3.0, 4.0).step(coupled);
    assertArrayEquals(expected, first.toMatrix().data, 1e-15);
    first.set(new DMatrixRMaj(1, 2, true, 1.0, 2.0));
    Optimizer decaying =
        Optimizer.builder()
            .group("a", first, Sgd.of(1.0).withWeightDecay(0.5))
            .clipNorm(0.5)
            .build();
    GivenGradients.of(first, 3.0, 4.0).step(decaying);
    assertArrayEquals(expected, first.toMatrix().data, 1e-15);
  }

  @Test
  void frozenAndForeignParametersDoNotCount() {
    Parameter stranger = new Parameter("stranger", new DMatrixRMaj(1, 1));
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Sgd.of(1.0))
            .group("b", second, Sgd.of(1.0))
            .clipNorm(10.0)
            .build();
    try (Tape tape = Tape.create()) {
      Gradients gradients =
          tape.gradients(
              GivenGradients.of(first, 3.0, 4.0).and(second, 1e9).and(stranger, 1e9).loss(tape));
      second.freeze();
      optimizer.step(gradients);
    }
    assertArrayEquals(new double[] {-2.0, -2.0}, first.toMatrix().data);
  }

  /** What was clipped leaves nothing behind for the next step. */
  @Test
  void stepsThatAreClippedAndStepsThatAreNotMayAlternate() {
    Optimizer optimizer =
        Optimizer.builder().group("a", first, Sgd.of(1.0)).clipNorm(5.0, 1.0).build();
    for (int t = 0; t < 3; t++) {
      first.set(new DMatrixRMaj(1, 2));
      GivenGradients.of(first, 100.0, 0.0).step(optimizer);
      assertArrayEquals(new double[] {-5.0, 0.0}, first.toMatrix().data, 1e-6);
      first.set(new DMatrixRMaj(1, 2));
      GivenGradients.of(first, 1.0, 2.0).step(optimizer);
      assertArrayEquals(new double[] {-1.0, -2.0}, first.toMatrix().data);
    }
  }

  @Test
  void refusesANormThatIsNotFiniteAndChangesNothing() {
    Optimizer optimizer =
        Optimizer.builder().group("a", first, Sgd.of(1e-308)).clipNorm(5.0).build();
    double most = Double.MAX_VALUE;
    assertEquals(
        "optimizer: the norm of the gradients is Infinity (p 2.0), so they cannot be clipped to"
            + " 5.0; nothing was changed.",
        assertThrows(
                ArithmeticException.class,
                () -> GivenGradients.of(first, most, most).step(optimizer))
            .getMessage());
    assertArrayEquals(new double[] {1.0, 2.0}, first.toMatrix().data);
    assertEquals(0, optimizer.steps());
    GivenGradients.of(first, 3e200, 4e200).step(optimizer);
    assertEquals(1, optimizer.steps(), "squares that overflow are no reason");
  }

  @Test
  void saysHowItClips() {
    String norm =
        Optimizer.builder().group("a", first, Sgd.of(1.0)).clipNorm(5.0).build().toString();
    assertTrue(norm.startsWith("optimizer, gradients clipped by norm 5.0 (p 2.0)\n"), norm);
    String value =
        Optimizer.builder().group("a", first, Sgd.of(1.0)).clipValue(0.5).build().toString();
    assertTrue(value.startsWith("optimizer, gradients clipped by value 0.5\n"), value);
  }

  private static <E extends Exception> void assertRefused(
      Class<E> type, String message, Executable wrong) {
    assertEquals(message, assertThrows(type, wrong).getMessage());
  }

  @Test
  void refusesLimitsThatAreNoneAndSeveralWaysAtOnce() {
    Optimizer.Builder builder = Optimizer.builder();
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: maxNorm must be finite and greater than 0, got 0.0.",
        () -> builder.clipNorm(0.0));
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: p must be greater than 0, got -1.0 (infinity for the largest entry).",
        () -> builder.clipNorm(1.0, -1.0));
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: maxValue must be finite and greater than 0, got NaN.",
        () -> builder.clipValue(Double.NaN));
    builder.clipNorm(5.0);
    assertRefused(
        IllegalStateException.class,
        "optimizer: clipping by norm 5.0 (p 2.0) was chosen already, so clipping by value 0.5 would"
            + " replace it. Choose one.",
        () -> builder.clipValue(0.5));
  }
}
