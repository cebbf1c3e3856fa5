package io.github.backstay.nn;

import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;

/**
 * Makes one vector of each text: {@link AveragingEncoder} without looking at the order of the
 * words, {@link RecurrentEncoder} by reading them. What a text gives does not depend on the texts
 * that it is encoded with, but for rounding and for what is drawn in training.
 */
public interface Encoder extends Parameterized {

  /**
   * Encodes a batch of texts.
   *
   * @param tape the tape of this step
   * @param texts B texts, of any lengths
   * @param pass whether this is training, and where random numbers come from
   * @return one row per text
   * @throws IndexOutOfBoundsException if a word is not one of the embedding's
   */
  Variable encode(Tape tape, Texts texts, Pass pass);
}
