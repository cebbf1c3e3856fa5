package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RegularizerTest {

  private final RandomGenerator random = Draw.seeded(11);
  private final Parameter table = new Parameter("table", Draw.gaussian(random, 4, 3));
  private final Parameter bias = new Parameter("bias", Draw.gaussian(random, 1, 3));

  private static <E extends Exception> String refusal(Class<E> type, Executable wrong) {
    return String.valueOf(assertThrows(type, wrong).getMessage());
  }

  private static void shift(Parameter parameter, double by) {
    parameter.update(
        values -> {
          for (int i = 0; i < values.data.length; i++) {
            values.data[i] += by;
          }
        });
  }

  private static double valueOf(Regularizer regularizer) {
    try (Tape tape = Tape.create()) {
      return regularizer.penalty(tape).toDouble();
    }
  }

  /** The anchor is fixed. A regularizer whose anchor follows the weight is zero forever. */
  @Nested
  class Anchors {

    @Test
    void initialValueIsADeepCopyOfTheWeight() {
      DMatrixRMaj start = table.toMatrix();
      Regularizer pull = Regularizer.l2(0.5).over(table).towardsInitialValue().inLoss();
      assertEquals(0.0, valueOf(pull));
      shift(table, 2.0);
      assertArrayEquals(start.data, pull.anchorOf(table).data);
      assertEquals(0.5 / 2.0 * 12 * 4.0, valueOf(pull), 1e-12);
      table.set(new DMatrixRMaj(4, 3));
      assertArrayEquals(start.data, pull.anchorOf(table).data);
    }

    @Test
    void initialValueIsThatOfTheMomentWhenTheRegularizerIsMade() {
      Regularizer.Builder unfinished = Regularizer.l2(0.5).over(table).towardsInitialValue();
      shift(table, 1.0);
      Regularizer first = unfinished.inLoss();
      assertArrayEquals(table.toMatrix().data, first.anchorOf(table).data);
      shift(table, 1.0);
      Regularizer second = unfinished.coupled();
      assertArrayEquals(table.toMatrix().data, second.anchorOf(table).data);
      assertEquals(Math.sqrt(12.0), first.drift(table), 1e-12);
    }

    @Test
    void givenMatrixIsCopied() {
      DMatrixRMaj given = Draw.gaussian(random, 4, 3);
      DMatrixRMaj original = given.copy();
      Regularizer.Builder builder = Regularizer.l2(1.0).over(table).towards(given);
      given.zero();
      Regularizer pull = builder.inLoss();
      given.set(0, 0, 100.0);
      assertArrayEquals(original.data, pull.anchorOf(table).data);
    }

    @Test
    void whatIsHandedOutIsACopyToo() {
      Regularizer pull = Regularizer.l2(1.0).over(table).towardsInitialValue().inLoss();
      double[] before = pull.anchorOf(table).data;
      pull.anchorOf(table).zero();
      assertArrayEquals(before, pull.anchorOf(table).data);
      assertEquals(0.0, valueOf(pull));
    }

    @Test
    void zeroHoldsUnlessSomethingElseIsSaidAndTheLastWordCounts() {
      DMatrixRMaj given = Draw.gaussian(random, 4, 3);
      assertZeros(Regularizer.l2(1.0).over(table).inLoss());
      assertZeros(Regularizer.l2(1.0).over(table).towardsInitialValue().towardsZero().inLoss());
      assertZeros(Regularizer.l2(1.0).over(table).towards(given).towardsZero().inLoss());
      assertArrayEquals(
          given.data,
          Regularizer.l2(1.0)
              .over(table)
              .towardsInitialValue()
              .towards(given)
              .inLoss()
              .anchorOf(table)
              .data);
      assertArrayEquals(
          table.toMatrix().data,
          Regularizer.l2(1.0)
              .over(table)
              .towards(given)
              .towardsInitialValue()
              .inLoss()
              .anchorOf(table)
              .data);
    }

    private void assertZeros(Regularizer regularizer) {
      assertArrayEquals(new double[12], regularizer.anchorOf(table).data);
    }

    @Test
    void refusesAnAnchorOfAnotherShape() {
      assertEquals(
          "regularizer: parameter \"table\" is 4×3, its anchor is 3×4 (both must have the same"
              + " shape).",
          refusal(
              ShapeException.class,
              () -> Regularizer.l2(1.0).over(table).towards(new DMatrixRMaj(3, 4)).inLoss()));
    }

    @Test
    void refusesAnAnchorThatIsNotFinite() {
      for (double wrong : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
        DMatrixRMaj given = new DMatrixRMaj(4, 3);
        given.set(2, 1, wrong);
        assertEquals(
            "regularizer: the anchor of \"table\" contains " + wrong + " (values must be finite).",
            refusal(
                IllegalArgumentException.class,
                () -> Regularizer.l2(1.0).over(table).towards(given).decoupled()));
      }
    }

    @Test
    void refusesAWeightThatIsNotFiniteAsItsOwnAnchor() {
      table.update(values -> values.set(1, 2, Double.NaN));
      assertEquals(
          "regularizer: the anchor of \"table\" contains NaN (values must be finite).",
          refusal(
              IllegalArgumentException.class,
              () -> Regularizer.l2(1.0).over(bias, table).towardsInitialValue().inLoss()));
    }

    @Test
    void mayBeOfOnesOwnMaking() {
      DMatrixRMaj shared = Draw.gaussian(random, 4, 3);
      Anchor own =
          new Anchor() {
            @Override
            public @Nullable DMatrixRMaj valueFor(Parameter parameter) {
              return parameter == table ? shared : null;
            }

            @Override
            public String describe(int parameters) {
              return "the word table, " + parameters + " parameters";
            }
          };
      Regularizer pull = Regularizer.l2(0.5).over(table, bias).towards(own).coupled();
      double[] before = shared.data.clone();
      shared.zero();
      assertArrayEquals(before, pull.anchorOf(table).data);
      assertArrayEquals(new double[3], pull.anchorOf(bias).data);
      assertTrue(
          pull.toString()
              .startsWith(
                  "0.5/2·‖W−W0‖² on table, bias, anchored at the word table, 2 parameters, coupled"),
          pull.toString());
      shared.set(0, 0, Double.NaN);
      assertEquals(
          "regularizer: the anchor of \"table\" contains NaN (values must be finite).",
          refusal(
              IllegalArgumentException.class,
              () -> Regularizer.l2(1.0).over(table).towards(own).inLoss()));
      assertEquals(
          "regularizer: parameter \"table\" is 4×3, its anchor is 1×3 (both must have the same"
              + " shape).",
          refusal(
              ShapeException.class,
              () -> Regularizer.l2(1.0).over(table).towards(Anchor.at(bias.toMatrix())).inLoss()));
    }

    @Test
    void wordsOfTheBuilderAreTheAnchorsOfTheLibrary() {
      DMatrixRMaj given = Draw.gaussian(random, 4, 3);
      assertEquals(
          Regularizer.l2(1.0).over(table).towards(given).inLoss().toString(),
          Regularizer.l2(1.0).over(table).towards(Anchor.at(given)).inLoss().toString());
      assertEquals(
          Regularizer.l2(1.0).over(table).towardsInitialValue().inLoss().toString(),
          Regularizer.l2(1.0).over(table).towards(Anchor.initialValue()).inLoss().toString());
      assertEquals(
          Regularizer.l2(1.0).over(table).towardsZero().inLoss().toString(),
          Regularizer.l2(1.0).over(table).towards(Anchor.zero()).inLoss().toString());
    }

    @Test
    void refusesOneAnchorForSeveralParameters() {
      assertEquals(
          "regularizer: one anchor was given for 2 parameters (need a scope of exactly one). Make"
              + " one regularizer for each.",
          refusal(
              IllegalArgumentException.class,
              () -> Regularizer.l2(1.0).over(table, bias).towards(table.toMatrix()).inLoss()));
    }

    @Test
    void anchorOfAStrangerIsRefused() {
      Regularizer pull = Regularizer.l2(1.0).over(table).inLoss();
      String message = "regularizer: parameter \"bias\" is not in its scope (table).";
      assertEquals(message, refusal(IllegalArgumentException.class, () -> pull.anchorOf(bias)));
      assertEquals(message, refusal(IllegalArgumentException.class, () -> pull.drift(bias)));
      assertEquals(
          message,
          refusal(
              IllegalArgumentException.class,
              () -> pull.addGradient(bias, bias.toMatrix(), 1.0, new DMatrixRMaj(1, 3))));
    }
  }

  @Nested
  class TheNode {

    @Test
    void isAScalarThatIsMarkedAsAPenaltyAndHasAGradient() {
      Regularizer pull = Regularizer.l2(0.3).over(table, bias).towardsInitialValue().inLoss();
      try (Tape tape = Tape.create()) {
        Variable penalty = pull.penalty(tape);
        assertEquals("1×1", penalty.shape().toString());
        assertTrue(penalty.isPenalty());
        assertTrue(penalty.isTracked());
        Gradients gradients = tape.gradients(penalty);
        assertTrue(gradients.reaches(table));
        assertTrue(gradients.reaches(bias));
      }
    }

    @Test
    void isTheSumOverTheParametersAndValueIsTheSameNumber() {
      Regularizer both = Regularizer.l2(0.3).over(table, bias).towardsInitialValue().inLoss();
      Regularizer first = Regularizer.l2(0.3).over(table).towardsInitialValue().inLoss();
      Regularizer second = Regularizer.l2(0.3).over(bias).towardsInitialValue().inLoss();
      shift(table, 0.7);
      shift(bias, -0.4);
      double sum = 0.3 / 2.0 * (12 * 0.49 + 3 * 0.16);
      assertEquals(sum, valueOf(both), 1e-12);
      assertEquals(valueOf(first) + valueOf(second), valueOf(both));
      assertEquals(valueOf(both), both.value());
    }

    @Test
    void readsTheLiveWeightInEveryStep() {
      Regularizer pull = Regularizer.l2(2.0).over(bias).towardsInitialValue().inLoss();
      double last = -1.0;
      try (Tape tape = Tape.create()) {
        for (int step = 0; step < 5; step++) {
          double value = pull.penalty(tape).toDouble();
          assertEquals(3.0 * step * step, value, 1e-12);
          assertTrue(value > last);
          last = value;
          tape.reset();
          shift(bias, 1.0);
        }
      }
    }

    @Test
    void mayBeAskedForTwiceInAStep() {
      Regularizer pull = Regularizer.l2(2.0).over(bias).inLoss();
      try (Tape tape = Tape.create()) {
        Variable once = pull.penalty(tape);
        Variable twice = once.plus(pull.penalty(tape));
        double[] single = tape.gradients(once).of(bias).toMatrix().data;
        double[] both = tape.gradients(twice).of(bias).toMatrix().data;
        for (int i = 0; i < 3; i++) {
          assertEquals(2.0 * single[i], both[i]);
        }
      }
    }

    @Test
    void gradientForOptimizersIsThatOfTheNode() {
      Regularizer pull = Regularizer.l2(0.37).over(table, bias).towardsInitialValue().inLoss();
      shift(table, 0.21);
      shift(bias, -1.3);
      try (Tape tape = Tape.create()) {
        Gradients gradients = tape.gradients(pull.penalty(tape));
        for (Parameter parameter : List.of(table, bias)) {
          DMatrixRMaj closed = new DMatrixRMaj(parameter.rows(), parameter.cols());
          pull.addGradient(parameter, parameter.toMatrix(), 1.0, closed);
          assertArrayEquals(gradients.of(parameter).toMatrix().data, closed.data);
        }
      }
    }

    @Test
    void standsInAnObjectiveUnderItsName() {
      Regularizer pull = Regularizer.l2(0.37).over(table).towardsInitialValue().inLoss();
      shift(table, 0.5);
      try (Tape tape = Tape.create()) {
        Objective objective =
            Objective.of("data", table.on(tape).sum()).plus("anchor", pull.penalty(tape));
        Objective.Audit.Line line = objective.audit().lines().get(1);
        assertEquals("anchor", line.term());
        assertEquals(pull.value(), line.value());
        double norm = line.gradientNorms().getOrDefault("table", Double.NaN);
        assertEquals(0.37 * pull.drift(table), norm, 1e-12);
      }
    }
  }

  @Nested
  class Frozen {

    @Test
    void parametersAreSkippedAndReported() {
      Regularizer pull = Regularizer.l2(0.3).over(table, bias).towardsInitialValue().inLoss();
      shift(table, 1.0);
      shift(bias, 1.0);
      double both = pull.value();
      bias.freeze();
      assertEquals(List.of(bias), pull.skipped());
      assertEquals(List.of(table, bias), pull.parameters());
      assertEquals(0.15 * 12.0, pull.value(), 1e-12);
      try (Tape tape = Tape.create()) {
        Variable penalty = pull.penalty(tape);
        assertEquals(pull.value(), penalty.toDouble());
        assertFalse(tape.gradients(penalty).contains(bias));
      }
      assertTrue(pull.toString().endsWith("; skipped because frozen: bias"), pull.toString());
      bias.thaw();
      assertEquals(List.of(), pull.skipped());
      assertEquals(both, pull.value());
      assertEquals(both, valueOf(pull));
    }

    @Test
    void allParametersAreRefused() {
      Regularizer pull = Regularizer.l2(0.3).over(table, bias).inLoss();
      table.freeze();
      bias.freeze();
      assertEquals(
          "regularizer: all of its parameters are frozen (table, bias), so its penalty has no"
              + " gradient. Thaw one, or leave the penalty out while isActive() is false.",
          refusal(IllegalStateException.class, () -> valueOf(pull)));
      assertEquals(0.0, pull.value());
      assertFalse(pull.isActive());
      bias.thaw();
      assertTrue(pull.isActive());
      assertTrue(valueOf(pull) > 0.0);
    }
  }

  @Nested
  class Distances {

    @Test
    void driftIsTheFrobeniusDistanceToTheAnchor() {
      Parameter weight = new Parameter("w", new DMatrixRMaj(1, 2, true, 1.0, 2.0));
      Regularizer initial = Regularizer.l2(0.1).over(weight).towardsInitialValue().inLoss();
      Regularizer zero = Regularizer.l2(0.1).over(weight).inLoss();
      assertEquals(0.0, initial.drift(weight));
      weight.set(new DMatrixRMaj(1, 2, true, 4.0, 6.0));
      assertEquals(5.0, initial.drift(weight));
      assertEquals(Math.sqrt(52.0), zero.drift(weight), 1e-15);
    }

    @Test
    void gradientIsAddedTimesAFactor() {
      Parameter weight = new Parameter("w", new DMatrixRMaj(1, 2, true, 4.0, 6.0));
      DMatrixRMaj anchor = new DMatrixRMaj(1, 2, true, 2.0, -2.0);
      Regularizer pull = Regularizer.l2(0.5).over(weight).towards(anchor).decoupled();
      DMatrixRMaj values = weight.toMatrix();
      DMatrixRMaj stepped = weight.toMatrix();
      pull.addGradient(weight, values, -0.5, stepped);
      assertArrayEquals(new double[] {3.5, 4.0}, stepped.data);
      values = stepped.copy();
      pull.addGradient(weight, values, -2.0, stepped);
      assertArrayEquals(anchor.data, stepped.data);
      values = stepped.copy();
      pull.addGradient(weight, values, -2.0, stepped);
      assertArrayEquals(anchor.data, stepped.data);
    }

    @Test
    void gradientIsNotAddedToTheWeightItselfNorToAnotherShape() {
      Regularizer pull = Regularizer.l2(0.5).over(table).decoupled();
      DMatrixRMaj values = table.toMatrix();
      assertEquals(
          "regularizer: the gradient of \"table\" cannot be added to the weight that it is computed"
              + " from. Add it to a buffer first.",
          refusal(
              IllegalArgumentException.class, () -> pull.addGradient(table, values, -1.0, values)));
      assertArrayEquals(table.toMatrix().data, values.data);
      assertEquals(
          "regularizer (weight, into): shapes differ: left is 4×3, right is 3×4 (both must have the"
              + " same shape).",
          refusal(
              ShapeException.class,
              () -> pull.addGradient(table, values, -1.0, new DMatrixRMaj(3, 4))));
    }

    @Test
    void overshootingRateIsRefused() {
      Regularizer pull = Regularizer.l2(0.5).over(table).towardsInitialValue().decoupled();
      assertEquals(2.0, pull.largestRate());
      assertEquals(
          "regularizer: a decoupled step with learning rate 2.5 would overshoot the anchor (at"
              + " most 2.0 for 0.5/2·‖W−W0‖²). Lower the rate or the strength.",
          refusal(IllegalArgumentException.class, () -> pull.requireStable(2.5)));
      pull.requireStable(2.0);
    }

    @Test
    void onlyDecoupledStepsAreLimited() {
      Regularizer.l2(0.5).over(table).inLoss().requireStable(1e9);
      Regularizer.l2(0.5).over(table).coupled().requireStable(1e9);
      Regularizer.l2(0.0).over(table).decoupled().requireStable(1e9);
      assertEquals(
          Double.POSITIVE_INFINITY, Regularizer.l2(0.5).over(table).coupled().largestRate());
    }
  }

  @Test
  void refusesToBeMadeWithoutAScope() {
    String message = "regularizer: it is not said which parameters to hold. Call over(…) first.";
    Regularizer.Builder unsaid = Regularizer.l2(0.1).towardsInitialValue();
    assertEquals(message, refusal(IllegalStateException.class, () -> unsaid.inLoss()));
    assertEquals(message, refusal(IllegalStateException.class, () -> unsaid.coupled()));
    assertEquals(message, refusal(IllegalStateException.class, () -> unsaid.decoupled()));
  }

  @Test
  void holdsEachParameterOnce() {
    Regularizer pull = Regularizer.l2(0.4).over(table, Scope.of(table, bias), bias).inLoss();
    assertEquals(List.of(table, bias), pull.parameters());
    assertTrue(pull.covers(table));
    assertFalse(pull.covers(new Parameter("table", table.toMatrix())));
  }

  @Test
  void saysWhatItDoesInOneSentence() {
    assertEquals(
        "0.001/2·‖W−W0‖² on table, anchored at its initial value, in the loss; equals PyTorch"
            + " weight_decay 0.001 when the anchor is 0",
        Regularizer.l2(1e-3).over(table).towardsInitialValue().inLoss().toString());
    assertEquals(
        "0.25/2·‖W−W0‖² on table, bias, anchored at initial values, coupled; equals PyTorch"
            + " weight_decay 0.25 when the anchor is 0",
        Regularizer.l2(0.25).over(table, bias).towardsInitialValue().coupled().toString());
    assertEquals(
        "0.25/2·‖W‖² on table, bias, anchored at 0, decoupled; equals PyTorch weight_decay 0.25"
            + " when the anchor is 0",
        Regularizer.l2(0.25).over(table, bias).decoupled().toString());
    assertEquals(
        "0.25/2·‖W−W0‖² on bias, anchored at a given matrix, in the loss; equals PyTorch"
            + " weight_decay 0.25 when the anchor is 0",
        Regularizer.l2(0.25).over(bias).towards(new DMatrixRMaj(1, 3)).inLoss().toString());
  }

  @Test
  void saysHowItReachesTheWeights() {
    assertEquals(Application.IN_LOSS, Regularizer.l2(1.0).over(table).inLoss().application());
    assertEquals(Application.COUPLED, Regularizer.l2(1.0).over(table).coupled().application());
    assertEquals(Application.DECOUPLED, Regularizer.l2(1.0).over(table).decoupled().application());
  }

  @Test
  void takesPenaltiesOfWholeMatrices() {
    Penalty penalty = new Orthogonality(0.3, Orthogonality.Side.COLUMNS);
    assertFalse(penalty.isRowwise());
    Regularizer pull = Regularizer.of(penalty).over(table).inLoss();
    DMatrixRMaj closed = new DMatrixRMaj(4, 3);
    pull.addGradient(table, table.toMatrix(), 1.0, closed);
    try (Tape tape = Tape.create()) {
      double[] node = tape.gradients(pull.penalty(tape)).of(table).toMatrix().data;
      assertArrayEquals(node, closed.data, 1e-13);
    }
  }

  @Test
  void everyPenaltyCanBeStartedFrom() {
    DMatrixRMaj ones = new DMatrixRMaj(1, 3, true, 1.0, 1.0, 1.0);
    DMatrixRMaj one = new DMatrixRMaj(1, 1, true, 1.0);
    assertEquals(new L1(0.5), first(Regularizer.l1(0.5)));
    assertEquals(new ElasticNet(0.5, 0.25), first(Regularizer.elasticNet(0.5, 0.25)));
    assertEquals(GroupLasso.of(0.5, Groups.COLS), first(Regularizer.groupLasso(0.5, Groups.COLS)));
    assertEquals(new Huber(0.5, 0.25), first(Regularizer.huber(0.5, 0.25)));
    assertEquals("0.5/2·Σ F⊙W²", first(Regularizer.diagonalL2(0.5, ones)).formula(false));
    assertEquals("0.5/2·Σ rᵢ‖Wᵢ‖²", first(Regularizer.rowL2(0.5, one)).formula(false));
    assertEquals(
        new Orthogonality(0.5, Orthogonality.Side.ROWS),
        first(Regularizer.orthogonality(0.5, Orthogonality.Side.ROWS)));
    assertEquals(new SpectralNorm(0.5), first(Regularizer.spectralNorm(0.5)));
    assertEquals(new SpectralNormSquared(0.5), first(Regularizer.spectralNormSquared(0.5)));
    assertEquals(new NuclearNorm(0.5), first(Regularizer.nuclearNorm(0.5)));
  }

  private Restraint first(Regularizer.Builder builder) {
    return builder.over(bias).inLoss().restraint();
  }

  @Test
  void takesAnyPenalty() {
    Regularizer pull = Regularizer.of(new L2(0.5)).over(bias).inLoss();
    assertEquals(Regularizer.l2(0.5).over(bias).inLoss().value(), pull.value());
    assertEquals(Regularizer.l2(0.5).over(bias).inLoss().toString(), pull.toString());
    assertEquals(new L2(0.5), pull.restraint());
  }
}
