package io.github.backstay.core;

/**
 * What may be asked of a cross-entropy besides the plain one; say {@code
 * CrossEntropyOptions.NONE.withLabelSmoothing(0.1)}. May be shared between threads.
 *
 * @param weights how much each class counts
 * @param ignoredIndex a target that says that its row does not count, or {@link #NOTHING_IGNORED};
 *     need not be a class
 * @param labelSmoothing the part s of each target that is spread evenly over all classes, from 0
 *     (off) to 1 (Szegedy et al. 2016, §7)
 */
public record CrossEntropyOptions(ClassWeights weights, int ignoredIndex, double labelSmoothing) {

  /** The value of {@code ignoredIndex} for which every row counts. */
  public static final int NOTHING_IGNORED = -1;

  /** Equal weights, no row ignored, no smoothing. */
  public static final CrossEntropyOptions NONE =
      new CrossEntropyOptions(ClassWeights.EQUAL, NOTHING_IGNORED, 0.0);

  /**
   * Checks the values.
   *
   * @param weights how much each class counts
   * @param ignoredIndex a target whose rows do not count, or {@link #NOTHING_IGNORED}
   * @param labelSmoothing the part of each target that is spread over all classes
   */
  public CrossEntropyOptions {
    if (ignoredIndex < NOTHING_IGNORED) {
      throw new IllegalArgumentException(
          "crossEntropyOptions: the ignored index must be at least 0, got "
              + ignoredIndex
              + ". Targets are counted from 0: mark rows with an index that is no class.");
    }
    if (!(labelSmoothing >= 0.0 && labelSmoothing <= 1.0)) {
      throw new IllegalArgumentException(
          "crossEntropyOptions: the label smoothing must be in [0, 1], got "
              + labelSmoothing
              + ".");
    }
  }

  /**
   * The same with other weights.
   *
   * @param newWeights one per class, each finite and at least 0
   * @return new options
   */
  public CrossEntropyOptions withWeights(double... newWeights) {
    return withWeights(ClassWeights.of(newWeights));
  }

  /**
   * The same with other weights.
   *
   * @param newWeights how much each class counts
   * @return new options
   */
  public CrossEntropyOptions withWeights(ClassWeights newWeights) {
    return new CrossEntropyOptions(newWeights, ignoredIndex, labelSmoothing);
  }

  /**
   * The same with another ignored index.
   *
   * @param newIgnoredIndex a target whose rows do not count, at least 0
   * @return new options
   */
  public CrossEntropyOptions withIgnoredIndex(int newIgnoredIndex) {
    return new CrossEntropyOptions(weights, newIgnoredIndex, labelSmoothing);
  }

  /**
   * The same with another label smoothing.
   *
   * @param newLabelSmoothing from 0 to 1
   * @return new options
   */
  public CrossEntropyOptions withLabelSmoothing(double newLabelSmoothing) {
    return new CrossEntropyOptions(weights, ignoredIndex, newLabelSmoothing);
  }

  /**
   * How much a row counts.
   *
   * @param target the row's target
   * @return the weight of that class; 0 if it is ignored
   */
  public double weightOf(int target) {
    return target == ignoredIndex ? 0.0 : weights.get(target);
  }
}
