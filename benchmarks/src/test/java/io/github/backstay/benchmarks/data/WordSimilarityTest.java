package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.benchmarks.data.WordSimilarity.Agreement;
import io.github.backstay.benchmarks.data.WordSimilarity.Pair;
import java.nio.file.Path;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordSimilarityTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void readsPairsWhateverTheLineEnds() {
    List<Pair> expected = List.of(new Pair("Tiger", "cat", 7.35), new Pair("tiger", "tiger", 10));
    String text = "Tiger\tcat\t7.35\ntiger\ttiger\t10.00\n";
    Path plain = TestFiles.write(directory, "EN-WS.353.txt", text);
    assertEquals(new WordSimilarity("EN-WS", expected), WordSimilarity.read(plain));
    Path windows = TestFiles.write(directory, "crlf", text.replace("\n", "\r\n"));
    assertEquals(new WordSimilarity("crlf", expected), WordSimilarity.read(windows));
  }

  @Test
  void readsADirectoryInTheOrderOfNames() {
    TestFiles.write(directory, "b.txt", "x\ty\t1\n");
    TestFiles.write(directory, "a.txt", "x\ty\t1\n");
    TestFiles.write(directory, "notes.md", "not read");
    assertEquals(
        List.of("a", "b"),
        WordSimilarity.readAll(directory).stream().map(WordSimilarity::name).toList());
  }

  @Test
  void directoryWithoutFilesOrMissingIsRefused() {
    assertEquals(
        directory + ": has no *.txt files (need word similarity files).",
        assertThrows(DataException.class, () -> WordSimilarity.readAll(directory)).getMessage());
    Path missing = directory.resolve("missing");
    assertEquals(
        missing + ": no such directory (need one with word similarity files, *.txt).",
        assertThrows(DataException.class, () -> WordSimilarity.readAll(missing)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a b 1    | , line 1: not a word pair: "a b 1" (need word, tab, word, tab, score).
          a#b      | , line 1: not a word pair: "a?b" (need word, tab, word, tab, score).
          a#b#1#2  | , line 1: not a word pair: "a?b?1?2" (need word, tab, word, tab, score).
          a##1     | , line 1: not a word pair: "a??1" (need word, tab, word, tab, score).
          a#b#1;a#c#x | , line 2: the score is "x" (need a finite number).
          a#b#NaN  | , line 1: the score is "NaN" (need a finite number).
          a#b#1;a#c# | , line 2: the score is "" (need a finite number).
          ;;       | : holds nothing but empty lines (need lines of word, word, score).
          """)
  void saysWhatIsWrong(String text, String problem) {
    Path file = TestFiles.write(directory, "w.txt", text.replace('#', '\t').replace(';', '\n'));
    DataException refused = assertThrows(DataException.class, () -> WordSimilarity.read(file));
    assertEquals(file + problem, refused.getMessage());
  }

  @Test
  void pairsWithoutAVectorAreLeftOutAndCounted() {
    WordVectors vectors =
        WordVectors.of(
            List.of("a", "b", "c"), new DMatrixRMaj(new double[][] {{1, 0}, {1, 0.1}, {0, 1}}));
    WordSimilarity collection =
        new WordSimilarity(
            "x",
            List.of(
                new Pair("A", "b", 9),
                new Pair("a", "shark", 5),
                new Pair("b", "C", 4),
                new Pair("a", "c", 1),
                new Pair("whale", "shark", 10)));
    assertEquals(new Agreement("x", 3, 2, 1.0), collection.agreement(vectors));
    WordVectors turned =
        vectors.withMatrix(new DMatrixRMaj(new double[][] {{1, 0}, {-1, 0.1}, {1, 0.2}}));
    assertEquals(new Agreement("x", 3, 2, -1.0), collection.agreement(turned));
  }
}
