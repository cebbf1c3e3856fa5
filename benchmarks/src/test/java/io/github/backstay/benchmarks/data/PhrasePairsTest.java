package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.PhrasePairs.Pair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasePairsTest {

  private static final String TWO = "in the end\tat last\t3.2\na dog\tthe dog\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void readsTabsAndPpdbsOwnForm() {
    PhrasePairs pairs = read(TWO);
    assertEquals(
        List.of(
            new Pair(List.of("in", "the", "end"), List.of("at", "last")),
            new Pair(List.of("a", "dog"), List.of("the", "dog"))),
        pairs.pairs());
    assertEquals(2, pairs.size());
    assertEquals(List.of("at", "last"), pairs.texts().get(1));
    assertEquals(
        pairs,
        read(
            """
            [X] ||| in the end ||| at last ||| PPDB2.0Score=3.2 p(e|f)=1 ||| 0-0 ||| Equivalence
            [NP/NN] ||| a dog ||| the dog
            """));
  }

  @Test
  void oneStringStandsForAllOccurrencesOfAWord() {
    List<Pair> pairs = read(TWO).pairs();
    assertSame(pairs.get(1).first().get(1), pairs.get(1).second().get(1));
  }

  @Property(tries = 200)
  void pairsThatAreWrittenAreReadBackInBothForms(@ForAll("tables") List<Pair> pairs) {
    assertEquals(pairs, read(tabbed(pairs, "")).pairs());
    assertEquals(pairs, read(tabbed(pairs, "\t0.5\t")).pairs());
    assertEquals(pairs, read(barred(pairs, "")).pairs());
    assertEquals(pairs, read(barred(pairs, " ||| a=1 ||| 0-0")).pairs());
  }

  @Property(tries = 100)
  void formsOfTheFileDoNotMatter(@ForAll("tables") List<Pair> pairs) {
    for (String text : List.of(tabbed(pairs, ""), barred(pairs, " ||| x"))) {
      assertEquals(pairs, read(text.replace("\n", "\r\n")).pairs());
      assertEquals(pairs, read("\ufeff" + text).pairs());
      assertEquals(pairs, read(text.replace("\n", "\n\r\n\n")).pairs());
      assertEquals(pairs, read(text.replace(" ", "  ").replace("\t", " \t ")).pairs());
      assertEquals(pairs, read(text.stripTrailing()).pairs());
      assertEquals(pairs, TestFiles.read(TestFiles.gzip(text), PhrasePairs::read).pairs());
    }
  }

  @Property(tries = 400)
  void damagedFileIsReadOrRefusedInOneLine(
      @ForAll("tables") List<Pair> pairs,
      @ForAll boolean bars,
      @ForAll("corruptions") Corruption corruption) {
    String text = bars ? barred(pairs, " ||| x=1") : tabbed(pairs, "\t1");
    byte[] whole = text.getBytes(StandardCharsets.UTF_8);
    Optional<PhrasePairs> read = Corruption.readOrRefused(corruption.of(whole), PhrasePairs::read);
    if (corruption.kind() == Corruption.Kind.CUT_OFF && read.isPresent()) {
      // A phrase that was cut off is still one; all before it are whole.
      int sure = read.get().size() - 1;
      assertEquals(pairs.subList(0, sure), read.get().pairs().subList(0, sure));
    }
    read.ifPresent(some -> assertTrue(some.size() >= 1 && some.size() <= 41 + pairs.size()));
  }

  @Property(tries = 200)
  void missingPhraseIsRefusedInItsLine(
      @ForAll("tables") List<Pair> pairs, @ForAll @IntRange(max = 100) int row) {
    String[] lines = tabbed(pairs, "").split("\n", -1);
    int at = row % pairs.size();
    lines[at] = lines[at].substring(lines[at].indexOf('\t') + 1);
    Optional<String> refused =
        TestFiles.read(
            String.join("\n", lines).getBytes(StandardCharsets.UTF_8),
            file -> {
              String message = message(file);
              return message.startsWith(file + ", line " + (at + 1) + ": not a pair of phrases: ")
                  ? Optional.of(message)
                  : Optional.empty();
            });
    assertTrue(refused.isPresent());
  }

  @Test
  void cutGzipIsRefused() {
    byte[] whole = TestFiles.gzip(TWO);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertEquals(Optional.empty(), Corruption.readOrRefused(cut, PhrasePairs::read));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '~',
      textBlock =
          """
          a>b;c                  # , line 2: not a pair of phrases: "c" (need phrase, tab, phrase, or PPDB's own [X] ||| phrase ||| phrase in all lines).
          a>b;[X] ||| c ||| d    # , line 2: not a pair of phrases: "[X] ||| c ||| d" (need phrase, tab, phrase, or PPDB's own [X] ||| phrase ||| phrase in all lines).
          a>b;;> d               # , line 3: the phrase in column 1 is empty (need at least one word).
          a> >5                  # , line 1: the phrase in column 2 is empty (need at least one word).
          [X] ||| a |||  ||| x   # , line 1: the phrase in column 3 is empty (need at least one word).
          [X] |||||| b ||| x     # , line 1: the phrase in column 2 is empty (need at least one word).
          [X] ||| a              # , line 1: not a pair of phrases: "[X] ||| a" (need [X] ||| phrase ||| phrase, as in the first line).
          [X] ||| a ||| b;a>b    # , line 2: not a pair of phrases: "a?b" (need [X] ||| phrase ||| phrase, as in the first line).
          ;;                     # : holds nothing but empty lines (need lines of phrase, tab, phrase).
          """)
  void saysWhatIsWrong(String text, String problem) {
    String lines = text.replace('>', '\t').replace(';', '\n') + "\n";
    Path file = TestFiles.write(directory, "p.txt", lines);
    assertEquals(file + problem, message(file));
  }

  @Test
  void bytesThatAreNotTextAreRefused() {
    byte[] latin = "a\tb\ncaf\u00e9\tb\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = TestFiles.write(directory, "latin", latin);
    assertEquals(file + ", line 2: is not UTF-8 text.", message(file));
  }

  @Test
  void pairNeedsTwoPhrases() {
    assertThrows(IllegalArgumentException.class, () -> new Pair(List.of(), List.of("a")));
    assertThrows(IllegalArgumentException.class, () -> new Pair(List.of("a"), List.of()));
  }

  private static String tabbed(List<Pair> pairs, String more) {
    StringBuilder text = new StringBuilder();
    for (Pair pair : pairs) {
      text.append(String.join(" ", pair.first())).append('\t');
      text.append(String.join(" ", pair.second())).append(more).append('\n');
    }
    return text.toString();
  }

  private static String barred(List<Pair> pairs, String more) {
    StringBuilder text = new StringBuilder();
    for (Pair pair : pairs) {
      text.append("[NP] ||| ").append(String.join(" ", pair.first())).append(" ||| ");
      text.append(String.join(" ", pair.second())).append(more).append('\n');
    }
    return text.toString();
  }

  private static PhrasePairs read(String text) {
    return TestFiles.read(text.getBytes(StandardCharsets.UTF_8), PhrasePairs::read);
  }

  private static String message(Path file) {
    return String.valueOf(
        assertThrows(DataException.class, () -> PhrasePairs.read(file)).getMessage());
  }

  @Provide
  Arbitrary<Corruption> corruptions() {
    return Corruption.any();
  }

  @Provide
  Arbitrary<List<Pair>> tables() {
    Arbitrary<List<String>> phrases =
        Arbitraries.of("a", "dog", "[NP,1]", "'s", ",", "||", "né", "2\u00a01/2", "(", "7")
            .list()
            .ofMinSize(1)
            .ofMaxSize(5);
    return Combinators.combine(phrases, phrases).as(Pair::new).list().ofMinSize(1).ofMaxSize(8);
  }
}
