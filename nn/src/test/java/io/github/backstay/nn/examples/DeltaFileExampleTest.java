package io.github.backstay.nn.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.files.Safetensors;
import java.nio.file.Path;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaFileExampleTest {

  @Test
  void theRowThatMovedIsSavedAndTheModelIsAsBefore(@TempDir Path folder) {
    Path base = folder.resolve("base.safetensors");
    Path delta = folder.resolve("delta.safetensors");
    Embedding model =
        new Embedding(10, 4, Initializer.normal(1.0), new Seeds(1).generator(0, "table"));
    Safetensors.write(base, model.stateDict());
    model.weight().set(7, 2, 0.25);
    DMatrixRMaj before = model.weight().toMatrix();
    DeltaFileExample.saveAndLoad(delta, base, model);
    assertArrayEquals(before.data, model.weight().toMatrix().data);
    assertEquals(Set.of("rows.weight", "values.weight"), Safetensors.read(delta).names());
    assertEquals(7.0, Safetensors.read(delta).matrix("rows.weight").get(0, 0));
  }
}
