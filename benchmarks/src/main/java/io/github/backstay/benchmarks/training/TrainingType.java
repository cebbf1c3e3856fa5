package io.github.backstay.benchmarks.training;

import java.util.Locale;

/** The three training types of Wieting et al. (ICLR 2016, section 4). */
public enum TrainingType {
  /** The word vectors are pulled to where they came from, everything else to zero. */
  NORMAL,
  /** The encoder comes from a model that was trained before, and all of it is pulled back there. */
  REG,
  /** The word vectors stay what they are; everything else is pulled to zero. */
  REP;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
