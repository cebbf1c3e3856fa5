package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationTest {

  static Stream<Arguments> activations() {
    return Stream.of(
        row(Activation.IDENTITY, x -> x),
        row(Activation.TANH, Variable::tanh),
        row(Activation.SIGMOID, Variable::sigmoid),
        row(Activation.RELU, Variable::relu),
        row(Activation.SOFTPLUS, Variable::softplus),
        row(Activation.LOG_SIGMOID, Variable::logSigmoid),
        row(Activation.leakyRelu(0.1), x -> x.leakyRelu(0.1)),
        row(Activation.elu(0.5), x -> x.elu(0.5)));
  }

  private static Arguments row(Activation activation, UnaryOperator<Variable> method) {
    return Arguments.of(activation, method);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void doesWhatTheMethodDoes(Activation activation, UnaryOperator<Variable> method) {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(new DMatrixRMaj(new double[][] {{-2.0, -0.5, 0.0, 0.5, 2.0}}));

      assertArrayEquals(
          method.apply(x).toMatrix().data,
          activation.forward(x, Pass.evaluation()).toMatrix().data);
    }
  }

  @Test
  void equalFunctionsAreEqual() {
    assertEquals(Activation.elu(0.5), Activation.elu(0.5));
  }
}
