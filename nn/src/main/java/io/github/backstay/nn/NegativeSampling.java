package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * How a text finds another one that it should be unlike, among those of its mini-batch (Wieting et
 * al. 2016, section 3). There are n pairs and so 2n texts, of which i and n + i are a pair; a text
 * never gets itself or its partner.
 */
public enum NegativeSampling {
  /** The most similar text, the first of several. Draws nothing. */
  MAX {
    @Override
    int choose(DMatrixRMaj similarities, int text, RandomGenerator random) {
      return mostSimilar(similarities, text);
    }
  },

  /**
   * The most similar text, or with probability ½ any of the others, each as likely; drawn for every
   * text by itself.
   */
  MIX {
    @Override
    int choose(DMatrixRMaj similarities, int text, RandomGenerator random) {
      return random.nextBoolean()
          ? mostSimilar(similarities, text)
          : any(similarities.numRows / 2, text, random);
    }
  };

  /**
   * Chooses a text for each text: a function of its arguments only.
   *
   * @param similarities how similar two texts are, 2n×2n with n at least 2, for instance {@link
   *     ParaphraseLoss#similarities}; what stands between a text and itself or its partner is not
   *     read
   * @param random what is drawn from
   * @return one text per text, 2n
   * @throws ShapeException if the matrix does not have that shape
   */
  public Indices choose(DMatrixRMaj similarities, RandomGenerator random) {
    int texts = similarities.numRows;
    if (similarities.numCols != texts || texts % 2 != 0 || texts < 4) {
      throw new ShapeException(
          "negative sampling: the similarities are "
              + Shape.of(similarities)
              + " (need 2n×2n for n pairs, of which there must be at least 2).");
    }
    int[] chosen = new int[texts];
    for (int text = 0; text < texts; text++) {
      chosen[text] = choose(similarities, text, random);
    }
    return Indices.of(chosen);
  }

  abstract int choose(DMatrixRMaj similarities, int text, RandomGenerator random);

  private static int mostSimilar(DMatrixRMaj similarities, int text) {
    int pairs = similarities.numRows / 2;
    int best = text % pairs == 0 ? 1 : 0; // the first that is allowed
    for (int other = best + 1; other < similarities.numCols; other++) {
      boolean allowed = other % pairs != text % pairs;
      if (allowed && similarities.get(text, other) > similarities.get(text, best)) {
        best = other;
      }
    }
    return best;
  }

  private static int any(int pairs, int text, RandomGenerator random) {
    int other = random.nextInt(2 * pairs - 2);
    other += other >= text % pairs ? 1 : 0; // passes over the first of the pair
    return other >= text % pairs + pairs ? other + 1 : other; // and over the second
  }
}
