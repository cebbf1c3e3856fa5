package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SummaryTest {

  /** Tied input and output, as in a language model. */
  private static final class Tied extends Module {
    private final Embedding words;

    Tied(int count, int width, RandomGenerator random) {
      words = child("words", new Embedding(count, width, Initializer.normal(1.0), random));
      child("hidden", new Linear(width, width, random));
      child("output", Linear.sharing(words.weight()));
    }
  }

  private static Tied model() {
    Tied model = new Tied(1000, 8, new Seeds(1).generator(0, "summary"));
    model.words.freeze();
    return model;
  }

  @Test
  void printsATableWithTotals() {
    assertEquals(
        """
        parameter      kind        shape  count  state
        words.weight   Embedding  1000×8  8,000  frozen
        hidden.weight  Linear        8×8     64  trainable
        hidden.bias    Linear        1×8      8  trainable
        output.weight  Linear     1000×8         same as words.weight
        output.bias    Linear     1×1000  1,000  trainable
        total 9,072: 1,072 trainable, 8,000 frozen""",
        model().summary().toString());
  }

  @Test
  void totalsCountSharedParametersOnce() {
    Tied model = model();
    Summary summary = model.summary();

    assertEquals(model.parameterCount(), summary.total());
    assertEquals(8000, summary.frozen());
    assertEquals(summary.total(), summary.trainable() + summary.frozen());
  }

  @Test
  void modelWithoutParametersHasAHeadingAndZeros() {
    assertEquals(
        """
        parameter  kind  shape  count  state
        total 0: 0 trainable, 0 frozen""",
        new Sequential(Activation.TANH).summary().toString());
  }

  @Test
  void isASnapshot() {
    Tied model = model();
    Summary before = model.summary();
    model.freeze();

    assertEquals(1072, before.trainable());
    assertEquals(0, model.summary().trainable());
    assertThrows(UnsupportedOperationException.class, () -> before.rows().clear());
  }
}
