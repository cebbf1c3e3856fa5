package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextsTest {

  private static final Texts THREE = Texts.of(new int[] {7, 0, 5}, new int[0], new int[] {4, 4});

  private static Pass training(long seed) {
    return Pass.training(Draw.random(seed));
  }

  @Test
  void standOneAfterTheOther() {
    assertEquals(Indices.of(7, 0, 5, 4, 4), THREE.tokens());
    assertEquals(Indices.of(3, 3, 5), THREE.ends());
    assertEquals(3, THREE.size());
    assertEquals(3, THREE.length(0));
    assertEquals(0, THREE.length(1));
    assertEquals(2, THREE.length(2));
    assertEquals(5, THREE.word(0, 2));
    assertEquals(4, THREE.word(2, 0));
  }

  @Test
  void areEqualWithEqualWords() {
    Texts same = Texts.of(List.of(Indices.of(7, 0, 5), Indices.of(), Indices.of(4, 4)));

    assertEquals(THREE, same);
    assertEquals(THREE.hashCode(), same.hashCode());
    assertEquals("3 texts of 5 words", THREE.toString());
    assertEquals("1 text of 1 word", Texts.of(new int[] {2}).toString());
    assertEquals(0, Texts.of().size());
  }

  @Test
  void dropNothingInEvaluationOrAtRateZeroAndAllAtRateOne() {
    assertSame(THREE, THREE.dropWords(0.9, Pass.evaluation()));
    assertSame(THREE, THREE.dropWords(0.0, training(1)));
    assertEquals(Texts.of(new int[0], new int[0], new int[0]), THREE.dropWords(1.0, training(1)));
  }

  @Property(tries = 200)
  void whatIsLeftStandsInTheSameOrderInTheSameText(
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double rate,
      @ForAll @IntRange(max = 6) int length,
      @ForAll long seed) {
    int[] ascending = new int[length];
    int[] further = new int[length];
    for (int t = 0; t < length; t++) {
      ascending[t] = t;
      further[t] = length + t;
    }
    Texts left = Texts.of(ascending, further).dropWords(rate, training(seed));

    assertEquals(2, left.size());
    for (int b = 0; b < 2; b++) {
      int before = b * length - 1;
      for (int t = 0; t < left.length(b); t++) {
        assertTrue(left.word(b, t) > before && left.word(b, t) < (b + 1) * length);
        before = left.word(b, t);
      }
    }
  }

  /** 10,000 words at rate 0.3: 3,000 ± 46 are dropped; five deviations are allowed. */
  @Test
  void dropsWordsAtTheRate() {
    int left = Texts.of(new int[10_000]).dropWords(0.3, training(5)).length(0);

    assertEquals(7_000, left, 230);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "dropWords: rate must be in [0, 1], got NaN.",
        () -> THREE.dropWords(Double.NaN, Pass.evaluation()).size());
    assertMessage(
        IllegalArgumentException.class,
        "indices: must be at least 0, got -1 at position 1.",
        () -> Texts.of(new int[] {0, -1}).size());
  }
}
