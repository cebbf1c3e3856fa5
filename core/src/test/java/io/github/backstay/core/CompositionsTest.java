package io.github.backstay.core;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fluent methods that are made of several ops: their value and their derivatives. */
class CompositionsTest {

  static List<OpCase> rows() {
    return Stream.of(LinearAlgebraRows.COMPOSED, IndexingRows.COMPOSED)
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void valueMatchesTheIndependentFormula(OpCase row) {
    RandomGenerator random = Matrices.random(1L);
    for (List<Shape> choice : row.shapes()) {
      DMatrixRMaj[] operands = row.operands(choice, random);
      try (Tape tape = Tape.create()) {
        DMatrixRMaj value = row.on(tape, operands).toMatrix();
        Matrices.assertClose(row.formula().apply(operands), value, 1e-13, row + " of " + choice);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void derivativesMatchCentralDifferences(OpCase row) {
    RandomGenerator random = Matrices.random(2L);
    for (List<Shape> choice : row.shapes()) {
      DMatrixRMaj[] operands = row.operands(choice, random);
      GradientCheck check = GradientCheck.of(row.call());
      check.at(operands).requirePassed();
      check.secondOrder().at(operands).requirePassed();
    }
  }
}
