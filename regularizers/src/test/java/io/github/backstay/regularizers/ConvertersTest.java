package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other libraries call a strength, held against the formulas of those libraries. */
class ConvertersTest {

  private static final double RATE = 0.05;

  /**
   * A number of another library's, what it means there as one writes it there, and what is made of
   * it here.
   */
  record Converted(String name, Formula there, Penalty here) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Of the weight, or where the library has anchors of the difference to the anchor. */
  interface Formula {
    Variable of(Variable w);
  }

  static Stream<Converted> converters() {
    double c = 0.37;
    return Stream.of(
        new Converted("Keras L2", w -> w.square().sum().scale(c), L2.fromKeras(c)),
        new Converted("Keras L1", w -> w.abs().sum().scale(c), L1.fromKeras(c)),
        new Converted(
            "Keras L1L2",
            w -> w.abs().sum().scale(c).plus(w.square().sum().scale(0.2)),
            ElasticNet.fromKeras(c, 0.2)),
        new Converted("Lasagne l2", w -> w.square().sum().scale(c), L2.fromLasagne(c)),
        new Converted("Lasagne l1", w -> w.abs().sum().scale(c), L1.fromLasagne(c)),
        new Converted(
            "Wieting's 0.5*LW*l2(We-initial_We)",
            w -> w.square().sum().scale(0.5 * c),
            L2.fromLasagne(0.5 * c)),
        new Converted("L2-SP's α/2·‖w−w⁰‖²", w -> w.square().sum().scale(c / 2.0), L2.fromL2Sp(c)),
        new Converted(
            "scikit-learn's ElasticNet",
            w -> w.abs().sum().scale(c * 0.3).plus(w.square().sum().scale(0.5 * c * (1.0 - 0.3))),
            ElasticNet.fromScikitLearn(c, 0.3)));
  }

  @ParameterizedTest
  @MethodSource("converters")
  void valueAndOneStepOfGradientDescentAreThoseOfTheOtherLibrary(Converted converted) {
    RandomGenerator random = Draw.seeded(8);
    DMatrixRMaj anchor = Draw.gaussian(random, 3, 4);
    DMatrixRMaj weight = Draw.gaussian(random, 3, 4);
    for (boolean anchored : new boolean[] {false, true}) {
      Parameter there = new Parameter("there", weight);
      Parameter here = new Parameter("here", weight);
      Regularizer pull =
          Regularizer.of(converted.here)
              .over(here)
              .towards(anchored ? Anchor.at(anchor) : Anchor.zero())
              .inLoss();
      try (Tape tape = Tape.create()) {
        Variable w = there.on(tape);
        Variable value = converted.there.of(anchored ? w.minus(tape.constant(anchor)) : w);
        assertEquals(value.toDouble(), pull.value(), 1e-14 * value.toDouble());
        step(there, tape.gradients(value).of(there).toMatrix());
      }
      try (Tape tape = Tape.create()) {
        step(here, tape.gradients(pull.penalty(tape)).of(here).toMatrix());
      }
      assertArrayEquals(there.toMatrix().data, here.toMatrix().data, 1e-15);
    }
  }

  private static void step(Parameter parameter, DMatrixRMaj gradient) {
    parameter.update(
        values -> {
          for (int i = 0; i < values.data.length; i++) {
            values.data[i] -= RATE * gradient.data[i];
          }
        });
  }

  /** PyTorch has no formula for the value: {@code g ← g + weight_decay·w; w ← w − lr·g}. */
  @Test
  void weightDecayOfPyTorchAddsItsMultipleOfTheWeight() {
    DMatrixRMaj weight = Draw.gaussian(Draw.seeded(9), 2, 5);
    Parameter w = new Parameter("w", weight);
    double weightDecay = 0.21;
    Regularizer pull = Regularizer.of(L2.fromPyTorch(weightDecay)).over(w).inLoss();
    try (Tape tape = Tape.create()) {
      step(w, tape.gradients(pull.penalty(tape)).of(w).toMatrix());
    }
    double[] expected = new double[10];
    for (int i = 0; i < 10; i++) {
      expected[i] = weight.data[i] - RATE * (weightDecay * weight.data[i]);
    }
    assertArrayEquals(expected, w.toMatrix().data);
  }

  @Test
  void strengthsAreExactMultiples() {
    assertEquals(new L2(0.1), L2.fromPyTorch(0.1));
    assertEquals(new L2(0.1), L2.fromL2Sp(0.1));
    assertEquals(new L2(0.2), L2.fromKeras(0.1));
    assertEquals(new L2(0.1), L2.fromLasagne(0.5 * 0.1));
    assertEquals(new L1(0.1), L1.fromKeras(0.1));
    assertEquals(new L1(0.1), L1.fromLasagne(0.1));
    assertEquals(new ElasticNet(0.1, 0.4), ElasticNet.fromKeras(0.1, 0.2));
    assertEquals(new ElasticNet(0.5, 1.5), ElasticNet.fromScikitLearn(2.0, 0.25));
    assertEquals(new ElasticNet(0.3, 0.0), ElasticNet.fromScikitLearn(0.3, 1.0));
  }

  /** There and back again. */
  @Test
  void theNameElsewhereIsTheOneItWasConvertedFrom() {
    assertEquals(
        "equals PyTorch weight_decay 0.003 when the anchor is 0",
        L2.fromPyTorch(0.003).alsoKnownAs());
    assertEquals(
        "scikit-learn's alpha 2.0, l1_ratio 0.25 when the anchor is 0",
        ElasticNet.fromScikitLearn(2.0, 0.25).alsoKnownAs());
  }

  @Test
  void refusalsNameTheNumberThatWasGiven() {
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    String must = " must be finite and at least 0, got ";
    Failures.assertMessage(
        type, "L2.fromPyTorch: weightDecay" + must + "-1.0.", () -> L2.fromPyTorch(-1.0));
    Failures.assertMessage(type, "L2.fromKeras: l2" + must + "-0.5.", () -> L2.fromKeras(-0.5));
    Failures.assertMessage(
        type, "L2.fromLasagne: coefficient" + must + "NaN.", () -> L2.fromLasagne(Double.NaN));
    Failures.assertMessage(type, "L2.fromL2Sp: alpha" + must + "-2.0.", () -> L2.fromL2Sp(-2.0));
    Failures.assertMessage(type, "L1.fromKeras: l1" + must + "-2.0.", () -> L1.fromKeras(-2.0));
    Failures.assertMessage(
        type, "L1.fromLasagne: coefficient" + must + "-2.0.", () -> L1.fromLasagne(-2.0));
    Failures.assertMessage(
        type, "ElasticNet.fromKeras: l1" + must + "-1.0.", () -> ElasticNet.fromKeras(-1.0, 1.0));
    Failures.assertMessage(
        type, "ElasticNet.fromKeras: l2" + must + "-1.0.", () -> ElasticNet.fromKeras(1.0, -1.0));
    Failures.assertMessage(
        type,
        "ElasticNet.fromScikitLearn: alpha" + must + "Infinity.",
        () -> ElasticNet.fromScikitLearn(Double.POSITIVE_INFINITY, 0.5));
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      Failures.assertMessage(
          type,
          "ElasticNet.fromScikitLearn: l1Ratio must be in [0, 1], got " + wrong + ".",
          () -> ElasticNet.fromScikitLearn(1.0, wrong));
    }
  }
}
