package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
          pow          | {}                                   | attrs: "exponent" is missing.
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
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          leaky_relu    | {}                      | {'slope': 0.01}
          elu           | {}                      | {'alpha': 1}
          softplus      | {}                      | {'beta': 1, 'threshold': 20}
          hardtanh      | {}                      | {'min': -1, 'max': 1}
          var           | {'dim': -1}             | {'dim': -1, 'correction': 1}
          std           | {'dim': 0}              | {'dim': 0, 'correction': 1}
          norm          | {'dim': 1}              | {'dim': 1, 'p': 2}
          tril          | {}                      | {'k': 0}
          triu          | {}                      | {'k': 0}
          multi_margin_loss | {'target': [0, 1, 2]} | {'target': [0, 1, 2], 'p': 1, 'margin': 1, 'reduction': 'mean'}
          """)
  void whatIsMissingHasTheDefaultOfPyTorch(String op, String json, String full) {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = matrix(3, 4);
      assertArrayEquals(
          apply(tape, op, full, x).toMatrix().data, apply(tape, op, json, x).toMatrix().data);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          smooth_l1_loss       | {'beta': 1, 'reduction': 'mean'}
          huber_loss           | {'delta': 1, 'reduction': 'mean'}
          hinge_loss           | {'margin': 1, 'reduction': 'mean'}
          hinge_embedding_loss | {'margin': 1, 'reduction': 'mean'}
          cosine_similarity    | {'eps': 1e-8}
          """)
  void lossesHaveTheDefaultsOfPyTorch(String op, String full) {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = matrix(3, 4);
      DMatrixRMaj ones = new DMatrixRMaj(3, 4);
      ones.fill(1.0);
      assertArrayEquals(
          apply(tape, op, full, x, ones).toMatrix().data,
          apply(tape, op, "{}", x, ones).toMatrix().data);
    }
  }

  @Test
  void marginsOfThreeOperandsHaveTheDefaultsOfPyTorch() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = matrix(3, 1);
      DMatrixRMaj y = DMatrixRMaj.wrap(3, 1, new double[] {1.0, -1.0, 1.0});
      DMatrixRMaj z = DMatrixRMaj.wrap(3, 1, new double[] {2.0, 0.5, -1.0});
      String rest = "'reduction': 'mean'}";
      assertEquals(
          apply(tape, "margin_ranking_loss", "{'margin': 0, " + rest, x, z, y).toDouble(),
          apply(tape, "margin_ranking_loss", "{}", x, z, y).toDouble());
      assertEquals(
          apply(tape, "cosine_embedding_loss", "{'margin': 0, " + rest, x, z, y).toDouble(),
          apply(tape, "cosine_embedding_loss", "{}", x, z, y).toDouble());
      assertEquals(
          apply(tape, "triplet_margin_loss", "{'margin': 1, 'eps': 1e-6, " + rest, x, z, y)
              .toDouble(),
          apply(tape, "triplet_margin_loss", "{}", x, z, y).toDouble());
      DMatrixRMaj row = matrix(1, 4);
      assertArrayEquals(
          apply(tape, "layer_norm", "{'eps': 1e-5}", matrix(3, 4), row, row).toMatrix().data,
          apply(tape, "layer_norm", "{}", matrix(3, 4), row, row).toMatrix().data);
    }
  }

  @Test
  void normOfExponentZeroCountsWhatIsNotZero() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = DMatrixRMaj.wrap(2, 2, new double[] {0.0, -3.0, 1e-300, 7.0});
      assertEquals(3.0, apply(tape, "norm", "{'dim': -1, 'p': 0}", x).toDouble());
      assertArrayEquals(
          new double[] {1.0, 2.0}, apply(tape, "norm", "{'dim': 1, 'p': 0}", x).toMatrix().data);
    }
  }

  @Test
  void traceIsTheSumOfTheDiagonalAlsoWhereTheMatrixIsNotSquare() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj wide = DMatrixRMaj.wrap(2, 3, new double[] {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
      assertEquals(6.0, apply(tape, "trace", "{}", wide).toDouble());
    }
  }

  @Test
  void singleWeightOfPositivesHoldsForAllColumns() {
    try (Tape tape = Tape.create()) {
      String each = "{'pos_weight': [2, 2, 2, 2], 'reduction': 'sum'}";
      String single = "{'pos_weight': [2], 'reduction': 'sum'}";
      assertEquals(
          apply(tape, "bce_with_logits_loss", each, matrix(3, 4), matrix(3, 4)).toDouble(),
          apply(tape, "bce_with_logits_loss", single, matrix(3, 4), matrix(3, 4)).toDouble());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross_entropy", "nll_loss"})
  void rowsMarkedAsPyTorchDoesAreIgnoredUnasked(String op) {
    try (Tape tape = Tape.create()) {
      String asked = "{'target': [1, -100, 0], 'ignore_index': -100}";
      String unasked = "{'target': [1, -100, 0]}";
      assertEquals(
          apply(tape, op, asked, matrix(3, 2)).toDouble(),
          apply(tape, op, unasked, matrix(3, 2)).toDouble());
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
    "2*t-3-4, 13",
    "0.5**(t//4), 0.25",
    "'min(1, (t+1)/44)', 0.25",
    "'max(t, 11)', 11",
    "math.cos(pi*t), 1"
  })
  void formulasAreRead(String formula, double value) {
    assertEquals(value, Formula.at(formula, 10.0), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "t+", "min(t)", "max(1,t", "(t", "t)", "u", "1..2", "t t", "exp", "1e"})
  void whatIsNoFormulaIsRefused(String formula) {
    String message = assertThrows(CaseException.class, () -> Formula.at(formula, 1.0)).getMessage();
    assertTrue(String.valueOf(message).startsWith("formula: \""), message);
  }
}
