package io.github.backstay.core.kernels;

import java.util.function.IntConsumer;

/** Parts one after the other. */
enum SerialParts implements Parallel {
  INSTANCE;

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public void run(int parts, IntConsumer part) {
    for (int k = 0; k < parts; k++) {
      part.accept(k);
    }
  }

  @Override
  public String toString() {
    return "serial";
  }
}
