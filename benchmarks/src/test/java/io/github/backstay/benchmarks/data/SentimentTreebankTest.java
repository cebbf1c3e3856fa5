package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.SentimentTreebank.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentTreebankTest {

  private static final String TWO = "(3 (2 good) (2 fun))\n(0 (1 so) (0 bad))\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void readsTheThreePartsInOrder() {
    TestFiles.write(directory, "train.txt", TWO);
    TestFiles.write(directory, "dev.txt", "(2 so)\n");
    TestFiles.write(directory, "test.txt", "(4 fine)\n(2 so)\n(1 bad)\n");
    SentimentTreebank treebank = SentimentTreebank.read(directory);
    assertEquals(
        List.of(new Sentence(List.of("good", "fun"), 3), new Sentence(List.of("so", "bad"), 0)),
        treebank.sentences(Split.TRAIN));
    assertEquals(List.of(SentimentTree.parse("(2 so)")), treebank.trees(Split.DEV));
    assertEquals(3, treebank.trees(Split.TEST).size());
  }

  @Test
  void lineEndsByteOrderMarkEmptyLinesAndGzipDoNotMatter() {
    List<SentimentTree> trees = trees(TWO);
    assertEquals(trees, trees(TWO.replace("\n", "\r\n")));
    assertEquals(trees, trees("\ufeff" + TWO));
    assertEquals(trees, trees("\ufeff\r\n" + TWO.replace("\n", "\n\n\r\n")));
    assertEquals(trees, trees(TWO.stripTrailing()));
    assertEquals(trees, TestFiles.read(TestFiles.gzip(TWO), SentimentTreebank::readTrees));
    assertEquals(2, trees.size());
  }

  @Test
  void errorsNameFileAndLineAndCountEmptyLines() {
    Path file = TestFiles.write(directory, "train.txt", "(2 a)\n\n(3 (2 a) (7 b))\n");
    assertEquals(file + ", line 3: column 11: the label is \"7\" (need 0..4).", message(file));
  }

  @Test
  void fileCutAnywhereButBetweenLinesIsRefused() {
    byte[] whole = TWO.getBytes(StandardCharsets.UTF_8);
    int firstLine = TWO.indexOf('\n');
    for (int length = 0; length < whole.length - 1; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length == firstLine || length == firstLine + 1) {
        assertEquals(1, TestFiles.read(cut, SentimentTreebank::readTrees).size());
      } else {
        assertThrows(DataException.class, () -> TestFiles.read(cut, SentimentTreebank::readTrees));
      }
    }
  }

  @Test
  void gzipCutAnywhereIsRefused() {
    byte[] whole = TestFiles.gzip(TWO.repeat(50));
    for (int length = 0; length < whole.length; length++) {
      Path file = TestFiles.write(directory, "cut", Arrays.copyOf(whole, length));
      String message = message(file);
      if (length > 2) {
        assertTrue(message.contains("the gzip data end early"), message);
        assertTrue(message.endsWith("the file is cut off."), message);
      }
    }
  }

  @Test
  void damagedGzipIsRefused() {
    byte[] bytes = TestFiles.gzip(TWO.repeat(50));
    for (int i = 10; i < bytes.length - 4; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x55;
      assertThrows(
          DataException.class, () -> TestFiles.read(damaged, SentimentTreebank::readTrees));
    }
  }

  @Test
  void otherFilesAreRefusedInOneLine() throws IOException {
    assertEquals(directory + ": is a directory (need a file).", message(directory));
    Path missing = directory.resolve("missing.txt");
    assertEquals(missing + ": no such file.", message(missing));
    Path file = TestFiles.write(directory, "empty", "");
    assertEquals(file + ": is empty.", message(file));
    file = TestFiles.write(directory, "lines", "\r\n\n");
    assertEquals(file + ": holds nothing but empty lines (need one tree a line).", message(file));
    file = TestFiles.write(directory, "page", "<!DOCTYPE html>\n<html>\n");
    assertEquals(
        file
            + ", line 1: not a sentiment tree: starts with \"<!DOCTYPE html>\" (need a tree such as"
            + " (3 (2 good) (2 fun))).",
        message(file));
    file = TestFiles.write(directory, "zip", new byte[] {'P', 'K', 3, 4, 20, 0});
    assertEquals(
        file + ": is a zip archive (need text, or text in gzip). Unpack it.", message(file));
    file = TestFiles.write(directory, "zero", new byte[] {'(', '2', ' ', 0, ')', '\n'});
    assertEquals(file + ", line 1: holds a zero byte: the file is not text.", message(file));
    file =
        TestFiles.write(
            directory, "latin", "(2 caf\u00e9)\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(file + ", line 1: is not UTF-8 text.", message(file));
    file = TestFiles.write(directory, "wide", TWO.getBytes(StandardCharsets.UTF_16));
    assertEquals(1, message(file).lines().count());
  }

  @Test
  void lineOfAbsurdLengthIsRefusedAndSoIsAGzipThatUnpacksToOne() {
    Path file = TestFiles.write(directory, "long", "(2 a)\n" + "x".repeat(1 << 21));
    String problem = ", line 2: is longer than 1048576 bytes: the file is not what it should be.";
    assertEquals(file + problem, message(file));
    file = TestFiles.write(directory, "bomb", TestFiles.gzip("(2 a)\n" + " ".repeat(1 << 24)));
    assertEquals(file + problem, message(file));
  }

  @Test
  void moreTextThanAnyTreebankHasIsRefused() {
    Path file = TestFiles.write(directory, "bomb", TestFiles.gzip("\n".repeat(33 << 20)));
    assertEquals(
        file + ": holds more than 32 MiB of text (too much for such a file).", message(file));
  }

  @Test
  void messageStaysOnOneLineWhateverTheFileIsCalled() {
    // a name that every file system's encoding has; what only Unicode has is tried in a quote
    assertEquals(
        "a?b?c: is empty.", DataException.in(Path.of("a\nb\tc"), "is empty.").getMessage());
    assertEquals("\"b?c\"", DataException.quote("b\u2028c"));
  }

  @Test
  void missingDirectoryAndMissingPartAreNamed() {
    Path missing = directory.resolve("sst");
    assertEquals(
        missing + ": no such directory (need one with train.txt, dev.txt and test.txt).",
        assertThrows(DataException.class, () -> SentimentTreebank.read(missing)).getMessage());
    Path train = TestFiles.write(directory, "train.txt", TWO);
    assertEquals(
        train + ": is not a directory (need one with train.txt, dev.txt and test.txt).",
        assertThrows(DataException.class, () -> SentimentTreebank.read(train)).getMessage());
    assertEquals(
        directory.resolve("dev.txt") + ": no such file.",
        assertThrows(DataException.class, () -> SentimentTreebank.read(directory)).getMessage());
  }

  @Test
  void binaryTaskDropsNeutralAndKeepsOrder() {
    List<Sentence> five =
        List.of(1, 2, 4, 0, 3, 2).stream()
            .map(label -> new Sentence(List.of("w" + label), label))
            .toList();
    assertEquals(
        List.of(
            new Sentence(List.of("w1"), 0),
            new Sentence(List.of("w4"), 1),
            new Sentence(List.of("w0"), 0),
            new Sentence(List.of("w3"), 1)),
        SentimentTreebank.binary(five));
    List<Sentence> wrong = List.of(new Sentence(List.of("a"), 5));
    assertEquals(
        "binary: the label must be in 0..4, got 5.",
        assertThrows(IllegalArgumentException.class, () -> SentimentTreebank.binary(wrong))
            .getMessage());
  }

  @Test
  void sentenceNeedsTokensAndALabel() {
    assertThrows(IllegalArgumentException.class, () -> new Sentence(List.of(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Sentence(List.of("a"), -1));
  }

  @Test
  void fileIsClosedAfterAnError() throws IOException {
    Path file = TestFiles.write(directory, "bad", "(2 a)\n(\n");
    assertThrows(DataException.class, () -> SentimentTreebank.readTrees(file));
    Files.delete(file);
    assertTrue(Files.notExists(file));
  }

  private static List<SentimentTree> trees(String text) {
    return TestFiles.read(text.getBytes(StandardCharsets.UTF_8), SentimentTreebank::readTrees);
  }

  private static String message(Path file) {
    DataException refused =
        assertThrows(DataException.class, () -> SentimentTreebank.readTrees(file));
    return String.valueOf(refused.getMessage());
  }
}
