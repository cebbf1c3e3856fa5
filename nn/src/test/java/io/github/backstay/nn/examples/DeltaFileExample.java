package io.github.backstay.nn.examples;

import io.github.backstay.nn.Module;
import io.github.backstay.nn.files.DeltaFile;
import java.nio.file.Path;

/** The example of DeltaFile's Javadoc. */
final class DeltaFileExample {

  private DeltaFileExample() {}

  /** Saves what differs from the base, and takes it up again. */
  static void saveAndLoad(Path delta, Path base, Module model) {
    DeltaFile.write(delta, base, model.stateDict());
    model.load(DeltaFile.read(delta, base));
  }
}
