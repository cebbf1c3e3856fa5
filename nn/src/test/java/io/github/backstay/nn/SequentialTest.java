package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class SequentialTest {

  private final RandomGenerator random = new Seeds(2).generator(0, "sequential");

  private static Pass pass() {
    return Pass.training(new Seeds(2).generator(1, "dropout"));
  }

  @Test
  void equalsTheCompositionOfItsLayers() {
    Linear first = new Linear(3, 4, random);
    Dropout dropout = new Dropout(0.5);
    Linear second = new Linear(4, 2, random);
    Sequential model = new Sequential(first, Activation.RELU, dropout, second);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ModuleCatalogue.input(5, 3, 1));
      Pass pass = pass();
      Variable expected =
          second.forward(dropout.forward(first.forward(x, pass).relu(), pass), pass);

      assertArrayEquals(expected.toMatrix().data, model.forward(x, pass()).toMatrix().data);
    }
  }

  @Test
  void nestsLikeParentheses() {
    Linear a = new Linear(3, 3, random);
    Linear b = new Linear(3, 3, random);
    Sequential nested = new Sequential(new Sequential(a, Activation.TANH), new Sequential(b));
    Sequential flat = new Sequential(a, Activation.TANH, b);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ModuleCatalogue.input(2, 3, 1));

      assertArrayEquals(
          flat.forward(x, Pass.evaluation()).toMatrix().data,
          nested.forward(x, Pass.evaluation()).toMatrix().data);
    }
    assertEquals(flat.parameters(), nested.parameters());
    assertEquals("1.0.weight", b.weight().name());
  }

  @Test
  void withoutLayersItReturnsTheInputItself() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(new DMatrixRMaj(2, 3));

      assertSame(x, new Sequential().forward(x, Pass.evaluation()));
    }
  }

  @Test
  void childrenHaveThePositionsOfTheirLayers() {
    Sequential model =
        new Sequential(new Linear(3, 4, random), Activation.TANH, new Linear(4, 2, random));

    assertEquals(List.of("0", "2"), List.copyOf(model.children().keySet()));
    assertEquals(3, model.layers().size());
  }

  /** A layer that forgot to be a module. */
  private record Scale(Parameter factor) implements Layer {
    @Override
    public Variable forward(Variable x, Pass pass) {
      return x.elementMult(factor.on(x.tape()));
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(factor);
    }
  }

  @Test
  void refusesLayersWhoseParametersWouldBeLost() {
    Scale scale = new Scale(new Parameter("factor", new DMatrixRMaj(1, 1)));

    assertEquals(
        "sequential: layer 1 (Scale) has parameters but is no module, so they would have no names."
            + " Let it extend Module.",
        assertThrows(IllegalArgumentException.class, () -> new Sequential(Activation.TANH, scale))
            .getMessage());
  }
}
