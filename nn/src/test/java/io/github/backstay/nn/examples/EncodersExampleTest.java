package io.github.backstay.nn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Tape;
import org.junit.jupiter.api.Test;

class EncodersExampleTest {

  @Test
  void encodersGiveOneVectorPerTextOrWord() {
    EncodersExample example = new EncodersExample();
    try (Tape tape = Tape.create()) {
      assertEquals("2×6", example.inOrder(tape).shape().toString());
      assertEquals("1×3", example.alongATree(tape).shape().toString());
      assertEquals("3×4", example.allAtOnce(tape).shape().toString());
      assertTrue(example.alongATree(tape).reachesParameter());
    }
  }
}
