package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;

/**
 * Draws the two texts of a pair together until each is more similar to the other, by a margin, than
 * to a third one (Wieting et al. 2016, section 3, equation 2, without its penalties). For the
 * vectors x₁, x₂ of a pair and their negatives t₁, t₂:
 *
 * <pre>
 * max(0, δ − cos(x₁, x₂) + cos(x₁, t₁)) + max(0, δ − cos(x₁, x₂) + cos(x₂, t₂))
 * </pre>
 *
 * <p>The negatives come from the same mini-batch; which ones is chosen by {@link NegativeSampling}
 * and is no part of the gradient, but their vectors are. At the hinge the derivative is 0. A vector
 * that is 0 has the cosine 0 to all, and a gradient of the order 10⁸: texts without known words are
 * better left out.
 *
 * <pre>{@code
 * ParaphraseLoss loss = new ParaphraseLoss(0.4);
 * DMatrixRMaj similarities = ParaphraseLoss.similarities(first, second);
 * Indices negatives = NegativeSampling.MIX.choose(similarities, random);
 * Variable cost = loss.of(first, second, negatives, Reduction.MEAN);
 * }</pre>
 *
 * <p>Immutable; may be shared between threads.
 *
 * @param margin δ, at least 0 and finite; 0.4 in the authors' scripts
 */
public record ParaphraseLoss(double margin) {

  private static final double EPSILON = 1e-8;

  /**
   * Checks the margin.
   *
   * @param margin δ, at least 0 and finite
   * @throws IllegalArgumentException if it is not
   */
  public ParaphraseLoss {
    if (!(margin >= 0.0) || margin == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "paraphrase loss: the margin must be at least 0 and finite, got " + margin + ".");
    }
  }

  /**
   * The cosines of all texts of n pairs: plain numbers, to choose negatives by.
   *
   * @param first x₁, one row per pair, n×d
   * @param second x₂, one row per pair, n×d
   * @return 2n×2n; the texts are those of {@code first}, then those of {@code second}
   * @throws ShapeException if the shapes differ
   */
  public static DMatrixRMaj similarities(Variable first, Variable second) {
    requireSame(first, second);
    int texts = 2 * first.rows();
    DMatrixRMaj units = new DMatrixRMaj(texts, first.cols()); // the vectors, made 1 long
    CommonOps_DDRM.concatRows(first.toMatrix(), second.toMatrix(), units);
    for (int i = 0; i < texts; i++) {
      DMatrixRMaj row = CommonOps_DDRM.extractRow(units, i, null);
      double norm = Math.max(NormOps_DDRM.normF(row), EPSILON);
      for (int j = 0; j < units.numCols; j++) {
        units.set(i, j, units.get(i, j) / norm);
      }
    }
    return CommonOps_DDRM.multTransB(units, units, new DMatrixRMaj(texts, texts));
  }

  /**
   * The loss, one term per pair.
   *
   * @param first x₁, one row per pair, n×d
   * @param second x₂, one row per pair, n×d
   * @param negatives the numbers of t₁ for each pair, then those of t₂, 2n, among the 2n texts of
   *     {@code first} and then {@code second}
   * @param reduction what becomes of the n terms; the paper's is {@link Reduction#MEAN}
   * @return the loss
   * @throws ShapeException if the shapes differ or there are not 2n negatives
   * @throws IndexOutOfBoundsException if there is no such text
   */
  public Variable of(Variable first, Variable second, Indices negatives, Reduction reduction) {
    requireSame(first, second);
    if (negatives.size() != 2 * first.rows()) {
      throw new ShapeException(
          "paraphrase loss: there are "
              + negatives.size()
              + " negatives for "
              + first.rows()
              + " pairs (need two each).");
    }
    return of(first, second, first.concatRows(second).gatherRows(negatives), reduction);
  }

  /**
   * The loss with negatives that are not among the pairs at hand, as when a mini-batch is computed
   * piece by piece.
   *
   * @param first x₁, one row per pair, n×d
   * @param second x₂, one row per pair, n×d
   * @param negatives the vectors of t₁ for each pair, then those of t₂, 2n×d
   * @param reduction what becomes of the n terms; the paper's is {@link Reduction#MEAN}
   * @return the loss
   * @throws ShapeException if the shapes are not those
   */
  public Variable of(Variable first, Variable second, Variable negatives, Reduction reduction) {
    requireSame(first, second);
    int pairs = first.rows();
    if (negatives.rows() != 2 * pairs || negatives.cols() != first.cols()) {
      throw new ShapeException(
          "paraphrase loss: the negatives are "
              + negatives.shape()
              + " for pairs of "
              + first.shape()
              + " (need two rows per pair, of the same width).");
    }
    Variable toPartner = Losses.cosineSimilarity(first, second, EPSILON).tile(2, 1);
    Variable toNegative = Losses.cosineSimilarity(first.concatRows(second), negatives, EPSILON);
    Variable terms = toNegative.minus(toPartner).plus(margin).relu();
    return reduction.of(terms.slice(0, pairs, 0, 1).plus(terms.slice(pairs, 2 * pairs, 0, 1)));
  }

  private static void requireSame(Variable first, Variable second) {
    if (!first.shape().equals(second.shape())) {
      throw new ShapeException(
          "paraphrase loss: the vectors of the pairs are "
              + first.shape()
              + " and "
              + second.shape()
              + " (need the same shape).");
    }
  }
}
