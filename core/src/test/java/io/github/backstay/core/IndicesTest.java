package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IndicesTest {

  @Test
  void copiesItsValues() {
    int[] values = {3, 0, 7};
    Indices all = Indices.of(values);
    Indices some = Indices.copyOf(values, 2);
    values[0] = 100;
    assertEquals(3, all.size());
    assertEquals(3, all.get(0));
    assertEquals(7, all.get(2));
    assertEquals(Indices.of(3, 0), some);
    assertEquals(Indices.of(), Indices.copyOf(values, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> all.get(3));
  }

  @Test
  void refusesNegativeIndicesAndCountsThatDoNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "indices: must be at least 0, got -4 at position 1.",
        () -> Indices.of(0, -4, -5));
    assertMessage(
        IllegalArgumentException.class,
        "indices: cannot take the first 3 of 2 values.",
        () -> Indices.copyOf(new int[] {1, 2}, 3));
    assertMessage(
        IllegalArgumentException.class,
        "indices: cannot take the first -1 of 2 values.",
        () -> Indices.copyOf(new int[] {1, 2}, -1));
  }

  @Test
  void findsTheFirstIndexThatIsTooLarge() {
    Indices indices = Indices.of(1, 5, 9);
    indices.requireBelow("lookup", 10, "words");
    assertMessage(
        IndexOutOfBoundsException.class,
        "lookup: index 5 at position 1 is out of range (there are 5 words, counted from 0).",
        () -> indices.requireBelow("lookup", 5, "words"));
    Indices.of().requireBelow("lookup", 0, "words");
  }

  @Test
  void isAValue() {
    assertEquals(Indices.of(1, 2), Indices.of(1, 2));
    assertEquals(Indices.of(1, 2).hashCode(), Indices.of(1, 2).hashCode());
    assertNotEquals(Indices.of(1, 2), Indices.of(2, 1));
    assertNotEquals(Indices.of(1, 2), new Object());
    assertEquals("[1, 2]", Indices.of(1, 2).toString());
    assertEquals("9 indices, the largest 8", Indices.of(0, 1, 2, 3, 4, 5, 6, 7, 8).toString());
  }
}
