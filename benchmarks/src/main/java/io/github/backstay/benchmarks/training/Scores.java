package io.github.backstay.benchmarks.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good a model is, by name of the measure. The first is the one that epochs are chosen by;
 * there, more is better.
 *
 * @param figures measures and values, in order, at least one
 */
public record Scores(Map<String, Double> figures) {

  /** Copies the figures. */
  public Scores {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("scores: there is no figure (need at least one).");
    }
  }

  /**
   * A single measure.
   *
   * @param measure its name
   * @param value its value
   * @return the scores
   */
  public static Scores of(String measure, double value) {
    return new Scores(Map.of(measure, value));
  }

  /**
   * The value that epochs are chosen by.
   *
   * @return the first figure
   */
  public double first() {
    return figures.values().iterator().next();
  }
}
