package io.github.backstay.benchmarks.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Sgd;
import io.github.backstay.regularizers.Regularizer;
import java.nio.file.Path;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavadocExampleTest {

  private final JavadocExample example = new JavadocExample();
  private final DMatrixRMaj a = new DMatrixRMaj(new double[][] {{0.3, -0.2}, {1.0, 0.5}});

  @Test
  void tapeGradientsAreThoseOfTheFormula() {
    DMatrixRMaj target = new DMatrixRMaj(new double[][] {{0.25, 0.5}});
    assertEquals(2.0 * (1.0 - 0.25), example.tape(target).get(0, 0));
  }

  @Test
  void objectiveStepsAlongBothTerms() {
    assertEquals(1.0 - 0.1 * (2.0 + 0.5), example.objective(), 1e-15);
  }

  @Test
  void gradientCheckPasses() {
    example.gradientCheck(a, a);
  }

  @Test
  void lossesAreThoseOfTheFormula() {
    DMatrixRMaj target = new DMatrixRMaj(new double[][] {{1.5, 5.0}});
    double huber = (0.5 * 0.25 + 2.5) / 2.0;
    double crossEntropy = Math.log1p(Math.exp(-1.0)) + 0.05;
    assertEquals(huber + crossEntropy, example.losses(target, Indices.of(1)), 1e-15);
  }

  @Test
  void accumulationStepsAlongTheMeanAndThePenaltyIsZeroAtTheAnchor() {
    assertEquals(1.0 - 0.1 * 2.0 * (1.0 - 1.5), example.accumulation(), 1e-15);
  }

  @Test
  void groupsHaveTheirOwnRates() {
    assertEquals(0.1, example.groups());
  }

  @Test
  void schedulesGiveTheRatesOfTheirFormulas() {
    assertEquals(0.05 + 0.5, example.schedules(0), 1e-15);
    assertEquals(0.5 + 0.5 / 11.0, example.schedules(100), 1e-15);
    assertEquals(0.1 / 25.0 / 1e4, example.oneCycle(), 1e-15);
  }

  @Test
  void plateauReducesTheRateAfterThreeBadEpochs() {
    assertEquals(0.001, example.plateau(new JavadocExample.Model(), Sgd.of(0.01), 3.0), 1e-15);
  }

  @Test
  void regularizerAndScopesFindTheirParameters() {
    JavadocExample.Model model = new JavadocExample.Model();
    try (Tape tape = Tape.create()) {
      assertEquals(
          "objective data + anchor",
          example.regularizer(model, model.forward(tape).square().sum(), tape));
    }
    assertEquals(
        "[embedding.weight, embedding.weight, hidden.weight]", example.scopes(model).toString());
  }

  @Test
  void driftIsPrinted() {
    Parameter table = new Parameter("table", a);
    try (Tape tape = Tape.create()) {
      example.drift(table, tape, List.of("good", "bad"));
    }
    assertEquals(0.3, table.get(0, 0));
    assertEquals(1.0 - 0.1 * 2.0, table.get(1, 0), 1e-15);
  }

  @Test
  void seedsGiveAPassForTraining() {
    assertTrue(example.seeds(3).isTraining());
  }

  @Test
  void stateDictKeepsItsTexts() {
    assertEquals(100, example.stateDict(a).integer("step"));
  }

  @Test
  void filesGiveBackWhatWasSaved(@TempDir Path directory) {
    JavadocExample.Model model = new JavadocExample.Model();
    example.safetensors(model, directory.resolve("model.safetensors"));
    Optimizer optimizer = Optimizer.of(Adam.of(0.1), model);
    Regularizer pull = Regularizer.l2(0.1).over(model).towardsInitialValue().inLoss();
    assertEquals(
        7, example.checkpoint(model, optimizer, pull, 7, directory.resolve("run.safetensors")));
  }
}
