package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {

  private final Vocabulary vocabulary = new Vocabulary();

  private static Fields attrs(String json) {
    try {
      return Fields.of(new ObjectMapper().readTree(json.replace('\'', '"')), "attrs");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Variable apply(Tape tape, String op, String json, DMatrixRMaj... args) {
    List<Variable> operands = Arrays.stream(args).map(tape::variable).toList();
    return vocabulary.apply(op, new Call(tape, operands, attrs(json)));
  }

  private static DMatrixRMaj matrix(int rows, int cols) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    Arrays.setAll(matrix.data, i -> 0.3 + 0.1 * i);
    return matrix;
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "sub", "mul", "div", "pow_tensor", "maximum", "hypot", "atan2"})
  void columnAgainstRowIsStretchedAsPyTorchDoes(String op) {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj column = matrix(3, 1);
      DMatrixRMaj row = matrix(1, 4);
      DMatrixRMaj stretched = apply(tape, op, "{}", column, row).toMatrix();
      assertEquals(3, stretched.numRows);
      assertEquals(4, stretched.numCols);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
          DMatrixRMaj a = DMatrixRMaj.wrap(1, 1, new double[] {column.get(i, 0)});
          DMatrixRMaj b = DMatrixRMaj.wrap(1, 1, new double[] {row.get(0, j)});
          assertEquals(apply(tape, op, "{}", a, b).toDouble(), stretched.get(i, j));
        }
      }
      assertEquals(0, apply(tape, op, "{}", matrix(0, 4), matrix(1, 4)).rows());
    }
  }

  @Test
  void maskAndBothChoicesAreStretchedToACommonShape() {
    try (Tape tape = Tape.create()) {
      Variable chosen = apply(tape, "where", "{}", matrix(3, 1), matrix(1, 4), matrix(1, 1));
      assertEquals("3×4", chosen.shape().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          softplus     | {'beta': 1.0}                        | attrs: "threshold" is missing.
          leaky_relu   | {'slope': 0.1, 'alpha': 1.0}         | attrs: "alpha" is no parameter of "leaky_relu".
          sum          | {'dim': 2}                           | attrs.dim: is 2 (need -1, 0 or 1).
          sum          | {'dim': '0'}                         | attrs.dim: is "0" (need a whole number).
          gelu         | {'approximate': 'some'}              | the approximation "some" is not known here.
          norm         | {'dim': -1, 'p': 'inf'}              | attrs.p: is "inf" (need a number, "NaN", "Infinity" or "-Infinity").
          slogdet      | {'sign': -1.0}                       | attrs.sign: the determinant has the sign 1.0.
          group_lasso  | {'lambda': 1, 'groups': 'blocks'}    | the kind of groups "blocks" is not known here.
          add          | {}                                   | "add" takes 2 operands, got 1.
          slice        | {'r0': 0, 'r1': 1, 'c0': 0}          | attrs: "c1" is missing.
          """)
  void wrongParametersAreRefused(String op, String json, String message) {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj one = matrix(1, 1);
      assertEquals(
          message,
          assertThrows(CaseException.class, () -> apply(tape, op, json, one)).getMessage());
    }
  }

  @Test
  void rowsToIgnoreMayBeMarkedWithAnyNumber() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj logits = matrix(3, 2);
      String sum = "'reduction': 'sum'}";
      double all = apply(tape, "cross_entropy", "{'target': [1, 0, 1], " + sum, logits).toDouble();
      double negative =
          apply(
                  tape,
                  "cross_entropy",
                  "{'target': [1, -100, 1], 'ignore_index': -100, " + sum,
                  logits)
              .toDouble();
      double aClass =
          apply(tape, "cross_entropy", "{'target': [0, 1, 0], 'ignore_index': 1, " + sum, logits)
              .toDouble();
      assertTrue(negative < all);
      assertTrue(aClass > 0.0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1/(1+0.1*t), 0.5",
    "0.5**t, 0.0009765625",
    "2**-1 * -t, -5",
    "1 - t/20, 0.5",
    "sqrt(t*10)/(2*5), 1",
    "1.5e-1*t, 1.5",
    "2*t-3-4, 13"
  })
  void formulasAreRead(String formula, double value) {
    assertEquals(value, Formula.at(formula, 10.0), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "t+", "(t", "t)", "u", "1..2", "t t", "exp", "1e"})
  void whatIsNoFormulaIsRefused(String formula) {
    String message = assertThrows(CaseException.class, () -> Formula.at(formula, 1.0)).getMessage();
    assertTrue(String.valueOf(message).startsWith("formula: \""), message);
  }
}
