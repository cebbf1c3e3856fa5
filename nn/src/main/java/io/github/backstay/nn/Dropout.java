package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * {@code Y = X ⊙ M} in training, where each entry of the mask M is 0 with probability p, the rate,
 * and else 1/(1−p), so that the mean over masks is X; {@code Y = X} in evaluation (Srivastava et
 * al. 2014, section 10, "inverted": they scale in evaluation instead). The mask is a constant,
 * drawn row by row from the pass's generator, a new one in each call. With rate 0 nothing is drawn,
 * with rate 1 nothing is left.
 *
 * <p>Immutable; may be shared between threads.
 *
 * @param rate the probability p of dropping an entry, in [0, 1]
 */
public record Dropout(double rate) implements Layer {

  /**
   * Checks the rate.
   *
   * @param rate the probability p of dropping an entry, in [0, 1]
   * @throws IllegalArgumentException if it is not in that range
   */
  public Dropout {
    if (!(rate >= 0.0 && rate <= 1.0)) {
      throw new IllegalArgumentException("dropout: rate must be in [0, 1], got " + rate + ".");
    }
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    if (!pass.isTraining() || rate == 0.0) {
      return x;
    }
    RandomGenerator random = pass.random();
    double kept = 1.0 / (1.0 - rate);
    DMatrixRMaj mask = new DMatrixRMaj(x.rows(), x.cols());
    for (int i = 0; i < mask.data.length; i++) {
      mask.data[i] = random.nextDouble() < rate ? 0.0 : kept;
    }
    return x.elementMult(x.tape().borrow(mask)); // nobody else has the mask: no need to copy it
  }

  /**
   * {@code Y = X ⊙ K/(1−p)}: drops chosen entries, for instance the same ones in every step of a
   * sequence (Gal and Ghahramani 2016). With rate 1 nothing is left, whatever the mask says.
   *
   * @param x the input
   * @param kept K, 1 where an entry is kept and 0 where it is dropped, of the shape of x; copied
   * @return the output, on the same tape
   * @throws ShapeException if the shapes differ
   */
  public Variable forward(Variable x, DMatrixRMaj kept) {
    if (kept.numRows != x.rows() || kept.numCols != x.cols()) {
      throw new ShapeException(
          "dropout: the mask is "
              + Shape.of(kept)
              + ", the input is "
              + x.shape()
              + " (need the same shape).");
    }
    DMatrixRMaj mask = kept.copy();
    for (int i = 0; i < mask.data.length; i++) {
      mask.data[i] = mask.data[i] == 0.0 || rate == 1.0 ? 0.0 : mask.data[i] / (1.0 - rate);
    }
    return x.elementMult(x.tape().borrow(mask));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
