package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PassTest {

  @Test
  void trainingHandsOutItsGenerator() {
    RandomGenerator random = new Seeds(1).generator(0, "pass");
    Pass pass = Pass.training(random);

    assertTrue(pass.isTraining());
    assertSame(random, pass.random());
    assertEquals("training pass", pass.toString());
  }

  @Test
  void evaluationHasNothingToDrawFrom() {
    assertFalse(Pass.evaluation().isTraining());
    assertEquals("evaluation pass", Pass.evaluation().toString());
    assertEquals(
        "pass: nothing is drawn in evaluation. Ask isTraining() first, or make the pass with"
            + " Pass.training(random).",
        assertThrows(IllegalStateException.class, () -> Pass.evaluation().random()).getMessage());
  }
}
