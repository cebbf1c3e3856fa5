package io.github.backstay.nn.examples;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import java.util.random.RandomGenerator;

/** A module of one's own: the mean of word vectors, and a linear layer over it. */
final class ClassifierExample {

  private ClassifierExample() {}

  static final class Classifier extends Module {
    private final Embedding words;
    private final Linear output;

    Classifier(int vocabulary, int width, int classes, RandomGenerator random) {
      words = child("words", new Embedding(vocabulary, width, Initializer.normal(0.1), random));
      output = child("output", new Linear(width, classes, random));
    }

    Variable forward(Tape tape, Indices tokens, Indices ends, Pass pass) {
      return output.forward(words.lookUpMean(tape, tokens, ends), pass);
    }
  }
}
