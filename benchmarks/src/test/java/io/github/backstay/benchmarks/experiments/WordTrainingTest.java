package io.github.backstay.benchmarks.experiments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.training.Epoch;
import io.github.backstay.benchmarks.training.Treatment;
import org.junit.jupiter.api.Test;

class WordTrainingTest {

  private static final ClusteredWords DATA = ClusteredWords.draw(7);

  private static WordTraining trained(Treatment treatment, double strength, long seed) {
    WordTraining training = AnchoredWords.training(treatment, strength, seed, DATA);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertTrue(training.epoch().seconds() > 0.0);
    }
    return training;
  }

  @Test
  void theMistakeChangesThePrintedLossAndNoWeight() {
    WordTraining free = AnchoredWords.training(Treatment.FREE, 0.006, 1, DATA);
    WordTraining bug = AnchoredWords.training(Treatment.DATA_BUG, 0.006, 1, DATA);
    for (int epoch = 0; epoch < 3; epoch++) {
      Epoch without = free.epoch();
      Epoch with = bug.epoch();
      assertEquals(without.term("data"), with.term("data"));
      assertEquals(without.drift(), with.drift());
      assertTrue(with.term("words") > 0.0);
      assertEquals(without.cost() + with.term("words"), with.cost(), 1e-12);
      assertEquals(free.fingerprint(), bug.fingerprint());
    }
  }

  @Test
  void theAnchorHoldsTheTableAndTheStrongerTheCloser() {
    double free = trained(Treatment.FREE, 0.0, 1).drift();
    double weak = trained(Treatment.ANCHOR, 0.003, 1).drift();
    double strong = trained(Treatment.ANCHOR, 0.03, 1).drift();
    assertTrue(strong < weak && weak < free, strong + " " + weak + " " + free);
  }

  @Test
  void aFrozenTableStaysToTheBit() {
    WordTraining frozen = trained(Treatment.FROZEN, 0.0, 1);
    assertEquals(0.0, frozen.drift());
    assertArrayEquals(DATA.table().data, frozen.table().data);
  }

  @Test
  void decayPullsWordsThatNoTextTouchesToZero() {
    WordTraining decay = trained(Treatment.DECAY, 0.1, 1);
    WordTraining anchor = trained(Treatment.ANCHOR, 0.1, 1);
    boolean[] touched = new boolean[DATA.table().numRows];
    for (int i = 0; i < DATA.train().size(); i++) {
      for (int k = 0; k < DATA.train().words().get(i).size(); k++) {
        touched[DATA.train().words().get(i).get(k)] = true;
      }
    }
    for (int row = 0; row < touched.length; row++) {
      if (!touched[row]) {
        double before = squaredNorm(DATA.table().data, row);
        assertTrue(squaredNorm(decay.table().data, row) < before);
        assertEquals(before, squaredNorm(anchor.table().data, row));
      }
    }
  }

  private static double squaredNorm(double[] table, int row) {
    int width = DATA.table().numCols;
    double sum = 0.0;
    for (int j = row * width; j < (row + 1) * width; j++) {
      sum += table[j] * table[j];
    }
    return sum;
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    String first = trained(Treatment.ANCHOR, 0.006, 1).fingerprint();
    assertEquals(first, trained(Treatment.ANCHOR, 0.006, 1).fingerprint());
    assertNotEquals(first, trained(Treatment.ANCHOR, 0.006, 2).fingerprint());
  }

  @Test
  void figuresDoNotDependOnTheNumberOfThreads() {
    AnchoredWords.Result one = AnchoredWords.run(3, 1, 2, 1, () -> {});
    AnchoredWords.Result two = AnchoredWords.run(3, 1, 2, 2, () -> {});
    assertEquals(one, two);
  }
}
