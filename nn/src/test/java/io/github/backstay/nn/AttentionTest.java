package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Indices;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** {@link Attention} and {@link MultiHeadAttention}. */
class AttentionTest {

  private static final double NONE = Double.NEGATIVE_INFINITY;

  private static void assertClose(Variable expected, Variable actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toMatrix().data, actual.toMatrix().data, 1e-13);
  }

  @Property(tries = 100)
  void equalKeysAverageTheValues(
      @ForAll @IntRange(min = 1, max = 4) int queries,
      @ForAll @IntRange(min = 1, max = 5) int keys,
      @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable q = tape.constant(Draw.normal(queries, 3, seed));
      Variable k = tape.constant(Draw.normal(1, 3, seed + 1)).broadcastTo(keys, 3);
      Variable v = tape.constant(Draw.normal(keys, 2, seed + 2));
      Attention attention = Attention.scaledDotProduct(q, k, v);

      assertClose(v.sumCols().divide(keys).broadcastTo(queries, 2), attention.output());
      assertClose(tape.zeros(queries, keys).plus(1.0 / keys), attention.weights());
    }
  }

  @Property(tries = 100)
  void withoutMaskAPermutationOfTheSequencePermutesTheOutput(@ForAll long seed) {
    MultiHeadAttention attention = Draw.all(new MultiHeadAttention(4, 2, Draw.random(seed)), seed);
    Indices order = Indices.of(2, 0, 3, 1);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(4, 4, seed));

      assertClose(
          attention.forward(x, null).output().gatherRows(order),
          attention.forward(x.gatherRows(order), null).output());
    }
  }

  @Property(tries = 100)
  void underTheCausalMaskNoOutputDependsOnWhatComesLater(
      @ForAll @IntRange(min = 1, max = 5) int known, @ForAll long seed) {
    MultiHeadAttention attention = Draw.all(new MultiHeadAttention(4, 2, Draw.random(seed)), seed);
    try (Tape tape = Tape.create()) {
      Variable whole = tape.variable(Draw.normal(6, 4, seed));
      Variable mask = Attention.causalMask(tape, 6, 6);
      Variable first = attention.forward(whole, mask).output().slice(0, known, 0, 4);
      Variable start = whole.slice(0, known, 0, 4);

      assertClose(
          attention.forward(start, Attention.causalMask(tape, known, known)).output(), first);
      double[] gradient = tape.gradients(first.square().sum()).of(whole).data;
      assertTrue(Arrays.stream(gradient, 4 * known, 24).allMatch(g -> g == 0.0));
    }
  }

  @Test
  void weightsAreSoftmaxOfScaledProducts() {
    try (Tape tape = Tape.create()) {
      Variable q = tape.constant(Draw.row(2, 0, 0, 0));
      Variable k = tape.constant(new DMatrixRMaj(new double[][] {{1, 5, 5, 5}, {0, 9, 9, 9}}));
      Variable v = tape.constant(new DMatrixRMaj(new double[][] {{1}, {0}}));

      double weight = 1.0 / (1.0 + Math.exp(-1.0)); // scores 2/√4 and 0
      assertEquals(weight, Attention.scaledDotProduct(q, k, v).output().toDouble(), 1e-15);
    }
  }

  @Test
  void aRowMaskHidesKeysFromAllQueries() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(3, 2, 1));
      Variable mask = tape.constant(Draw.row(0, 0, NONE));
      Variable seen = x.slice(0, 2, 0, 2);

      assertClose(
          Attention.scaledDotProduct(x, seen, seen).output(),
          Attention.scaledDotProduct(x, x, x, mask).output());
    }
  }

  @Test
  void aQueryThatSeesNothingFindsZerosAndNoNan() {
    DMatrixRMaj mask = new DMatrixRMaj(new double[][] {{NONE, NONE}, {0, NONE}});
    try (Tape tape = Tape.create()) {
      Variable q = tape.variable(Draw.normal(2, 3, 1));
      Variable k = tape.variable(Draw.normal(2, 3, 2));
      Variable v = tape.variable(Draw.normal(2, 3, 3));
      Attention attention = Attention.scaledDotProduct(q, k, v, tape.constant(mask));
      Gradients gradients = tape.gradients(attention.output().square().sum());

      assertArrayEquals(new double[] {0, 0, 1, 0}, attention.weights().toMatrix().data);
      assertArrayEquals(new double[3], attention.output().slice(0, 1, 0, 3).toMatrix().data);
      for (Variable x : new Variable[] {q, k, v}) {
        assertTrue(Arrays.stream(gradients.of(x).data).allMatch(Double::isFinite));
      }
    }
    GradientCheck check =
        GradientCheck.of(
            x -> Attention.scaledDotProduct(x[0], x[1], x[2], x[0].tape().constant(mask)).output());
    check.at(Draw.normal(2, 3, 1), Draw.normal(2, 3, 2), Draw.normal(2, 3, 3)).requirePassed();
    check
        .secondOrder()
        .at(Draw.normal(2, 3, 1), Draw.normal(2, 3, 2), Draw.normal(2, 3, 3))
        .requirePassed();
  }

  @Test
  void oneSequenceGivesTheSameAsThreeEqualOnes() {
    MultiHeadAttention attention = Draw.all(new MultiHeadAttention(4, 2, Draw.random(1)), 1);
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = Draw.normal(3, 4, 2);
      Variable one = tape.constant(x);

      assertClose(
          attention.forward(one, null).output(),
          attention.forward(tape.constant(x), tape.constant(x), tape.constant(x), null).output());
    }
  }

  @Test
  void meanWeightsAverageTheHeads() {
    MultiHeadAttention attention = Draw.all(new MultiHeadAttention(4, 4, Draw.random(1)), 1);
    try (Tape tape = Tape.create()) {
      MultiHeadAttention.Result result =
          attention.forward(tape.constant(Draw.normal(3, 4, 2)), null);
      double sum = 0.0;
      for (Variable weights : result.weights()) {
        sum += weights.get(1, 2);
      }

      assertEquals(4, result.weights().size());
      assertEquals(sum / 4, result.meanWeights().get(1, 2), 1e-15);
    }
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "multiHeadAttention: got width 6 and 4 heads (need both at least 1, and a width that the"
            + " heads divide).",
        () -> new MultiHeadAttention(6, 4, Draw.random(1)));
    MultiHeadAttention attention = new MultiHeadAttention(4, 2, Draw.random(1));
    try (Tape tape = Tape.create()) {
      Variable x = tape.zeros(3, 4);
      assertMessage(
          ShapeException.class,
          "module MultiHeadAttention: the keys are 3×2 (need 4 columns).",
          () -> attention.forward(x, tape.zeros(3, 2), x, null).output().shape());
      assertMessage(
          ShapeException.class,
          "attention: the queries are 3×4, the keys 3×4, the values 2×4 (need query columns = key"
              + " columns, and one value per key).",
          () -> Attention.scaledDotProduct(x, x, tape.zeros(2, 4)).output().shape());
      assertMessage(
          ShapeException.class,
          "attention: the mask is 3×1, there are 3 queries and 3 keys (need one row per query, or"
              + " one for all, and one column per key).",
          () -> attention.forward(x, tape.zeros(3, 1)).output().shape());
    }
  }
}
