package io.github.backstay.benchmarks.training;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Scope;
import java.util.HashSet;
import java.util.Set;

/**
 * How the loss goes down: two groups of parameters, each with its own rule and rate, as in Tai et
 * al. (2015, section 5.3), and how many examples a step is computed from.
 *
 * @param rule the update rule of everything but the word vectors
 * @param rate its learning rate
 * @param wordRule the update rule of the word vectors
 * @param wordRate its learning rate
 * @param clip the largest norm of all gradients together, infinity for any; the penalties are in
 *     the loss and so are clipped too, as in the program of Wieting et al. (2016)
 * @param batch examples per step, at least 1; the last step of an epoch may have fewer
 * @param piece how many of them are computed at once, at least 1: the gradients of the pieces are
 *     added up in their order, so that results depend on this number and not on the threads
 */
public record Optimization(
    Rule rule, double rate, Rule wordRule, double wordRate, double clip, int batch, int piece) {

  /** Checks the two numbers of examples. */
  public Optimization {
    if (batch < 1 || piece < 1) {
      throw new IllegalArgumentException(
          "optimization: batch and piece must be at least 1, got " + batch + " and " + piece + ".");
    }
  }

  /**
   * Adam for everything, each batch in one piece.
   *
   * @param rate its learning rate
   * @param batch examples per step
   * @return the optimization
   */
  public static Optimization adam(double rate, int batch) {
    return new Optimization(
        Rule.ADAM, rate, Rule.ADAM, rate, Double.POSITIVE_INFINITY, batch, batch);
  }

  /** The optimizer of a task, with the groups {@code network} and {@code words}. */
  Optimizer optimizer(Task task) {
    Set<Parameter> words = new HashSet<>(task.words().parameters());
    Parameterized[] network =
        task.model().parameters().stream()
            .filter(parameter -> !words.contains(parameter))
            .toArray(Parameterized[]::new);
    // Eager, so that looking at rows, as a penalty of plain numbers does, changes no bit.
    Optimizer.Builder builder =
        Optimizer.builder().eager().group("words", task.words(), wordRule.at(wordRate));
    if (network.length > 0) {
      builder.group("network", Scope.of(network), rule.at(rate));
    }
    if (clip < Double.POSITIVE_INFINITY) {
      builder.clipNorm(clip);
    }
    return builder.build();
  }
}
