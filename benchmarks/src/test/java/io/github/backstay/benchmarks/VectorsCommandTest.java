package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.benchmarks.MainTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorsCommandTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void showsSizeCoverageAndAgreement() throws IOException {
    Path file = Files.writeString(directory.resolve("v.txt"), "good 3 4\nfine 3 3\nbad -1 0\n");
    Path trees = Files.createDirectory(directory.resolve("sst"));
    for (String part : new String[] {"train", "dev", "test"}) {
      Files.writeString(trees.resolve(part + ".txt"), "(3 (2 Good) (3 (2 fun) (2 fine)))\n");
    }
    Path pairs = Files.createDirectory(directory.resolve("wordsim"));
    Files.writeString(
        pairs.resolve("pairs.txt"), "good\tfine\t9\ngood\tbad\t1\nfine\tbad\t0\nfun\tbad\t2\n");
    Outcome outcome =
        Outcome.of(
            "vectors", file.toString(), "--data", trees.toString(), "--wordsim", pairs.toString());
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    assertEquals(
        """
        FILE: 3 words × 2
        norms 1.00 .. 5.00, median 4.24

        Share of the tokens that have a vector
        part   sentences  covered
        -----  ---------  -------
        train          1   66.7 %
        dev            1   66.7 %
        test           1   66.7 %

        Rank correlation (Spearman) of cosine and human judgement
        collection  pairs  left out  correlation
        ----------  -----  --------  -----------
        pairs           3         1        1.000
        """
            .lines()
            .toList(),
        outcome.out().replace(file.toString(), "FILE").lines().toList());
  }

  @Test
  void badFileAnywhereEndsWithCode2AndWithoutHalfAnAnswer() throws IOException {
    Path file = Files.writeString(directory.resolve("v.txt"), "good 3 4\n");
    Path missing = directory.resolve("none");
    assertEquals(
        new Outcome(
            Main.BAD_INPUT,
            "",
            "backstay vectors: "
                + missing
                + ": no such directory (need one with word similarity files, *.txt)."
                + System.lineSeparator()),
        Outcome.of("vectors", file.toString(), "--wordsim", missing.toString()));
  }
}
