package io.github.backstay.nn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassifierExampleTest {

  @Test
  void everyParameterHasItsPathAndIsReached() {
    ClassifierExample.Classifier model =
        new ClassifierExample.Classifier(10, 4, 3, new Seeds(42).generator(0, "model"));
    try (Tape tape = Tape.create()) {
      Variable scores =
          model.forward(tape, Indices.of(1, 5, 1, 9), Indices.of(3, 4), Pass.evaluation());
      Gradients gradients = tape.gradients(scores.crossEntropy(0, 2));

      assertEquals(new Shape(2, 3), scores.shape());
      assertEquals(
          List.of("words.weight", "output.weight", "output.bias"),
          model.parameters().stream().map(Parameter::name).toList());
      assertTrue(model.parameters().stream().allMatch(gradients::reaches));
    }
  }
}
