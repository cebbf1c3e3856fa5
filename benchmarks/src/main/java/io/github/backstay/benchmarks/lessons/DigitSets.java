package io.github.backstay.benchmarks.lessons;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.nn.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What lessons learn from and what they are tested on.
 *
 * @param train to learn from
 * @param test only for what is reported
 */
public record DigitSets(Digits train, Digits test) {

  private static final int DRAWN_TRAIN = 3000;
  private static final int DRAWN_TEST = 1500;

  /**
   * Handwriting from files.
   *
   * @param directory where {@code optdigits.tra} and {@code optdigits.tes} are
   * @return both files
   * @throws DataException if one of them is missing or not what it should be
   */
  public static DigitSets read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw DataException.in(
          directory,
          (Files.exists(directory) ? "is not a directory" : "no such directory")
              + " (need the one with optdigits.tra and optdigits.tes).");
    }
    return new DigitSets(
        Digits.read(directory.resolve("optdigits.tra")),
        Digits.read(directory.resolve("optdigits.tes")));
  }

  /**
   * Digits that the program draws.
   *
   * @param seed the same seed gives the same digits
   * @return 3,000 to learn from and 1,500 others
   */
  public static DigitSets drawn(long seed) {
    Seeds seeds = new Seeds(seed);
    return new DigitSets(
        DrawnDigits.draw(DRAWN_TRAIN, seeds.generator(0, "drawn digits")),
        DrawnDigits.draw(DRAWN_TEST, seeds.generator(0, "drawn digits for the test")));
  }
}
