package io.github.backstay.benchmarks.conformance;

import static io.github.backstay.benchmarks.conformance.Replays.SQUARE;
import static io.github.backstay.benchmarks.conformance.Replays.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a case is said with its place, and fails that case. */
class CaseFormatTest {

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "op": "square"          | "op": "sqare"                     | the op "sqare" is not known here.
          "op": "square"          | "op": 3                           | op: is 3 (need a text).
          "op": "square",         | ~~                                | "op" is missing.
          "op": "square"          | "op": "square", "kind": "odd"     | the kind "odd" is not known here.
          "op": "square"          | "op": "square", "tags": ["odd"]   | the tag "odd" is not known here.
          "op": "square"          | "op": "square", "tags": "kink"    | tags: is "kink" (need a list).
          "attrs": {}             | "attrs": {"p": 2}                 | attrs: "p" is no parameter of "square".
          "attrs": {}             | "attrs": []                       | attrs: is a list (need an object).
          "attrs": {},            | ~~                                | "attrs" is missing.
          ["x"]                   | ["x", "x"]                        | "square" takes 1 operands, got 2.
          ["x"]                   | ["y"]                             | there is no input "y".
          ["x"]                   | [null]                            | args[0]: is null (need a text).
          [3.0, -1.0]             | [3.0, -1.0, 2.0]                  | inputs[0]: says it is 1×2 but holds 3 numbers.
          [3.0, -1.0]             | [3.0, "one"]                      | inputs[0].data[1]: is "one" (need a number, "NaN", "Infinity" or "-Infinity").
          [3.0, -1.0]             | [3.0, null]                       | inputs[0].data[1]: is null (need a number, "NaN", "Infinity" or "-Infinity").
          [3.0, -1.0]             | [3.0, 1e999]                      | inputs[0].data: is beyond the range of a double.
          [3.0, -1.0]             | 3.0                               | inputs[0].data: is 3.0 (need a list).
          "x", "rows": 1          | "x", "rows": 1.5                  | inputs[0].rows: is 1.5 (need a whole number).
          "x", "rows": 1          | "x", "rows": -1                   | inputs[0]: says it is -1×2 but holds 2 numbers.
          "x", "rows": 1,         | "x",                              | inputs[0]: "rows" is missing.
          "requiresGrad": true    | "requiresGrad": 1                 | inputs[0].requiresGrad: is 1 (need true or false).
          "requiresGrad": true    | "requiresGrad": false             | grads: holds [x] (need exactly []).
          "grads": {"x"           | "grads": {"y"                     | grads: holds [y] (need exactly [x]).
          [1.0, 0.5]              | [1.0]                             | upstream: says it is 1×2 but holds 1 numbers.
          "upstream": {"rows": 1, "cols": 2, "data": [1.0, 0.5]} | "upstream": {"rows": 2, "cols": 1, "data": [1.0, 0.5]} | upstream: is 2×1, the output is 1×2 (must be the same).
          "output": {"rows": 1    | "output": {"rows": "1"            | output.rows: is "1" (need a whole number).
          "output"                | "outputs"                         | "output" is missing.
          [9.0, 1.0]              | [9.0, 1.00001]                    | output(0, 1) is 1.0, expected 1.00001.
          [9.0, 1.0]              | ["NaN", "Infinity"]               | output(0, 0) is 9.0, expected NaN (one of 2 entries).
          [6.0, -1.0]             | [6.00001, -1.0]                   | grads.x(0, 0) is 6.0, expected 6.00001.
          {"x": {"rows": 1, "cols": 2, "data": [6.0, -1.0]}} | {"x": null} | grads.x(0, 0) is 6.0, expected 0.0 (one of 2 entries).
          """)
  void isSaid(String part, String instead, String detail) {
    String broken = SQUARE.replace(part, instead);
    assertNotEquals(SQUARE, broken);
    Outcome outcome = outcome(directory, broken);
    assertEquals(
        "square FAILED " + detail,
        outcome.name() + " " + outcome.verdict() + " " + outcome.detail());
  }

  @Test
  void unharmedCasePasses() {
    assertEquals(new Outcome("square", Verdict.PASSED, "", 0.0, 0.0), outcome(directory, SQUARE));
  }

  @Test
  void conventionIsForTheReader() {
    String commented = SQUARE.replace("\"attrs\": {}", "\"attrs\": {\"convention\": \"any\"}");
    assertEquals(Verdict.PASSED, outcome(directory, commented).verdict());
  }

  @Test
  void whatIsOptionalAndUnknownIsSkipped() {
    String optional =
        SQUARE.replace("\"op\": \"square\"", "\"op\": \"cube\", \"tags\": [\"optional\"]");
    assertEquals(
        new Outcome(
            "square",
            Verdict.SKIPPED,
            "optional, and the op \"cube\" is not known here.",
            0.0,
            0.0),
        outcome(directory, optional));
    String wrong =
        SQUARE
            .replace("\"op\": \"square\"", "\"op\": \"square\", \"tags\": [\"optional\"]")
            .replace("[9.0, 1.0]", "[9.0, 2.0]");
    assertEquals(Verdict.FAILED, outcome(directory, wrong).verdict());
  }

  @Test
  void wrongShapeOfAResultIsSaid() {
    String transposed = SQUARE.replace("\"op\": \"square\"", "\"op\": \"transpose\"");
    assertEquals("output is 2×1, expected 1×2.", outcome(directory, transposed).detail());
  }

  @Test
  void whatBackstayRefusesFailsWithItsMessage() {
    String product =
        SQUARE
            .replace("\"op\": \"square\"", "\"op\": \"matmul\"")
            .replace("[\"x\"]", "[\"x\", \"x\"]");
    String detail = outcome(directory, product).detail();
    assertTrue(detail.startsWith("threw io.github.backstay.core.ShapeException: mult: "), detail);
  }
}
