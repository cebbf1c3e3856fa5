package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.DiagonalL2;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.Huber;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.RowL2;
import io.github.backstay.regularizers.Scope;
import io.github.backstay.regularizers.SpectralNormSquared;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OptimizerTest {

  private final Parameter first = parameter("first", 1.0, 2.0);
  private final Parameter second = parameter("second", -1.0, 4.0);

  private static Parameter parameter(String name, double... values) {
    return new Parameter(name, new DMatrixRMaj(1, values.length, true, values));
  }

  private static void assertValues(Parameter parameter, double... expected) {
    assertArrayEquals(expected, parameter.toMatrix().data);
  }

  private static String refusal(Executable wrong) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  // ---- groups -------------------------------------------------------------------------------

  @Test
  void eachGroupHasItsOwnRule() {
    Optimizer optimizer =
        Optimizer.builder()
            .group("slow", first, Sgd.of(0.25))
            .group("fast", second, Sgd.of(0.5).withMomentum(0.5))
            .build();
    for (int t = 0; t < 2; t++) {
      GivenGradients.of(first, 1.0, 2.0).and(second, 1.0, 2.0).step(optimizer);
    }
    assertValues(first, 0.5, 1.0);
    assertValues(second, -2.25, 1.5);
    assertEquals(List.of("slow", "fast"), optimizer.groups());
    assertEquals(List.of(), List.copyOf(optimizer.slots(first).keySet()));
    assertArrayEquals(new double[] {1.5, 3.0}, slot(optimizer, second, "momentum"));
  }

  private static double[] slot(Optimizer optimizer, Parameter parameter, String name) {
    DMatrixRMaj slot = optimizer.slots(parameter).get(name);
    assertTrue(slot != null, name);
    return slot == null ? new double[0] : slot.data;
  }

  @Test
  void eachGroupHasItsOwnRateAndItCanBeChanged() {
    Optimizer optimizer =
        Optimizer.builder().group("a", first, Sgd.of(0.25)).group("b", second, Sgd.of(0.5)).build();
    optimizer.setLearningRate("a", 1.0);
    assertEquals(1.0, optimizer.learningRate("a"));
    assertEquals(0.5, optimizer.learningRate("b"));
    GivenGradients.of(first, 1.0, 1.0).and(second, 1.0, 1.0).step(optimizer);
    assertValues(first, 0.0, 1.0);
    assertValues(second, -1.5, 3.5);
    optimizer.setLearningRate("b", 0.0);
    GivenGradients.of(second, 1.0, 1.0).step(optimizer);
    assertValues(second, -1.5, 3.5);
  }

  @Test
  void eachGroupHasItsOwnRegularizers() {
    Regularizer one = Regularizer.l2(0.5).over(first).coupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("held", first, Sgd.of(0.5), one)
            .group("free", second, Sgd.of(0.5))
            .build();
    GivenGradients.of(first, 0.0, 0.0).and(second, 0.0, 0.0).step(optimizer);
    assertValues(first, 0.75, 1.5);
    assertValues(second, -1.0, 4.0);
  }

  @Test
  void aRegularizerMayBeGivenToSeveralGroups() {
    Regularizer both = Regularizer.l2(0.5).over(first, second).coupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Sgd.of(0.5), both)
            .group("b", second, Sgd.of(0.25), both)
            .build();
    GivenGradients.of(first, 0.0, 0.0).and(second, 0.0, 0.0).step(optimizer);
    assertValues(first, 0.75, 1.5);
    assertValues(second, -0.875, 3.5);
    assertEquals(List.of(), optimizer.notes(), "it acts once on each");
  }

  @Test
  void refusesARegularizerThatCoversWhatItWouldNotHold() {
    Regularizer both = Regularizer.l2(0.5).over(first, second).coupled();
    String message =
        "optimizer: the regularizer ("
            + both
            + ") covers second, but was given to no group with that parameter and would not hold it."
            + " Give it to their group too, or narrow its scope.";
    Optimizer.Builder apart =
        Optimizer.builder().group("a", first, Sgd.of(0.5), both).group("b", second, Sgd.of(0.5));
    assertEquals(message, refusal(apart::build));
    Optimizer.Builder none = Optimizer.builder().group("a", first, Sgd.of(0.5), both);
    assertEquals(message, refusal(none::build));
    assertEquals(List.of("a", "b"), none.group("b", second, Sgd.of(0.5), both).build().groups());
    Parameter third = parameter("third", 1.0);
    Regularizer three = Regularizer.l2(0.5).over(first, second, third).coupled();
    assertEquals(
        "optimizer: the regularizer ("
            + three
            + ") covers second, third, but was given to no group with those parameters and would not"
            + " hold them. Give it to their group too, or narrow its scope.",
        refusal(() -> Optimizer.builder().group("a", first, Sgd.of(0.5), three).build()));
  }

  @Test
  void oneRuleForAllMakesAGroupOfThatName() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.25), first, second);
    assertEquals(List.of("all"), optimizer.groups());
    assertEquals(0.25, optimizer.learningRate("all"));
    GivenGradients.of(first, 4.0, 0.0).and(second, 0.0, 4.0).step(optimizer);
    assertValues(first, 0.0, 2.0);
    assertValues(second, -1.0, 3.0);
  }

  @Test
  void saysWhatItHolds() {
    Regularizer pull = Regularizer.l2(0.5).over(first).coupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("held", first, Sgd.of(0.5), pull)
            .group("free", second, Sgd.of(0.25))
            .build();
    assertEquals(
        "optimizer\n"
            + "  held: 1 parameters, "
            + Sgd.of(0.5)
            + ", ["
            + pull
            + "]\n"
            + "  free: 1 parameters, "
            + Sgd.of(0.25),
        optimizer.toString());
  }

  @Test
  void refusesAGroupNameTwice() {
    Optimizer.Builder builder = Optimizer.builder().group("a", first, Sgd.of(0.1));
    assertEquals(
        "optimizer: there is a group \"a\" already. Give each its own name.",
        refusal(() -> builder.group("a", second, Sgd.of(0.1))));
  }

  @Test
  void refusesAParameterInTwoGroups() {
    Optimizer.Builder builder = Optimizer.builder().group("a", first, Sgd.of(0.1));
    assertEquals(
        "optimizer: parameter \"first\" is in group \"a\" already and would be stepped twice."
            + " Leave it out of group \"b\".",
        refusal(() -> builder.group("b", Scope.of(second, first), Sgd.of(0.1))));
  }

  @Test
  void aRefusedGroupLeavesNoTrace() {
    Optimizer.Builder builder = Optimizer.builder().group("a", first, Sgd.of(0.5));
    Regularizer inLoss = Regularizer.l2(0.1).over(second).inLoss();
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.group("b", Scope.of(second, first), Sgd.of(0.5)));
    assertThrows(
        IllegalArgumentException.class, () -> builder.group("b", second, Sgd.of(0.5), inLoss));
    Optimizer optimizer = builder.group("b", second, Sgd.of(0.5)).build();
    assertEquals(List.of("a", "b"), optimizer.groups());
    GivenGradients.of(second, 2.0, 2.0).step(optimizer);
    assertValues(second, -2.0, 3.0);
  }

  @Test
  void anOptimizerDoesNotChangeWithItsBuilder() {
    Optimizer.Builder builder = Optimizer.builder().group("a", first, Sgd.of(0.5));
    Optimizer optimizer = builder.build();
    builder.group("b", second, Sgd.of(0.5));
    assertEquals(List.of("a"), optimizer.groups());
  }

  @Test
  void optimizersOfOneBuilderAreIndependentAndInTheirFirstState() {
    Optimizer.Builder builder =
        Optimizer.builder().group("a", first, Sgd.of(0.5).withMomentum(0.5));
    Optimizer one = builder.build();
    one.setLearningRate("a", 0.25);
    GivenGradients.of(first, 1.0, 2.0).step(one);
    Optimizer other = builder.build();
    assertEquals(0, other.steps(first));
    assertEquals(0.5, other.learningRate("a"));
    assertArrayEquals(new double[2], slot(other, first, "momentum"));
    first.set(new DMatrixRMaj(1, 2, true, 1.0, 2.0));
    GivenGradients.of(first, 1.0, 2.0).step(other);
    assertValues(first, 0.5, 1.0);
    assertEquals(1, one.steps(first));
    assertArrayEquals(new double[] {1.0, 2.0}, slot(one, first, "momentum"));
  }

  @Test
  void notesDoublePulls() {
    Regularizer zero = Regularizer.l2(0.5).over(first).coupled();
    Regularizer nothing = Regularizer.l2(0.0).over(first).coupled();
    Regularizer anchored = Regularizer.l2(0.25).over(first).towardsInitialValue().decoupled();
    Optimizer decaying =
        Optimizer.builder()
            .group("a", first, Sgd.of(0.5).withWeightDecay(0.1), zero, nothing)
            .group("b", second, Adam.adamW(0.1, 0.01))
            .build();
    String note =
        "parameter \"first\" is pulled by 2 terms: weightDecay 0.1 of its rule, to 0; and by"
            + " regularizer ("
            + zero
            + ").";
    assertEquals(List.of(note), decaying.notes());
    assertTrue(decaying.toString().endsWith("\n  note: " + note), decaying.toString());
    Optimizer two = Optimizer.builder().group("a", first, Sgd.of(0.5), zero, anchored).build();
    assertEquals(
        List.of(
            "parameter \"first\" is pulled by 2 terms: regularizer ("
                + zero
                + "); and by regularizer ("
                + anchored
                + ")."),
        two.notes());
    Optimizer one = Optimizer.builder().group("a", first, Sgd.of(0.5), zero, nothing).build();
    assertEquals(List.of(), one.notes());
  }

  /** Whatever has squares of the distance in it counts, if its strength is not 0. */
  @Test
  void notesDoublePullsOfEveryL2Type() {
    DMatrixRMaj ones = new DMatrixRMaj(1, 2, true, 1.0, 1.0);
    DMatrixRMaj none = new DMatrixRMaj(1, 2);
    DMatrixRMaj one = new DMatrixRMaj(1, 1, true, 1.0);
    List<Restraint> pulling =
        List.of(
            new L2(0.5),
            new ElasticNet(0.1, 0.5),
            new RowL2(0.5, one),
            new DiagonalL2(0.5, ones),
            new ElasticNet(0.0, 0.5));
    List<Restraint> others =
        List.of(
            new L2(0.0),
            new L1(0.5),
            new ElasticNet(0.5, 0.0),
            new RowL2(0.0, one),
            new RowL2(0.5, new DMatrixRMaj(1, 1)),
            new DiagonalL2(0.0, ones),
            new DiagonalL2(0.5, none),
            new Huber(0.5, 1.0),
            GroupLasso.of(0.5, Groups.ALL),
            new SpectralNormSquared(0.5));
    for (Restraint restraint : pulling) {
      Regularizer pull = Regularizer.of(restraint).over(first).towardsInitialValue().coupled();
      Optimizer twice =
          Optimizer.builder().group("a", first, Sgd.of(0.1).withWeightDecay(0.25), pull).build();
      assertEquals(
          List.of(
              "parameter \"first\" is pulled by 2 terms: weightDecay 0.25 of its rule, to 0; and by"
                  + " regularizer ("
                  + pull
                  + ")."),
          twice.notes());
      Optimizer once = Optimizer.builder().group("a", first, Sgd.of(0.1), pull).build();
      assertEquals(List.of(), once.notes());
    }
    for (Restraint restraint : others) {
      Regularizer pull = Regularizer.of(restraint).over(first).towardsInitialValue().coupled();
      Optimizer optimizer =
          Optimizer.builder().group("a", first, Sgd.of(0.1).withWeightDecay(0.25), pull).build();
      assertEquals(List.of(), optimizer.notes(), restraint::toString);
    }
    Regularizer ball =
        Regularizer.ball(1.0, Groups.ALL).over(first).towardsInitialValue().proximal();
    Optimizer bounded = Optimizer.builder().group("a", first, Adam.adamW(0.1, 0.1), ball).build();
    assertEquals(List.of(), bounded.notes());
  }

  /** What law 7 of the forum's bug is about: coupled, Adam divides the strength out again. */
  @Test
  void notesCoupledPullsUnderRulesThatScaleGradients() {
    Regularizer.Builder pull = Regularizer.l2(0.5).over(first).towardsInitialValue();
    Regularizer coupled = pull.coupled();
    String note =
        "group \"a\": the rule scales every entry's gradient by its history, and with it the"
            + " strength of the coupled regularizer ("
            + coupled
            + "). Make it decoupled() for one strength.";
    List<UpdateRule> adaptive =
        List.of(
            Adam.of(0.1),
            Adagrad.of(0.1),
            RmsProp.of(0.1),
            Adadelta.of(0.1),
            Adamax.of(0.1),
            NAdam.of(0.1),
            RAdam.of(0.1),
            Rprop.of(0.1));
    for (UpdateRule rule : adaptive) {
      Optimizer optimizer = Optimizer.builder().group("a", first, rule, coupled).build();
      assertEquals(List.of(note), optimizer.notes());
      assertTrue(optimizer.toString().endsWith("\n  note: " + note), optimizer.toString());
      for (Regularizer other : List.of(pull.decoupled(), pull.proximal())) {
        Optimizer apart = Optimizer.builder().group("a", first, rule, other).build();
        assertEquals(List.of(), apart.notes());
      }
    }
    Optimizer plain =
        Optimizer.builder().group("a", first, Sgd.of(0.1).withMomentum(0.9), coupled).build();
    assertEquals(List.of(), plain.notes());
  }

  @Test
  void refusesARegularizerThatBelongsInTheLoss() {
    Regularizer inLoss = Regularizer.l2(0.1).over(first).towardsInitialValue().inLoss();
    assertEquals(
        "optimizer: group \"a\" was given a regularizer that belongs in the loss ("
            + inLoss
            + "). Add regularizer.penalty(tape) to the objective, or make it coupled(),"
            + " decoupled() or proximal().",
        refusal(() -> Optimizer.builder().group("a", first, Sgd.of(0.1), inLoss)));
  }

  @Test
  void refusesARegularizerThatCoversNothingOfItsGroup() {
    Regularizer other = Regularizer.l2(0.1).over(second).coupled();
    assertEquals(
        "optimizer: the regularizer ("
            + other
            + ") covers no parameter of group \"a\" and would do nothing.",
        refusal(() -> Optimizer.builder().group("a", first, Sgd.of(0.1), other)));
  }

  @Test
  void refusesTheSameRegularizerTwice() {
    Regularizer pull = Regularizer.l2(0.5).over(first).towardsInitialValue().coupled();
    assertEquals(
        "optimizer: group \"a\" was given the same regularizer twice ("
            + pull
            + ") and would pull twice as hard. Give it once.",
        refusal(() -> Optimizer.builder().group("a", first, Sgd.of(0.1), pull, pull)));
  }

  @Test
  void refusesARateThatOvershootsADecoupledAnchor() {
    Regularizer pull = Regularizer.l2(2.0).over(first).towardsInitialValue().decoupled();
    String message =
        "regularizer: a decoupled step with learning rate 0.75 would overshoot the anchor (at most"
            + " 0.5 for 2.0/2·‖W−W0‖²). Lower the rate or the strength.";
    assertEquals(message, refusal(() -> Optimizer.builder().group("a", first, Sgd.of(0.75), pull)));
    Optimizer optimizer = Optimizer.builder().group("a", first, Sgd.of(0.5), pull).build();
    assertEquals(message, refusal(() -> optimizer.setLearningRate("a", 0.75)));
    assertEquals(0.5, optimizer.learningRate("a"));
  }

  @Test
  void refusesUnknownGroupsAndParametersByName() {
    Optimizer optimizer =
        Optimizer.builder().group("a", first, Sgd.of(0.1)).group("b", second, Sgd.of(0.1)).build();
    Parameter stranger = parameter("stranger", 0.0);
    assertEquals(
        "optimizer: there is no group \"c\" (groups: [a, b]).",
        refusal(() -> optimizer.learningRate("c")));
    assertEquals(
        "optimizer: there is no group \"c\" (groups: [a, b]).",
        refusal(() -> optimizer.setLearningRate("c", 0.1)));
    assertEquals(
        "optimizer: parameter \"stranger\" is in none of its groups.",
        refusal(() -> optimizer.steps(stranger)));
    assertEquals(
        "optimizer: parameter \"stranger\" is in none of its groups.",
        refusal(() -> optimizer.slots(stranger)));
  }

  @Test
  void refusesRatesThatAreNone() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.1), first);
    for (double wrong : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "optimizer: learningRate must be finite and at least 0, got " + wrong + ".",
          refusal(() -> optimizer.setLearningRate("all", wrong)));
    }
    assertEquals(0.1, optimizer.learningRate("all"));
  }

  @Test
  void refusesToBeEmpty() {
    assertEquals(
        "optimizer: there is no group. Call group(…) first.",
        assertThrows(IllegalStateException.class, () -> Optimizer.builder().build()).getMessage());
    assertEquals(
        "scope: there are no parameters to choose from.", refusal(() -> Optimizer.of(Sgd.of(0.1))));
  }

  // ---- steps --------------------------------------------------------------------------------

  @Test
  void refusesAnObjectiveThatIsNotFiniteAndChangesNothing() {
    Optimizer optimizer =
        Optimizer.builder()
            .group(
                "a",
                Scope.of(first, second),
                Adam.of(0.1),
                Regularizer.l2(1.0).over(first).decoupled())
            .build();
    GivenGradients.of(first, 1.0, 1.0).step(optimizer);
    double[] values = first.toMatrix().data;
    double[] moment = slot(optimizer, first, "m");
    try (Tape tape = Tape.create()) {
      Variable fine = first.on(tape).squaredNorm(1.0);
      Variable broken = second.on(tape).log().sum();
      Objective objective = Objective.of("data", broken).plus("pull", fine);
      ArithmeticException refused =
          assertThrows(ArithmeticException.class, () -> optimizer.step(objective));
      assertEquals(
          "optimizer: the objective is NaN (data = NaN, pull = "
              + fine.toDouble()
              + "), so its gradient would spoil the weights; nothing was changed. A debug tape"
              + " shows where the first NaN or infinity is made.",
          refused.getMessage());
      Objective infinite = Objective.of("data", second.on(tape).scale(1e3).exp().sum());
      String message =
          String.valueOf(
              assertThrows(ArithmeticException.class, () -> optimizer.step(infinite)).getMessage());
      assertTrue(
          message.startsWith("optimizer: the objective is Infinity (data = Infinity)"), message);
    }
    assertValues(first, values);
    assertValues(second, -1.0, 4.0);
    assertArrayEquals(moment, slot(optimizer, first, "m"));
    assertEquals(1, optimizer.steps(first));
    assertEquals(0, optimizer.steps(second));
  }

  @Test
  void aParameterSharedByTwoModulesIsSteppedOnce() {
    Parameterized encoder = () -> List.of(first, second);
    Parameterized decoder = () -> List.of(second);
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), encoder, decoder);
    try (Tape tape = Tape.create()) {
      Variable twice = second.on(tape).sum().plus(second.on(tape).sum());
      optimizer.step(Objective.of("data", twice));
    }
    assertValues(second, -2.0, 3.0);
    assertEquals(1, optimizer.steps(second));
  }

  @Test
  void aFrozenParameterIsLeftAloneWithAllItRemembers() {
    Regularizer pull = Regularizer.l2(0.5).over(first, second).decoupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("all", Scope.of(first, second), Sgd.of(0.5).withMomentum(0.5), pull)
            .build();
    GivenGradients.of(first, 1.0, 1.0).and(second, 1.0, 1.0).step(optimizer);
    double[] frozen = first.toMatrix().data;
    double[] moving = second.toMatrix().data;
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(first.on(tape).sum().plus(second.on(tape).sum()));
      first.freeze();
      optimizer.step(gradients);
    }
    assertValues(first, frozen);
    assertTrue(second.get(0, 0) < moving[0]);
    assertEquals(1, optimizer.steps(first));
    assertArrayEquals(new double[] {1.0, 1.0}, slot(optimizer, first, "momentum"));
    first.thaw();
    GivenGradients.of(first, 1.0, 1.0).step(optimizer);
    assertEquals(2, optimizer.steps(first));
    assertArrayEquals(new double[] {1.5, 1.5}, slot(optimizer, first, "momentum"));
  }

  @Test
  void aParameterThatNoGradientReachesKeepsValueMomentsAndCount() {
    for (UpdateRule rule : List.of(Adam.adamW(0.1, 0.1), Sgd.of(0.1).withMomentum(0.9))) {
      Optimizer optimizer = Optimizer.of(rule, first, second);
      GivenGradients.of(first, 1.0, -1.0).and(second, 1.0, 1.0).step(optimizer);
      double[] kept = first.toMatrix().data;
      long version = first.version();
      String slots = optimizer.slots(first).toString();
      GivenGradients.of(second, 1.0, 1.0).step(optimizer);
      try (Tape tape = Tape.create()) {
        Variable cut = first.on(tape).detach().sum();
        Gradients gradients = tape.gradients(second.on(tape).sum().plus(cut));
        assertTrue(gradients.contains(first) && !gradients.reaches(first));
        optimizer.step(gradients);
      }
      assertValues(first, kept);
      assertEquals(version, first.version(), "not even written");
      assertEquals(slots, optimizer.slots(first).toString());
      assertEquals(1, optimizer.steps(first));
      assertEquals(3, optimizer.steps(second));
    }
  }

  /** A gradient of zeros is a gradient: momentum carries on and the step counts. */
  @Test
  void aGradientOfZerosIsAStep() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5).withMomentum(0.5), first);
    GivenGradients.of(first, 1.0, 2.0).step(optimizer);
    GivenGradients.of(first, 0.0, 0.0).step(optimizer);
    assertValues(first, 0.25, 0.5);
    assertEquals(2, optimizer.steps(first));
  }

  @Test
  void aParameterOutsideTheGroupsIsNotTouched() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), first);
    GivenGradients.of(first, 1.0, 1.0).and(second, 1.0, 1.0).step(optimizer);
    assertValues(second, -1.0, 4.0);
  }

  @Test
  void slotsAreHandedOutAsCopies() {
    Optimizer optimizer = Optimizer.of(Adam.of(0.5), first);
    GivenGradients.of(first, 1.0, 2.0).step(optimizer);
    assertEquals(List.of("m", "v"), List.copyOf(optimizer.slots(first).keySet()));
    double[] before = slot(optimizer, first, "m");
    optimizer.slots(first).values().forEach(DMatrixRMaj::zero);
    assertArrayEquals(before, slot(optimizer, first, "m"));
  }

  @Test
  void refusesToStepTheSameGradientsTwice() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5).withMomentum(0.9), first, second);
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(first.on(tape).sum().plus(second.on(tape).sum()));
      optimizer.step(gradients);
      String message =
          String.valueOf(
              assertThrows(IllegalStateException.class, () -> optimizer.step(gradients))
                  .getMessage());
      assertTrue(message.startsWith("gradients: parameter \"first\" was changed after"), message);
    }
    assertValues(first, 0.5, 1.5);
    assertValues(second, -1.5, 3.5);
  }

  @Test
  void refusesGradientsOfWhichOneIsOutOfDateAndChangesNothing() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5).withMomentum(0.9), first, second);
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(first.on(tape).sum().plus(second.on(tape).sum()));
      second.set(0, 0, 7.0);
      assertThrows(IllegalStateException.class, () -> optimizer.step(gradients));
    }
    assertValues(first, 1.0, 2.0);
    assertValues(second, 7.0, 4.0);
    assertEquals(0, optimizer.steps(first));
    assertArrayEquals(new double[2], slot(optimizer, first, "momentum"));
  }

  @Test
  void refusesGradientsThatAreNotFiniteAndChangesNothing() {
    Parameter zero = parameter("zero", 4.0, 0.0);
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Adam.of(0.1), Regularizer.l2(1.0).over(first).decoupled())
            .group("b", zero, Adam.of(0.1))
            .build();
    try (Tape tape = Tape.create()) {
      Objective objective =
          Objective.of("data", first.on(tape).sum()).plus("root", zero.on(tape).sqrt().sum());
      assertTrue(Double.isFinite(objective.value()));
      assertEquals(
          "optimizer: the gradient of parameter \"zero\" contains NaN or infinity and would spoil"
              + " the weights; nothing was changed. A debug tape shows where the first NaN or"
              + " infinity is made.",
          assertThrows(ArithmeticException.class, () -> optimizer.step(objective)).getMessage());
    }
    assertValues(first, 1.0, 2.0);
    assertValues(zero, 4.0, 0.0);
    assertEquals(0, optimizer.steps(first));
  }

  @Test
  void aFrozenParameterMayHaveAnyGradient() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), first, second);
    second.set(0, 0, 0.0);
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(first.on(tape).sum().plus(second.on(tape).sqrt().sum()));
      second.freeze();
      optimizer.step(gradients);
    }
    assertValues(first, 0.5, 1.5);
    assertValues(second, 0.0, 4.0);
  }

  @Test
  void refusesAStepThatWouldChangeNothing() {
    Parameter stranger = parameter("stranger", 1.0);
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), first, second);
    String message =
        "optimizer: the gradients reach none of its trainable parameters, so a step would change"
            + " nothing (they are of stranger; the optimizer holds first, second). Compute the loss"
            + " from parameter.on(tape) of these, or give the others to a group.";
    assertEquals(message, refusal(() -> GivenGradients.of(stranger, 1.0).step(optimizer)));
    try (Tape tape = Tape.create()) {
      Variable cut = first.on(tape).detach().sum();
      Gradients gradients = tape.gradients(stranger.on(tape).sum().plus(cut));
      assertEquals(message, refusal(() -> optimizer.step(gradients)));
    }
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(first.on(tape).sum());
      first.freeze();
      String frozenMeanwhile = refusal(() -> optimizer.step(gradients));
      assertTrue(frozenMeanwhile.contains("(they are of first; "), frozenMeanwhile);
    }
    second.freeze();
    IllegalStateException frozen =
        assertThrows(
            IllegalStateException.class, () -> GivenGradients.of(stranger, 1.0).step(optimizer));
    assertEquals(
        "optimizer: all of its parameters are frozen (first, second), so a step would change"
            + " nothing. Thaw one before the forward pass.",
        frozen.getMessage());
  }

  @Test
  void regularizersAloneAreReasonEnoughToStep() {
    Parameter stranger = parameter("stranger", 1.0);
    Regularizer pull = Regularizer.l2(0.5).over(first).decoupled();
    Optimizer optimizer = Optimizer.builder().group("a", first, Sgd.of(0.5), pull).build();
    GivenGradients.of(stranger, 1.0).step(optimizer);
    assertValues(first, 0.75, 1.5);
  }

  @Test
  void theTapeNoticesTheStep() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), first);
    try (Tape tape = Tape.create()) {
      optimizer.step(Objective.of("data", first.on(tape).sum()));
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> first.on(tape));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("Call tape.reset() after every update."), message);
    }
  }
}
