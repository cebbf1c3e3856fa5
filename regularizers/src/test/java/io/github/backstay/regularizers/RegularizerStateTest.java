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
    assertEquals(List.of("table", "bias"), List.copyOf(pull.stateDict().names()));
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
