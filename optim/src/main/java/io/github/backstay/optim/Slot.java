package io.github.backstay.optim;

/**
 * One matrix that an update rule remembers per parameter, of the parameter's shape.
 *
 * @param name how it is called, for instance {@code m}; not blank
 * @param initial what every entry is before the first step; finite
 */
public record Slot(String name, double initial) {

  /**
   * Checks the values.
   *
   * @param name how it is called, for instance {@code m}; not blank
   * @param initial what every entry is before the first step; finite
   */
  public Slot {
    if (name.isBlank()) {
      throw new IllegalArgumentException("slot: the name must not be blank.");
    }
    if (!Double.isFinite(initial)) {
      throw new IllegalArgumentException(
          "slot \"" + name + "\": the initial value must be finite, got " + initial + ".");
    }
  }

  /**
   * A slot that starts from zeros.
   *
   * @param name how it is called
   * @return the slot
   */
  public static Slot zeros(String name) {
    return new Slot(name, 0.0);
  }
}
