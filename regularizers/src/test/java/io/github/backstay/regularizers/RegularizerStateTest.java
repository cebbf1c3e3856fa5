package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Anchors are state: a resumed training pulls to where the first one did. */
class RegularizerStateTest {

  private final Parameter table = new Parameter("table", new DMatrixRMaj(1, 2, true, 1, 2));
  private final Parameter bias = new Parameter("bias", new DMatrixRMaj(1, 1, true, 3));
  private final Regularizer pull =
      Regularizer.l2(2.0).over(table, bias).towardsInitialValue().inLoss();

  private static <E extends Exception> String refusal(Class<E> type, Executable wrong) {
    return String.valueOf(assertThrows(type, wrong).getMessage());
  }

  private static StateDict state(DMatrixRMaj table, DMatrixRMaj bias) {
    return StateDict.builder().put("table", table).put("bias", bias).build();
  }

  @Test
  void savesTheAnchorsAndNotTheWeights() {
    StateDict before = pull.stateDict();
    table.set(0, 0, 9.0);
    assertEquals(
        List.of("table", "table.moved", "bias", "bias.moved"),
        List.copyOf(pull.stateDict().names()));
    assertArrayEquals(new double[] {}, before.matrix("table.moved").data);
    assertArrayEquals(new double[] {0}, pull.stateDict().matrix("table.moved").data);
    assertArrayEquals(new double[] {1, 2}, pull.stateDict().matrix("table").data);
    assertArrayEquals(new double[] {1, 2}, before.matrix("table").data);
  }

  @Test
  void loadedAnchorsArePulledTo() {
    pull.load(state(new DMatrixRMaj(1, 2), new DMatrixRMaj(1, 1, true, 3)));
    assertEquals(5.0, pull.value(), 1e-15); // 2/2·(1² + 2²)
    assertEquals(0.0, pull.drift(bias));
    assertArrayEquals(new double[] {1, 2}, table.toMatrix().data);
  }

  /** The order of a sum decides its last bits, and rows are summed in the order they moved in. */
  @Property(tries = 200)
  void aResumedPenaltyHasTheSameBits(
      @ForAll @Size(max = 60) List<@IntRange(max = 39) Integer> writes,
      @ForAll boolean all,
      @ForAll @IntRange(max = 60) int saved,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj initial = Draw.gaussian(random, 40, 3);
    Parameter first = new Parameter("words", initial);
    Parameter second = new Parameter("words", Draw.gaussian(random, 40, 3));
    Regularizer whole = Regularizer.l2(0.3).over(first).towardsInitialValue().inLoss();
    Regularizer resumed = Regularizer.l2(0.3).over(second).towardsInitialValue().inLoss();
    for (int k = 0; k <= writes.size(); k++) {
      if (k == Math.min(saved, writes.size())) {
        second.set(first.toMatrix());
        resumed.load(whole.stateDict());
      }
      if (all && k == 7) {
        first.update(values -> {});
        second.update(values -> {});
      }
      if (k < writes.size()) {
        double value = random.nextGaussian();
        first.set(writes.get(k), 1, value);
        second.set(writes.get(k), 1, value);
      }
    }
    assertEquals(whole.value(), resumed.value());
    try (Tape tape = Tape.create()) {
      assertEquals(whole.penalty(tape).toDouble(), resumed.penalty(tape).toDouble());
    }
    assertEquals(whole.stateDict().names(), resumed.stateDict().names());
  }

  @Test
  void refusesMovedRowsThatAreNone() {
    for (double row : new double[] {-1, 1, 0.5, Double.NaN}) {
      StateDict.Builder wrong = StateDict.builder().put("table", new DMatrixRMaj(1, 2));
      wrong.put("table.moved", new DMatrixRMaj(1, 1, true, row)).put("bias", bias.toMatrix());
      assertEquals(
          "regularizer: \"table.moved\" lists row " + row + " (must be whole numbers from 0 to 0).",
          refusal(IllegalArgumentException.class, () -> pull.load(wrong.build())));
    }
    StateDict.Builder wrong = StateDict.builder().put("table", new DMatrixRMaj(1, 2));
    wrong.put("table.moved", new DMatrixRMaj(2, 1)).put("bias", bias.toMatrix());
    assertEquals(
        "stateDict: \"table.moved\" is 2×1 (need 1×2).",
        refusal(ShapeException.class, () -> pull.load(wrong.build())));
    assertEquals(0.0, pull.value());
  }

  @Test
  void aPenaltyThatIsOnATapeKeepsTheAnchorsThatItWasMadeWith() {
    table.set(0, 0, 4.0);
    try (Tape tape = Tape.create()) {
      Variable penalty = pull.penalty(tape);
      pull.load(state(new DMatrixRMaj(1, 2), new DMatrixRMaj(1, 1)));
      assertArrayEquals(new double[] {6.0, 0.0}, tape.gradients(penalty).of(table).toMatrix().data);
    }
  }

  @Test
  void zeroAnchorsNeedNoState() {
    Regularizer decay = Regularizer.l2(2.0).over(table).towardsZero().coupled();
    assertTrue(decay.stateDict().names().isEmpty());
    decay.load(decay.stateDict());
    assertEquals(
        "stateDict: \"table\" is unexpected; needed: nothing.",
        refusal(
            IllegalArgumentException.class,
            () -> decay.load(StateDict.builder().put("table", table.toMatrix()).build())));
  }

  @Test
  void changesNothingUnlessEverythingFits() {
    DMatrixRMaj one = new DMatrixRMaj(1, 1);
    assertEquals(
        "stateDict: \"bias\" is missing; found: table.",
        refusal(
            IllegalArgumentException.class,
            () -> pull.load(StateDict.builder().put("table", new DMatrixRMaj(1, 2)).build())));
    assertEquals(
        "stateDict: \"table\" is 1×1 (need 1×2).",
        refusal(ShapeException.class, () -> pull.load(state(one, one))));
    assertEquals(
        "stateDict: \"bias\" has NaN at (0, 0) (values must be finite).",
        refusal(
            IllegalArgumentException.class,
            () ->
                pull.load(state(new DMatrixRMaj(1, 2), new DMatrixRMaj(1, 1, true, Double.NaN)))));
    assertEquals(0.0, pull.value());
  }

  @Test
  void rejectsParametersThatCannotBeToldApart() {
    Parameter twin = new Parameter("table", new DMatrixRMaj(1, 2));
    Regularizer both = Regularizer.l2(1.0).over(table, twin).towardsInitialValue().inLoss();
    String message =
        "regularizer: two of its parameters are named \"table\", so their saved anchors cannot be"
            + " told apart. Rename one of them.";
    assertEquals(
        message,
        refusal(
            IllegalArgumentException.class,
            () -> assertEquals(0, both.stateDict().names().size())));
    assertEquals(
        message,
        refusal(IllegalArgumentException.class, () -> both.load(StateDict.builder().build())));
  }
}
