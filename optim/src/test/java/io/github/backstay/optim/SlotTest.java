package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SlotTest {

  @Test
  void startsFromZerosOrFromANumber() {
    assertEquals(new Slot("m", 0.0), Slot.zeros("m"));
    assertEquals(0.1, new Slot("sum", 0.1).initial());
  }

  @Test
  void refusesANameThatIsBlankAndAStartThatIsNotFinite() {
    assertEquals(
        "slot: the name must not be blank.",
        assertThrows(IllegalArgumentException.class, () -> new Slot(" ", 0.0)).getMessage());
    assertEquals(
        "slot \"m\": the initial value must be finite, got NaN.",
        assertThrows(IllegalArgumentException.class, () -> new Slot("m", Double.NaN)).getMessage());
  }
}
