package io.github.backstay.nn;

import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Variable;

/**
 * Maps one matrix to another, row by row of a batch: what {@link Sequential} is made of. A layer
 * with parameters is a {@link Module} too; one without is an immutable record.
 *
 * <p>It must say which parameters it has ({@link #parameters()}), and so cannot be a lambda: a
 * lambda could use a parameter that no list knows of and that no optimizer would ever step.
 */
public interface Layer extends Parameterized {

  /**
   * Applies the layer on the tape of its input.
   *
   * @param x the input, one example per row; there may be no row
   * @param pass whether this is training, and where random numbers come from
   * @return the output, on the same tape
   * @throws io.github.backstay.core.ShapeException if the input does not have the right width
   */
  Variable forward(Variable x, Pass pass);
}
