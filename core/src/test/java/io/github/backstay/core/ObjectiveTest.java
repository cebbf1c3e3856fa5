package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectiveTest {

  private final Tape tape = Tape.create();
  private final Parameter w = new Parameter("w", Matrices.of(1, 2, 3.0, 4.0));
  private final Parameter v = new Parameter("v", Matrices.of(1, 2, 1.0, 2.0));

  @AfterEach
  void closeTape() {
    tape.close();
  }

  @Test
  void addsItsTerms() {
    Variable data = w.on(tape).dot(v.on(tape));
    Variable pull = w.on(tape).squaredNorm(2.0);
    Objective first = Objective.of("data", data);
    Objective both = first.plus("pull", pull);
    assertEquals(11.0, first.value());
    assertEquals(36.0, both.value());
    assertEquals(36.0, both.total().toDouble());
    assertEquals(List.of("data", "pull"), both.terms().stream().map(Objective.Term::name).toList());
    assertEquals("objective data", first.toString());
    assertEquals("objective data + pull", both.toString());
    Gradients gradients = both.gradients();
    Matrices.assertBits(Matrices.of(1, 2, 7.0, 10.0), gradients.of(w).toMatrix(), "w");
    Matrices.assertBits(Matrices.of(1, 2, 3.0, 4.0), gradients.of(v).toMatrix(), "v");
    assertThrows(UnsupportedOperationException.class, () -> both.terms().clear());
  }

  @Test
  void refusesADetachedTermAndSaysWhereItWasCut() {
    Objective data = Objective.of("data", w.on(tape).sum());
    Variable detached = w.on(tape).square().detach().sum();
    String message =
        "objective: no trainable parameter can be reached from term \"pull\", so it would move the"
            + " printed loss and no weight: the path is cut at detach 1×2 (#3), which lets no"
            + " gradient through to square 1×2 (#2). Compute the term from parameter.on(tape); to"
            + " log a number use report(\"pull\", value).";
    assertMessage(IllegalArgumentException.class, message, () -> data.plus("pull", detached));
    assertMessage(IllegalArgumentException.class, message, () -> Objective.of("pull", detached));
  }

  @Test
  void namesTheFirstOfSeveralCuts() {
    Variable early = w.on(tape).sign();
    Variable late = v.on(tape).detach();
    Variable term = late.plus(early).sum();
    String message =
        Failures.messageOf(IllegalArgumentException.class, () -> Objective.of("t", term));
    assertTrue(
        message.contains(
            "the path is cut at sign 1×2 (#1), which lets no gradient through to parameter \"w\""
                + " 1×2 (#0)"),
        message);
  }

  @Test
  void refusesTermsFromConstantsAndFrozenParameters() {
    v.freeze();
    Variable copied = tape.constant(w.toMatrix()).squaredNorm(1.0);
    Variable frozen = v.on(tape).squaredNorm(1.0);
    assertMessage(
        IllegalArgumentException.class,
        "objective: no trainable parameter can be reached from term \"l2\", so it would move the"
            + " printed loss and no weight: it is computed from constants alone, the first being"
            + " constant 1×2 (#0). Compute the term from parameter.on(tape); to log a number use"
            + " report(\"l2\", value).",
        () -> Objective.of("l2", copied));
    assertMessage(
        IllegalArgumentException.class,
        "objective: no trainable parameter can be reached from term \"l2\", so it would move the"
            + " printed loss and no weight: it reads only frozen parameters, such as \"v\"."
            + " Thaw one, or leave the term out; to log a number use report(\"l2\", value).",
        () -> Objective.of("l2", frozen));
    Variable free = tape.variable(w.toMatrix()).squaredNorm(1.0);
    assertTrue(free.isTracked());
    assertFalse(free.reachesParameter());
    assertMessage(
        IllegalArgumentException.class,
        "objective: no trainable parameter can be reached from term \"l2\", so it would move the"
            + " printed loss and no weight: it reads only free variable 1×2 (#4), a copy of values"
            + " that trains no parameter. Compute the term from parameter.on(tape); to log a number"
            + " use report(\"l2\", value).",
        () -> Objective.of("l2", free));
  }

  @Test
  void belongsToItsStepAlsoWhereVariablesAreUsedAgain() {
    try (Tape recycling = Tape.builder().recycleVariables().build()) {
      Objective first = Objective.of("data", w.on(recycling).square().sum());
      recycling.reset();
      Objective second = Objective.of("data", w.on(recycling).square().sum());
      assertTrue(second.value() > 0.0);
      assertMessage(
          IllegalStateException.class,
          "objective: it belongs to a step that has ended (the tape was reset). Make a new one in"
              + " every step.",
          first::gradients);
    }
  }

  @Test
  void refusesTermsThatAreNotScalarAndNamesThatAreTaken() {
    Objective data = Objective.of("data", w.on(tape).sum());
    Variable row = w.on(tape).square();
    assertMessage(
        ShapeException.class,
        "objective: term \"pull\" is 1×2 but must be 1×1. Reduce it with sum() or mean().",
        () -> data.plus("pull", row));
    assertMessage(
        ShapeException.class,
        "objective: term \"pull\" is 1×2 but must be 1×1. Reduce it with sum() or mean().",
        () -> data.plusDetached("pull", row.detach()));
    assertMessage(
        IllegalArgumentException.class,
        "objective: there is a term \"data\" already. Give each its own name.",
        () -> data.plus("data", row.sum()));
    assertMessage(
        IllegalArgumentException.class,
        "objective: there is a term \"data\" already. Give each its own name.",
        () -> data.plusDetached("data", row.sum().detach()));
  }

  @Test
  void aDetachedTermMovesTheValueAndNothingElse() {
    Variable loss = w.on(tape).sum();
    Objective data = Objective.of("data", loss);
    assertMessage(
        IllegalArgumentException.class,
        "objective: term \"pull\" is not detached: trainable parameters can be reached from it."
            + " Use plus(…).",
        () -> data.plusDetached("pull", loss));
    Objective shown = data.plusDetached("pull", w.on(tape).squaredNorm(2.0).detach());
    assertEquals(7.0 + 25.0, shown.value());
    assertEquals("objective data + pull (detached)", shown.toString());
    Matrices.assertBits(
        data.gradients().of(w).toMatrix(), shown.gradients().of(w).toMatrix(), "gradient");
    assertTrue(shown.terms().get(1).detached());
  }

  @Test
  void reportedNumbersAreNoPartOfTheLoss() {
    Objective data = Objective.of("data", w.on(tape).sum());
    Objective more = data.report("norm", 5.0).report("accuracy", 0.5).plus("v", v.on(tape).sum());
    assertEquals(10.0, more.value());
    assertEquals(Map.of("norm", 5.0, "accuracy", 0.5), more.reported());
    assertEquals(Map.of(), data.reported());
    assertThrows(UnsupportedOperationException.class, () -> more.reported().clear());
  }

  @Test
  void theAuditShowsWhatEveryTermContributes() {
    Objective objective =
        Objective.of("data", w.on(tape).dot(v.on(tape)))
            .plus("pull", w.on(tape).squaredNorm(2.0))
            .plusDetached("wrong", v.on(tape).squaredNorm(2.0).detach())
            .report("norm", 5.0);
    Objective.Audit audit = objective.audit();
    assertEquals(41.0, audit.total());
    assertEquals(Map.of("norm", 5.0), audit.reported());
    assertEquals(3, audit.lines().size());
    Objective.Audit.Line data = audit.lines().get(0);
    assertEquals("data", data.term());
    assertEquals(11.0, data.value());
    assertFalse(data.detached());
    assertEquals(Map.of("w", Math.sqrt(5.0), "v", 5.0), data.gradientNorms());
    Objective.Audit.Line pull = audit.lines().get(1);
    assertEquals(25.0, pull.value());
    assertEquals(Map.of("w", 10.0), pull.gradientNorms());
    Objective.Audit.Line wrong = audit.lines().get(2);
    assertEquals(5.0, wrong.value());
    assertTrue(wrong.detached());
    assertEquals(Map.of(), wrong.gradientNorms());
    String text = audit.toString();
    assertTrue(text.contains("data         11.0000  ‖∂/∂w‖ = 2.24  ‖∂/∂v‖ = 5.00\n"), text);
    assertTrue(text.contains("wrong        5.00000  DETACHED: no gradient\n"), text);
    assertTrue(text.contains("(norm = 5.00000)"), text);
    assertTrue(text.endsWith("total        41.0000"), text);
  }

  @Test
  void livesAsLongAsTheStep() {
    Objective objective = Objective.of("data", w.on(tape).sum());
    tape.reset();
    assertThrows(IllegalStateException.class, () -> objective.value());
    assertThrows(IllegalStateException.class, () -> objective.gradients());
    assertThrows(IllegalStateException.class, () -> objective.audit());
  }
}
