package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.Restraint;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * What the contracts of penalties and of proximal maps ask for in common: how to make one, and its
 * value by a formula of its own. A class that implements {@link PenaltyContract}, {@link
 * ProximalContract} or both has their checks as tests of JUnit Jupiter.
 */
public interface RestraintContract {

  /**
   * Makes what is to be tested.
   *
   * @param weight the shape of the weights, one of {@link #shapes()}; of no interest to restraints
   *     that fit every shape
   * @return a new restraint each time
   */
  Restraint restraint(Shape weight);

  /**
   * The value {@code R(W)} by plain loops from its definition, not by a call of what is tested. It
   * alone tells a penalty with a factor of two too many, or without its square, from another
   * penalty that is right in itself.
   *
   * @param weight W, of one of the {@link #shapes()}
   * @param anchor A, of the same shape; zeros where there is none
   * @return the value; infinite where a constraint is broken by more than rounding
   */
  double value(DMatrixRMaj weight, DMatrixRMaj anchor);

  /**
   * Shapes that the restraint fits. A restraint that is made for one shape may name that one alone;
   * the more there are, the more is tested.
   *
   * @return at least one
   */
  default List<Shape> shapes() {
    return Samples.shapes(mixesEntries());
  }

  /**
   * Whether what happens to an entry is a sum over other entries, as with singular values and
   * products of matrices. Rounding is then relative to the largest entry, and entries may pass
   * their anchors while the distance as a whole shrinks.
   *
   * @return false unless it is overridden
   */
  default boolean mixesEntries() {
    return false;
  }

  /**
   * Of the random points.
   *
   * @return always the same
   */
  default long seed() {
    return 1L;
  }

  /** The sentence that a regularizer prints must say what it is held at. */
  @Test
  default void formulaSaysWhetherThereIsAnAnchor() {
    Restraint restraint = restraint(shapes().get(0));
    boolean named = restraint.formula(true).contains("W0");
    if (named != restraint.pullsToAnchor() || restraint.formula(false).contains("W0")) {
      fail(
          "formula: it is \""
              + restraint.formula(true)
              + "\" with an anchor and \""
              + restraint.formula(false)
              + "\" without (the first must name W0 if pullsToAnchor(), which is "
              + restraint.pullsToAnchor()
              + ", and the second must not). Use the argument of formula(anchored).");
    }
  }

  /** A regularizer asks {@code requireFits} before anything else. */
  @Test
  default void fitsTheShapesThatItIsMadeFor() {
    for (Shape shape : shapes()) {
      restraint(shape).requireFits(shape);
    }
  }
}
