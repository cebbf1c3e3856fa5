package io.github.backstay.benchmarks.lessons;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.nn.Seeds;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitSetsTest {

  @Test
  void drawnDigitsLookLikeThoseOfFiles() {
    Digits digits = DigitSets.drawn(3).train();
    assertEquals(3000, digits.size());
    int[] counts = new int[10];
    for (int i = 0; i < digits.size(); i++) {
      counts[digits.labels().get(i)]++;
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count > 200), Arrays.toString(counts));
    for (double pixel : digits.pixels().data) {
      double level = 16.0 * pixel;
      assertTrue(level >= 0.0 && level <= 16.0 && level == Math.rint(level), "pixel " + pixel);
    }
  }

  @Test
  void theSameSeedDrawsTheSameDigitsAndTheTestIsOther() {
    DigitSets sets = DigitSets.drawn(3);
    assertArrayEquals(sets.train().pixels().data, DigitSets.drawn(3).train().pixels().data);
    assertFalse(
        Arrays.equals(sets.train().pixels().data, DigitSets.drawn(4).train().pixels().data));
    assertFalse(
        Arrays.equals(
            Arrays.copyOf(sets.train().pixels().data, 640),
            Arrays.copyOf(sets.test().pixels().data, 640)));
  }

  /** Ten classes: chance is a tenth. */
  @Test
  void aNetworkLearnsThem() {
    DigitSets sets = DigitSets.drawn(5);
    Seeds seeds = new Seeds(5);
    DigitNetwork network = new DigitNetwork(seeds.generator(0, "weights"), 32);
    Optimizer optimizer = Optimizer.of(Adam.of(3e-3), network);
    assertTrue(network.accuracy(sets.test()) < 0.3);
    double first = network.train(sets.train(), 32, optimizer, seeds.generator(1, "shuffle"));
    double last = first;
    for (int epoch = 2; epoch <= 6; epoch++) {
      last = network.train(sets.train(), 32, optimizer, seeds.generator(epoch, "shuffle"));
    }
    assertTrue(last > first, first + " → " + last);
    assertTrue(network.accuracy(sets.test()) > 0.8);
  }

  @Test
  void readsBothFilesOfADirectory(@TempDir Path folder) throws IOException {
    String line = "16,".repeat(64);
    Files.writeString(folder.resolve("optdigits.tra"), line + "3\n" + line + "4\n");
    Path missing = folder.resolve("optdigits.tes");
    assertEquals(
        missing + ": no such file.",
        assertThrows(DataException.class, () -> DigitSets.read(folder)).getMessage());
    Path file = Files.writeString(missing, line + "5\n");
    DigitSets sets = DigitSets.read(folder);
    assertEquals(2, sets.train().size());
    assertEquals(5, sets.test().labels().get(0));
    assertEquals(
        file + ": is not a directory (need the one with optdigits.tra and optdigits.tes).",
        assertThrows(DataException.class, () -> DigitSets.read(file)).getMessage());
    Path none = folder.resolve("none");
    assertEquals(
        none + ": no such directory (need the one with optdigits.tra and optdigits.tes).",
        assertThrows(DataException.class, () -> DigitSets.read(none)).getMessage());
  }
}
