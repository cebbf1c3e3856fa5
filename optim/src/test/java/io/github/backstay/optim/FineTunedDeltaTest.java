package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.files.DeltaFile;
import io.github.backstay.nn.files.Safetensors;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pre-trained table, fine-tuned on a few words, is saved as these words. */
class FineTunedDeltaTest {

  private static final int WORDS = 2000;
  private static final int WIDTH = 8;

  private static final class Model extends Module {
    private final Embedding words;
    private final Linear output;

    Model(RandomGenerator random) {
      words = child("words", new Embedding(WORDS, WIDTH, Initializer.normal(1.0), random));
      output = child("output", new Linear(WIDTH, 2, random));
    }
  }

  @Test
  void theDeltaHoldsTheTouchedRowsAndGivesTheSameBits(@TempDir Path folder) throws IOException {
    Path base = folder.resolve("base.safetensors");
    Path delta = folder.resolve("delta.safetensors");
    Model model = new Model(new Seeds(1).generator(0, "model"));
    Safetensors.write(base, model.stateDict());
    Regularizer pull = Regularizer.l2(0.1).over(model.words).towardsInitialValue().decoupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("words", Scope.of(model.words), Adam.of(0.01), pull)
            .group("output", Scope.of(model.output), Adam.of(0.01))
            .build();
    Indices tokens = Indices.of(3, 1999, 3, 40, 41, 42);
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 5; step++) {
        Variable means = model.words.lookUpMean(tape, tokens, Indices.of(2, 6));
        Variable scores = model.output.forward(means, Pass.evaluation());
        optimizer.step(Objective.of("data", scores.crossEntropy(0, 1)));
        tape.reset();
      }
    }
    StateDict trained = model.stateDict();
    DeltaFile.write(delta, base, trained);

    StateDict kept = Safetensors.read(delta);
    assertArrayEquals(new double[] {3, 40, 41, 42, 1999}, kept.matrix("rows.words.weight").data);
    assertEquals("whole", kept.text("matrix.output.bias"));
    long size = Files.size(delta);
    assertTrue(size < 2000, () -> size + " bytes");
    Model fresh = new Model(new Seeds(2).generator(0, "model"));
    fresh.load(DeltaFile.read(delta, base));
    for (String name : trained.names()) {
      assertEquals(trained.values(name), fresh.stateDict().values(name), name);
    }
  }
}
