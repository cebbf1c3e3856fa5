package io.github.backstay.benchmarks.conformance;

import static io.github.backstay.benchmarks.conformance.Replays.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps along given gradients, worked out by hand. */
class TrajectoryRunnerTest {

  @TempDir private Path directory = Path.of("");

  /** One parameter that starts at 1. */
  private static String trajectory(String op, String attrs, String rest) {
    return "{\"name\": \"t\", \"op\": \""
        + op
        + "\", \"attrs\": "
        + attrs.replace('\'', '"')
        + ", \"params\": [{\"name\": \"w\", \"rows\": 1, \"cols\": 1, \"data\": [1],"
        + " \"requiresGrad\": true}], \"groups\": [{\"params\": [\"w\"], \"overrides\": {}}], "
        + rest.replace('\'', '"')
        + "}";
  }

  private void assertPasses(String reference) {
    Outcome outcome = outcome(directory, reference);
    assertEquals("PASSED ", outcome.verdict() + " " + outcome.detail());
  }

  @Test
  void scheduleGoesOnInAStepWithoutAnyGradient() {
    assertPasses(
        trajectory(
            "sgd",
            "{'lr': 1, 'scheduler': {'type': 'exponential', 'gamma': 0.5}}",
            "'steps': 3, 'gradients': {'w': [[1], null, [1]]},"
                + " 'lrs': [[1], [0.5], [0.25]], 'trajectory': {'w': [[0], [0], [-0.25]]}"));
  }

  @ParameterizedTest
  @CsvSource({
    "adam, 0.001",
    "adamw, 0.001",
    "adagrad, 0.01",
    "rmsprop, 0.01",
    "adadelta, 1.0",
    "adamax, 0.002",
    "nadam, 0.002",
    "radam, 0.001",
    "rprop, 0.01"
  })
  void rateThatIsMissingIsThatOfPyTorch(String op, String rate) {
    assertPasses(
        trajectory(
            op,
            "{'scheduler': {'type': 'constant', 'factor': 1}}",
            "'steps': 1, 'gradients': {'w': [null]}, 'lrs': [["
                + rate
                + "]], 'trajectory': {'w': [[1]]}"));
  }

  @ParameterizedTest
  @CsvSource({"sgd, 1.25", "adagrad, 1.25", "rprop, 1.25"})
  void everyRuleCanGoUp(String op, String after) {
    assertPasses(
        trajectory(
            op,
            "{'lr': 0.25, 'maximize': true}",
            "'steps': 1, 'gradients': {'w': [[1]]}, 'trajectory': {'w': [[" + after + "]]}"));
  }

  @Test
  void schedulesHaveTheDefaultsOfPyTorch() {
    String sixth = "{'type': 'linear'}], 'milestones': [1]}";
    assertPasses(
        trajectory(
            "sgd",
            "{'lr': 1, 'scheduler': {'type': 'sequential', 'schedulers': [{'type': 'constant'}, "
                + sixth
                + "}",
            "'steps': 2, 'gradients': {'w': [null, null]}, 'lrs': [[0.3333333333333333],"
                + " [0.3333333333333333]], 'trajectory': {'w': [[1], [1]]}"));
    assertPasses(
        trajectory(
            "sgd",
            "{'lr': 1, 'scheduler': {'type': 'sequential', 'schedulers': [{'type': 'polynomial'},"
                + " {'type': 'step', 'step_size': 1}], 'milestones': [2]}}",
            "'steps': 4, 'gradients': {'w': [null, null, null, null]},"
                + " 'lrs': [[1], [0.8], [1], [0.1]], 'trajectory': {'w': [[1], [1], [1], [1]]}"));
  }
}
