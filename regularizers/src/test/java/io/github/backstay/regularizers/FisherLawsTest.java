package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;

/** What holds for the Fisher information of any data. */
class FisherLawsTest {

  /** x and y of one example. */
  private record Example(DMatrixRMaj x, double y) {}

  /** Logistic regression: {@code ℓ = ln(1 + e^z) − yz}, z = x·wᵀ + b. */
  private static final class Logistic {
    final Parameter w;
    final Parameter b;

    Logistic(RandomGenerator random, int width) {
      w = new Parameter("w", Draw.gaussian(random, 1, width));
      b = new Parameter("b", Draw.gaussian(random, 1, 1));
    }

    Scope scope() {
      return Scope.of(w, b);
    }

    Variable logit(Tape tape, Example example) {
      return tape.constant(example.x).dot(w.on(tape)).plus(b.on(tape));
    }

    Variable loss(Tape tape, Example example) {
      Variable z = logit(tape, example);
      return z.softplus().minus(z.scale(example.y));
    }

    Variable meanLoss(Tape tape, List<Example> batch) {
      Variable sum = loss(tape, batch.get(0));
      for (Example example : batch.subList(1, batch.size())) {
        sum = sum.plus(loss(tape, example));
      }
      return sum.scale(1.0 / batch.size());
    }

    /** dℓ/dz by hand. */
    double slope(Example example) {
      double z = b.get(0, 0);
      for (int j = 0; j < w.cols(); j++) {
        z += example.x.get(0, j) * w.get(0, j);
      }
      return 1.0 / (1.0 + Math.exp(-z)) - example.y;
    }

    /** The mean over the examples of (dℓ/dw)², by hand. */
    double[] byHand(List<Example> examples) {
      double[] f = new double[w.cols()];
      for (Example example : examples) {
        for (int j = 0; j < f.length; j++) {
          double g = slope(example) * example.x.get(0, j);
          f[j] += g * g / examples.size();
        }
      }
      return f;
    }
  }

