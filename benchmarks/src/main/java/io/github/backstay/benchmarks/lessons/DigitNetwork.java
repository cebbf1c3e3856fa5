package io.github.backstay.benchmarks.lessons;

import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Layer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Sequential;
import io.github.backstay.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A classifier of digits: linear layers with rectifiers between them, a softmax at the end. Not
 * thread-safe; different networks share nothing.
 */
final class DigitNetwork implements Parameterized {

  private final Sequential layers;
  private final Tape tape = Tape.builder().recycleVariables().build();

  /**
   * A network with PyTorch's first values.
   *
   * @param random what they are drawn from
   * @param hidden the widths between the pixels and the classes
   */
  DigitNetwork(RandomGenerator random, int... hidden) {
    List<Layer> all = new ArrayList<>();
    int width = Digits.PIXELS;
    for (int next : hidden) {
      all.add(new Linear(width, next, random));
      all.add(Activation.RELU);
      width = next;
    }
    all.add(new Linear(width, Digits.CLASSES, random));
    layers = new Sequential(all);
  }

  @Override
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  /** The mean cross-entropy of some digits. */
  Variable loss(Tape on, Digits digits) {
    return logits(on, digits).crossEntropy(digits.labels());
  }

  private Variable logits(Tape on, Digits digits) {
    return layers.forward(on.borrow(digits.pixels()), Pass.evaluation());
  }

  /**
   * One epoch over digits in a new random order.
   *
   * @return the share that was classified rightly just before it was learnt
   */
  double train(Digits digits, int batchSize, Optimizer optimizer, RandomGenerator random) {
    int[] order = shuffled(digits.size(), random);
    int right = 0;
    for (int from = 0; from < order.length; from += batchSize) {
      Digits batch = digits.choose(order, from, Math.min(order.length, from + batchSize));
      Variable logits = logits(tape, batch);
      right += countRight(logits, batch);
      optimizer.step(Objective.of("data", logits.crossEntropy(batch.labels())));
      tape.reset();
    }
    return (double) right / order.length;
  }

  /** The share of digits that are classified rightly; ties go to the first class. */
  double accuracy(Digits digits) {
    int right = countRight(logits(tape, digits), digits);
    tape.reset();
    return (double) right / digits.size();
  }

  private static int countRight(Variable logits, Digits digits) {
    int right = 0;
    for (int i = 0; i < digits.size(); i++) {
      int best = 0;
      for (int c = 1; c < Digits.CLASSES; c++) {
        best = logits.get(i, c) > logits.get(i, best) ? c : best;
      }
      right += best == digits.labels().get(i) ? 1 : 0;
    }
    return right;
  }

  /** The numbers below n in random order (Fisher and Yates). */
  static int[] shuffled(int n, RandomGenerator random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
