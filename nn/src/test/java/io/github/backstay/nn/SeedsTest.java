package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class SeedsTest {

  private static long[] numbers(long seed, long step, String purpose) {
    RandomGenerator random = new Seeds(seed).generator(step, purpose);
    return new long[] {random.nextLong(), random.nextLong(), random.nextLong()};
  }

  @Property(tries = 500)
  void sameTripleGivesTheSameStream(
      @ForAll long seed, @ForAll @LongRange(min = 0) long step, @ForAll @NotBlank String purpose) {
    assertArrayEquals(numbers(seed, step, purpose), numbers(seed, step, purpose));
  }

  @Test
  void everyTripleHasAStreamOfItsOwn() {
    Set<Long> first = new HashSet<>();
    String[] purposes = {"a", "b", "aa", "ab", "ba", "dropout", "shuffle", "a\0", "\0a"};
    int triples = 0;
    for (long seed = -8; seed < 8; seed++) {
      for (long step = 0; step < 100; step++) {
        for (String purpose : purposes) {
          first.add(new Seeds(seed).generator(step, purpose).nextLong());
          triples++;
        }
      }
    }

    assertEquals(triples, first.size());
  }

  @Test
  void seedAndStepDoNotStandInForEachOther() {
    assertTrue(numbers(1, 2, "x")[0] != numbers(2, 1, "x")[0]);
    assertTrue(numbers(0, 0, "x")[0] != 0);
  }

  /** Neighbouring steps and seeds: about half of all 64 bits differ, in every position. */
  @Test
  void neighbouringStepsAndSeedsAreUnrelated() {
    int pairs = 4000;
    int[] flipped = new int[64];
    for (int i = 0; i < pairs; i++) {
      long here = numbers(9, i, "bits")[0];
      long there = i % 2 == 0 ? numbers(9, i + 1, "bits")[0] : numbers(8, i, "bits")[0];
      for (int bit = 0; bit < 64; bit++) {
        flipped[bit] += (int) ((here ^ there) >>> bit & 1);
      }
    }
    for (int bit = 0; bit < 64; bit++) {
      // five standard deviations of a binomial share; the seed is fixed
      assertEquals(0.5, (double) flipped[bit] / pairs, 5.0 * 0.5 / Math.sqrt(pairs), "bit " + bit);
    }
  }

  /** The same place of many streams is as good as one stream: mean, variance, correlation. */
  @Test
  void placesOfDifferentStreamsAreUniformAndUncorrelated() {
    int n = 20_000;
    double sum = 0.0;
    double squares = 0.0;
    double products = 0.0;
    double before = 0.0;
    for (int step = 0; step < n; step++) {
      RandomGenerator random = new Seeds(4).generator(step, "dropout");
      double u = random.nextDouble() - 0.5;
      sum += u;
      squares += u * u;
      products += u * before;
      before = u;
    }
    double deviation = Math.sqrt(1.0 / 12.0);
    assertEquals(0.0, sum / n, 5.0 * deviation / Math.sqrt(n));
    assertEquals(1.0 / 12.0, squares / n, 5.0 * Math.sqrt(1.0 / 180.0 / n));
    assertEquals(0.0, products / n, 5.0 / 12.0 / Math.sqrt(n));
  }

  /**
   * A change here would make every resumed run draw other numbers than before. The expected numbers
   * were worked out in another language from the class comment and the papers that it names.
   */
  @Test
  void mixingIsPartOfThePromise() {
    RandomGenerator random = new Seeds(42).generator(7, "dropout");

    assertEquals(5775665900929815858L, random.nextLong());
    assertEquals(-8993731637670416784L, random.nextLong());
  }

  @Test
  void rejectsNegativeStepsAndBlankPurposes() {
    Seeds seeds = new Seeds(1);

    assertEquals(
        "seeds: the step must be at least 0, got -1.",
        assertThrows(IllegalArgumentException.class, () -> seeds.generator(-1, "dropout"))
            .getMessage());
    assertEquals(
        "seeds: the purpose must not be blank.",
        assertThrows(IllegalArgumentException.class, () -> seeds.generator(0, " ")).getMessage());
  }
}
