package io.github.backstay.benchmarks.conformance;

import static io.github.backstay.benchmarks.conformance.Replays.file;
import static io.github.backstay.benchmarks.conformance.Replays.gzip;
import static io.github.backstay.benchmarks.conformance.Replays.outcomes;
import static io.github.backstay.benchmarks.conformance.Replays.square;
import static io.github.backstay.benchmarks.conformance.Replays.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceFileTest {

  @TempDir private Path directory = Path.of("");

  private static String passed(String name) {
    return name + " PASSED ";
  }

  private List<String> replay() {
    return outcomes(directory).stream()
        .map(outcome -> outcome.name() + " " + outcome.verdict() + " " + outcome.detail())
        .toList();
  }

  @Test
  void plainAndGzipAreReadAlike() {
    String text = file(square("a"), square("b"));
    write(directory, "x.json", text);
    List<String> plain = replay();
    assertEquals(List.of(passed("a"), passed("b")), plain);
    directory = directory.resolveSibling(directory.getFileName() + "-gzip");
    assertTrue(directory.toFile().mkdir());
    write(directory, "x.json.gz", gzip(text));
    assertEquals(plain, replay());
    assertEquals(Set.of("small"), Conformance.in(directory).families());
  }

  @Test
  void caseThatIsCutOffIsOneFailureAndThoseBeforeItAreReplayed() {
    String text = file(square("a"), square("b"));
    int from = text.indexOf("\"b\"") - 8;
    int to = text.length() - 4;
    for (int length = from; length < to; length += 7) {
      write(directory, "x.json", text.substring(0, length));
      assertEquals(
          List.of(passed("a"), "line 3 FAILED the file is cut off here, after \"a\"."),
          replay(),
          text.substring(0, length));
    }
  }

  @Test
  void fileThatIsCutOffBetweenCasesIsAFailureToo() {
    String text = file(square("a"), square("b"));
    for (String end : List.of("\n]}\n", "]}\n", "}\n")) {
      write(directory, "x.json", text.substring(0, text.length() - end.length()));
      List<String> outcomes = replay();
      assertEquals(List.of(passed("a"), passed("b")), outcomes.subList(0, 2));
      assertEquals(3, outcomes.size(), outcomes.toString());
      assertTrue(outcomes.get(2).contains("FAILED the file is cut off here, after \"b\""));
    }
  }

  @Test
  void gzipThatIsCutOffIsReplayedUpToTheCut() {
    StringBuilder names = new StringBuilder(square("0"));
    for (int i = 1; i < 200; i++) {
      names.append(",\n").append(square(String.valueOf(i * 7919)));
    }
    byte[] all = gzip(file(names.toString()));
    write(directory, "x.json.gz", Arrays.copyOf(all, all.length / 2));
    List<String> outcomes = replay();
    assertTrue(outcomes.size() > 2 && outcomes.size() < 200, outcomes.size() + " outcomes");
    assertEquals(
        outcomes.size() - 1,
        outcomes.stream().filter(outcome -> outcome.endsWith("PASSED ")).count());
    String last = outcomes.get(outcomes.size() - 1);
    assertTrue(last.contains("(the gzip data are damaged or end early)"), last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"bad\", \"op\": oops}",
        "{\"name\": \"bad\", \"op\": \"square\"",
        "{\"name\": \"bad\", \"name\": \"twice\"}",
        "{\"name\": \"bad\", \"op\": \"squ"
      })
  void lineThatIsNoJsonIsOneFailureAndTheRestGoesOn(String line) {
    write(directory, "x.json", file(square("a"), line, square("b"), square("c")));
    List<String> outcomes = replay();
    assertEquals(4, outcomes.size(), outcomes.toString());
    assertEquals(passed("a"), outcomes.get(0));
    assertTrue(outcomes.get(1).startsWith("line 3 FAILED is no JSON: "), outcomes.get(1));
    assertEquals(List.of(passed("b"), passed("c")), outcomes.subList(2, 4));
  }

  @Test
  void everySecondOfManyLinesMayBeBroken() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      lines.add(i % 2 == 0 ? square("a" + i) : square("b" + i).substring(0, 200));
    }
    write(directory, "x.json", file(lines.toArray(String[]::new)));
    List<String> outcomes = replay();
    assertEquals(1000, outcomes.size());
    for (int i = 0; i < 1000; i++) {
      String expected = i % 2 == 0 ? passed("a" + i) : "line " + (i + 2) + " FAILED is no JSON: ";
      assertTrue(outcomes.get(i).startsWith(expected), outcomes.get(i));
    }
  }

  @Test
  void byteOrderMarkIsNoPartOfTheText() {
    write(directory, "x.json", "\uFEFF" + file(square("a")));
    assertEquals(List.of(passed("a")), replay());
    assertEquals(Set.of("small"), Conformance.in(directory).families());
  }

  @Test
  void whatComesAfterTheListIsNotPassedOver() {
    write(directory, "x.json", file(square("a")) + "{}");
    assertEquals(
        List.of(
            passed("a"), "the end FAILED there is more after the object that the file should be."),
        replay());
    String twice = file(square("a")).replace("\n]}", "\n], \"cases\": [" + square("b") + "]}");
    write(directory, "x.json", twice);
    assertEquals(
        List.of(passed("a"), "the end FAILED is no JSON: Duplicate field 'cases'"), replay());
    write(directory, "x.json", file(square("a")).replace("\n]}", "\n], \"more\": [1, {}]}"));
    assertEquals(List.of(passed("a")), replay());
  }

  @Test
  void caseThatNeedsTooMuchMemoryOrDepthFailsAlone() {
    String deep =
        "{\"name\": \"deep\", \"op\": \"lr_schedule\", \"attrs\": {\"baseLrs\": [1.0],"
            + " \"type\": \"lambda\", \"formula\": \""
            + "(".repeat(200_000)
            + "\"}, \"steps\": 1, \"lrs\": [[1.0]]}";
    write(directory, "x.json", file(deep, square("a")));
    assertEquals(List.of("deep FAILED threw java.lang.StackOverflowError", passed("a")), replay());
  }

  @Test
  void secondCaseOfTheSameNameFails() {
    write(directory, "x.json", file(square("a"), square("b"), square("a")));
    assertEquals(
        List.of(
            passed("a"), passed("b"), "a FAILED a case of this name came before it in the file."),
        replay());
  }

  @Test
  void whatIsNoListOfCasesFailsUnderTheNameOfTheFile() {
    for (String text : List.of("", "[]", "{}", "{\"cases\": 3}", "{\"reference\": \"x\"}")) {
      write(directory, "odd.json", text);
      assertEquals(Set.of("odd"), Conformance.in(directory).families());
      assertEquals(List.of("the file FAILED has no list \"cases\"."), replay(), text);
    }
    write(directory, "odd.json", "{\"family\": \"f\", \"cases\"");
    assertEquals(List.of("the file FAILED is no JSON up to its list \"cases\"."), replay());
    write(directory, "odd.json", "{\"family\": \"f\", \"cases\": []}");
    assertEquals(List.of("the file FAILED has no cases."), replay());
    write(directory, "odd.json", "{\"family\": \"f\", \"cases\": [\n7,\nnull]}");
    assertEquals(
        List.of("case 1 FAILED is 7 (need an object).", "case 2 FAILED is null (need an object)."),
        replay());
  }

  @Test
  void directoryWithoutReferenceFilesIsRefused() {
    assertEquals(
        directory + ": there are no reference files in it (need *.json or *.json.gz).",
        assertThrows(DataException.class, () -> Conformance.in(directory)).getMessage());
    Path none = directory.resolve("none");
    assertEquals(
        none + ": no such directory (need one with reference files, *.json or *.json.gz).",
        assertThrows(DataException.class, () -> Conformance.in(none)).getMessage());
    Path file = write(directory, "x.txt", "");
    assertEquals(
        file + ": is no directory (need one with reference files, *.json or *.json.gz).",
        assertThrows(DataException.class, () -> Conformance.in(file)).getMessage());
  }
}
