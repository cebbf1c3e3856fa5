package io.github.backstay.benchmarks.training;

/** What a part of the data is for. */
public enum Part {
  /** To train on. */
  TRAIN,
  /** To choose the epoch by. */
  DEV,
  /** To report on. */
  TEST
}
