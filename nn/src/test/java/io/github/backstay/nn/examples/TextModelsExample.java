package io.github.backstay.nn.examples;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.AveragingEncoder;
import io.github.backstay.nn.Direction;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Encoder;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Lstm;
import io.github.backstay.nn.LstmCell;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.RecurrentEncoder;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Texts;
import java.util.random.RandomGenerator;

/** Texts as vectors. */
final class TextModelsExample {

  private final RandomGenerator random = new Seeds(1).generator(0, "models");
  private final Embedding words = new Embedding(10, 4, Initializer.normal(0.5), random);

  /** Three texts of unequal length, without looking at the order of their words. */
  Variable deepAverage(Tape tape, Pass pass) {
    Texts texts = Texts.of(new int[] {7, 0, 5}, new int[] {2}, new int[] {4, 4});
    Encoder encoder = AveragingEncoder.deep(words, 2, 6, Activation.TANH, random);
    Variable vectors = encoder.encode(tape, texts.dropWords(0.3, pass), pass);
    return vectors;
  }

  /** The same texts, read word by word. */
  Variable lastState(Tape tape, Texts texts) {
    LstmCell.Options peepholes = LstmCell.Options.standard().withPeepholes();
    Lstm lstm = new Lstm(4, 1, Direction.FORWARD, in -> new LstmCell(in, 3, peepholes, random));
    Encoder encoder = new RecurrentEncoder(words, lstm);
    return encoder.encode(tape, texts, Pass.evaluation());
  }
}
