package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.regularizers.Anchor;
import org.ejml.data.DMatrixRMaj;

/** The library's anchors, for the product of the four choices. */
enum AnchorCase {
  ZERO("0"),
  INITIAL_VALUE("its initial value"),
  GIVEN("a given matrix"),
  SAVED("its saved value"),
  PREVIOUS_TASK("its value after the previous task"),
  MOVING_AVERAGE("its moving average (decay 0.75)"),
  FOLLOWING("what \"other\" is");

  static final double DECAY = 0.75;

  /** The words of the printed sentence. */
  final String words;

  AnchorCase(String words) {
    this.words = words;
  }

  /** For a parameter named w. */
  Anchor anchor(DMatrixRMaj given, Parameter other) {
    return switch (this) {
      case ZERO -> Anchor.zero();
      case INITIAL_VALUE -> Anchor.initialValue();
      case GIVEN -> Anchor.at(given);
      case SAVED -> Anchor.saved(StateDict.builder().put("w", given).build());
      case PREVIOUS_TASK -> Anchor.previousTask();
      case MOVING_AVERAGE -> Anchor.movingAverage(DECAY);
      case FOLLOWING -> Anchor.following(other);
    };
  }

  /** Where a weight has to be when the regularizer is made for it to be at its anchor. */
  DMatrixRMaj there(DMatrixRMaj given, Parameter other) {
    return switch (this) {
      case ZERO -> new DMatrixRMaj(given.numRows, given.numCols);
      case INITIAL_VALUE, GIVEN, SAVED, PREVIOUS_TASK, MOVING_AVERAGE -> given;
      case FOLLOWING -> other.toMatrix();
    };
  }
}
