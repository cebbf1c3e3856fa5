package io.github.backstay.benchmarks.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one epoch reports.
 *
 * @param number from 1
 * @param cost the whole printed loss, mean over the steps
 * @param terms its terms by name, {@code data} first, whether or not their gradients flow; means
 *     over the steps
 * @param drift {@code ‖W − W₀‖} (Frobenius) of the word vectors after the epoch
 * @param seconds the time that training took
 */
public record Epoch(
    int number, double cost, Map<String, Double> terms, double drift, double seconds) {

  /** Copies the terms. */
  public Epoch {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /**
   * One term.
   *
   * @param name its name
   * @return its mean, 0 if the loss has no such term
   */
  public double term(String name) {
    return terms.getOrDefault(name, 0.0);
  }
}
