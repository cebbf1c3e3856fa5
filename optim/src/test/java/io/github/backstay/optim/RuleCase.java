package io.github.backstay.optim;

/**
 * One row of the catalogue: an update rule, and its path by an independent formula.
 *
 * @param name how test reports call it
 * @param rule the rule
 * @param formula the path of one entry
 * @param decoupled whether its own weight decay bypasses the rule's normalization
 */
record RuleCase(String name, UpdateRule rule, Formula formula, boolean decoupled) {

  /** Where one entry is after each step, from the definition instead of a recursion. */
  interface Formula {
    double[] path(double start, double[] gradients, double[] rates);
  }

  @Override
  public String toString() {
    return name;
  }
}