  private static List<Example> draw(RandomGenerator random, int count, int width) {
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      examples.add(new Example(Draw.gaussian(random, 1, width), random.nextInt(2)));
    }
    return examples;
  }

  private static void assertClose(double[] expected, double[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-13 * (1.0 + Math.abs(expected[i])), "entry " + i);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void ofLogisticRegressionIsItsClosedForm(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int count) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    List<Example> examples = draw(random, count, 3);
    Fisher fisher = Fisher.empirical(model.scope(), examples, model::loss);
    assertClose(model.byHand(examples), fisher.of(model.w).data);
    double slopes = 0.0;
    for (Example example : examples) {
      slopes += Math.pow(model.slope(example), 2.0) / count;
    }
    assertClose(new double[] {slopes}, fisher.of(model.b).data);
    assertEquals(count, fisher.examples());
  }

  /** {@code ℓ = ½‖xWᵀ − y‖²} with gradient (xWᵀ − y)ᵀx: entry by entry rᵢ²xⱼ². */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void ofLinearRegressionIsItsClosedForm(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int count) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter w = new Parameter("w", Draw.gaussian(random, 2, 3));
    DMatrixRMaj target = Draw.gaussian(random, 1, 2);
    List<Example> examples = draw(random, count, 3);
    Fisher fisher =
        Fisher.empirical(
            w,
            examples,
            (tape, example) ->
                tape.constant(example.x)
                    .multTransB(w.on(tape))
                    .minus(tape.constant(target))
                    .square()
                    .sum()
                    .scale(0.5));
    double[] f = new double[6];
    for (Example example : examples) {
      for (int i = 0; i < 2; i++) {
        double residual = -target.get(0, i);
        for (int j = 0; j < 3; j++) {
          residual += w.get(i, j) * example.x.get(0, j);
        }
        for (int j = 0; j < 3; j++) {
          f[3 * i + j] += Math.pow(residual * example.x.get(0, j), 2.0) / count;
        }
      }
    }
    assertClose(f, fisher.of(w).data);
  }

  /** Softmax regression: {@code F_cj = mean of p_c(1 − p_c)·x_j²}, whatever the labels. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void expectedOfSoftmaxRegressionIsItsClosedForm(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int count,
      @ForAll @IntRange(min = 2, max = 4) int classes) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter w = new Parameter("w", Draw.gaussian(random, classes, 3));
    List<Example> examples = draw(random, count, 3);
    Fisher fisher =
        Fisher.expected(
            w, examples, (tape, example) -> tape.constant(example.x).multTransB(w.on(tape)));
    double[] f = new double[3 * classes];
    for (Example example : examples) {
      double[] p = new double[classes];
      for (int c = 0; c < classes; c++) {
        for (int j = 0; j < 3; j++) {
          p[c] += w.get(c, j) * example.x.get(0, j);
        }
        p[c] = Math.exp(p[c]);
      }
      double sum = Arrays.stream(p).sum();
      for (int c = 0; c < classes; c++) {
        for (int j = 0; j < 3; j++) {
          double share = p[c] / sum * (1.0 - p[c] / sum);
          f[3 * c + j] += share * Math.pow(example.x.get(0, j), 2.0) / count;
        }
      }
    }
    assertClose(f, fisher.of(w).data);
  }

  /** The definition: p(0)·(empirical with label 0) + p(1)·(empirical with label 1). */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void expectedIsTheMeanOfTheEmpiricalOverTheModelsOwnLabels(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    Example example = draw(random, 1, 3).get(0);
    Fisher expected =
        Fisher.expected(
            model.scope(),
            List.of(example),
            (tape, e) -> tape.zeros(1, 1).concatCols(model.logit(tape, e)));
    double[] sum = new double[3];
    for (int label = 0; label < 2; label++) {
      Example labelled = new Example(example.x, label);
      double p = Math.abs(model.slope(new Example(example.x, 1 - label)));
      double[] f = Fisher.empirical(model.scope(), List.of(labelled), model::loss).of(model.w).data;
      for (int j = 0; j < 3; j++) {
        sum[j] += p * f[j];
      }
    }
    assertClose(sum, expected.of(model.w).data);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfTheExamplesDoesNotMatter(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    List<Example> examples = draw(random, 8, 3);
    double[] before = Fisher.empirical(model.scope(), examples, model::loss).of(model.w).data;
    Collections.shuffle(examples, new Random(seed));
    double[] after = Fisher.empirical(model.scope(), examples, model::loss).of(model.w).data;
    assertClose(before, after);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void batchesOfOneGiveTheExactOneToTheBit(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    List<Example> examples = draw(random, 7, 3);
    List<List<Example>> batches = new ArrayList<>();
    examples.forEach(example -> batches.add(List.of(example)));
    Fisher exact = Fisher.empirical(model.scope(), examples, model::loss);
    Fisher batch = Fisher.ofBatchMeans(model.scope(), batches, model::meanLoss);
    assertArrayEquals(exact.of(model.w).data, batch.of(model.w).data);
    assertArrayEquals(exact.of(model.b).data, batch.of(model.b).data);
  }

  /**
   * Gradients μ ± σ with either sign equally likely, over all 2^B outcomes of a batch: the mean is
   * the expectation, μ² + σ²/B exactly; at μ = 0 that is 1/B of the exact one.
   */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void batchMeansExpectTheSquaredMeanAndOneBthOfTheVariance(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int size, @ForAll boolean converged) {
    RandomGenerator random = Draw.seeded(seed);
    double mean = converged ? 0.0 : random.nextGaussian();
    double deviation = 0.1 + random.nextDouble();
    Parameter w = new Parameter("w", new DMatrixRMaj(1, 1));
    List<Integer> outcomes = new ArrayList<>();
    for (int signs = 0; signs < 1 << size; signs++) {
      outcomes.add(signs);
    }
    Fisher batches =
        Fisher.ofBatchMeans(
            w,
            outcomes,
            (tape, signs) -> {
              int plus = Integer.bitCount(signs);
              return w.on(tape).scale(mean + deviation * (2 * plus - size) / size);
            });
    Fisher exact =
        Fisher.empirical(
            w, List.of(-1.0, 1.0), (tape, sign) -> w.on(tape).scale(mean + sign * deviation));
    double[] ofBatches = batches.of(w).data;
    double[] ofExamples = exact.of(w).data;
    assertClose(new double[] {mean * mean + deviation * deviation}, ofExamples);
    assertClose(new double[] {mean * mean + deviation * deviation / size}, ofBatches);
    if (converged) {
      assertClose(ofExamples, new double[] {size * ofBatches[0]});
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void ofTwoSetsIsTheirMeanWeightedByTheirSizes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int first,
      @ForAll @IntRange(min = 1, max = 6) int second) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    List<Example> examples = draw(random, first + second, 3);
    Fisher whole = Fisher.empirical(model.scope(), examples, model::loss);
    Fisher one = Fisher.empirical(model.scope(), examples.subList(0, first), model::loss);
    Fisher two =
        Fisher.empirical(model.scope(), examples.subList(first, first + second), model::loss);
    double share = (double) first / (first + second);
    Fisher sum = one.scale(share).plus(two.scale(1.0 - share));
    assertClose(whole.of(model.w).data, sum.of(model.w).data);
    assertEquals(whole.examples(), sum.examples());
  }

  /** Rows that are looked up, and the same rows as a product with a matrix of zeros and ones. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void rowSparseGradientsGiveTheSameAsDenseOnes(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter table = new Parameter("table", Draw.gaussian(random, 6, 2));
    List<int[]> texts = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      texts.add(random.ints(3, 0, 4).toArray()); // rows 4 and 5 never, others also twice
    }
    Fisher sparse =
        Fisher.empirical(
            table, texts, (tape, text) -> table.on(tape).gatherRows(text).tanh().sum());
    Fisher dense =
        Fisher.empirical(
            table,
            texts,
            (tape, text) -> {
              DMatrixRMaj chosen = new DMatrixRMaj(3, 6);
              for (int i = 0; i < 3; i++) {
                chosen.set(i, text[i], 1.0);
              }
              return tape.constant(chosen).mult(table.on(tape)).tanh().sum();
            });
    double[] f = sparse.of(table).data;
    assertClose(dense.of(table).data, f);
    assertArrayEquals(new double[4], Arrays.copyOfRange(f, 8, 12));
  }

  /** EWC is (λ/2)·Σ F ⊙ (W − W*)² and rises wherever F is not 0. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void ewcIsItsFormula(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    Fisher fisher = Fisher.empirical(model.scope(), draw(random, 5, 3), model::loss);
    List<Regularizer> pulls = fisher.ewc(3.0);
    assertEquals(List.of(model.w), pulls.get(0).parameters());
    assertEquals(List.of(model.b), pulls.get(1).parameters());
    assertEquals(0.0, pulls.get(0).value());
    DMatrixRMaj start = model.w.toMatrix();
    DMatrixRMaj moved = Draw.gaussian(random, 1, 3);
    model.w.set(moved);
    double value = 0.0;
    for (int j = 0; j < 3; j++) {
      value += 1.5 * fisher.of(model.w).data[j] * Math.pow(moved.data[j] - start.data[j], 2.0);
    }
    assertTrue(value > 0.0);
    assertClose(new double[] {value}, new double[] {pulls.get(0).value()});
    assertEquals(0.0, pulls.get(1).value());
  }

  /** Public mistakes. The closed form has to tell each of them from the Fisher information. */
  private static final Map<String, BiFunction<Logistic, List<Example>, double[]>> WRONG =
      Map.of(
          "one number for all entries",
          (model, examples) -> {
            double[] f = model.byHand(examples);
            Arrays.fill(f, Arrays.stream(f).average().orElse(0.0));
            return f;
          },
          "the square of the mean gradient",
          (model, examples) ->
              Fisher.empirical(model.scope(), List.of(examples), model::meanLoss).of(model.w).data,
          "squares of the means of batches",
          (model, examples) ->
              Fisher.empirical(
                      model.scope(),
                      List.of(examples.subList(0, 4), examples.subList(4, 8)),
                      model::meanLoss)
                  .of(model.w)
                  .data,
          "a sum instead of a mean",
          (model, examples) ->
              Fisher.empirical(model.scope(), examples, model::loss).scale(8.0).of(model.w).data,
          "sizes of gradients instead of squares",
          (model, examples) -> {
            double[] f = new double[3];
            for (Example example : examples) {
              for (int j = 0; j < 3; j++) {
                f[j] += Math.abs(model.slope(example) * example.x.get(0, j)) / 8.0;
              }
            }
            return f;
          });

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void plantedMistakesAreToldApart(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Logistic model = new Logistic(random, 3);
    List<Example> examples = draw(random, 8, 3);
    double[] right = model.byHand(examples);
    assertClose(right, Fisher.empirical(model.scope(), examples, model::loss).of(model.w).data);
    WRONG.forEach(
        (mistake, maker) -> {
          double[] wrong = maker.apply(model, examples);
          double largest = 0.0;
          for (int j = 0; j < 3; j++) {
            largest = Math.max(largest, Math.abs(wrong[j] - right[j]) / right[j]);
          }
          assertTrue(largest > 1e-3, mistake + " is not told apart: " + largest);
        });
  }
}
