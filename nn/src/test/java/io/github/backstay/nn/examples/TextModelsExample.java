package io.github.backstay.nn.examples;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
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
import io.github.backstay.nn.LstmState;
import io.github.backstay.nn.NaryTreeLstm;
import io.github.backstay.nn.NegativeSampling;
import io.github.backstay.nn.PairHead;
import io.github.backstay.nn.ParaphraseLoss;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.RatingScale;
import io.github.backstay.nn.RecurrentEncoder;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.SentimentOutput;
import io.github.backstay.nn.Texts;
import io.github.backstay.nn.Tree;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** Texts as vectors, and what is learned from them: ratings of pairs, paraphrases, sentiment. */
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

  /** Two pairs of texts and how similar people find them. */
  Variable ratings(Variable first, Variable second) {
    PairHead head = new PairHead(4, 5, 5, random);
    RatingScale scale = new RatingScale(5);
    Variable logits = head.forward(first, second);
    Variable loss = scale.loss(logits, new double[] {4.5, 1.0}, Reduction.MEAN);
    Variable predicted = scale.predict(logits);
    return loss.concatRows(predicted);
  }

  /** Two pairs of texts that say the same. */
  Variable paraphrases(Variable first, Variable second) {
    ParaphraseLoss loss = new ParaphraseLoss(0.4);
    DMatrixRMaj similarities = ParaphraseLoss.similarities(first, second);
    Indices negatives = NegativeSampling.MIX.choose(similarities, random);
    Variable cost = loss.of(first, second, negatives, Reduction.MEAN);
    return cost;
  }

  /** "not (very good)": two of the words say nothing, "good", "very good" and the whole do. */
  Variable sentiment(Tape tape, Pass pass) {
    NaryTreeLstm lstm = NaryTreeLstm.binary(4, 3, random);
    int[] leaf = {};
    Tree tree = Tree.of(leaf, leaf, leaf, new int[] {1, 2}, new int[] {0, 3});
    Variable vectors = words.lookUp(tape, Indices.of(3, 1, 4)); // not, very, good
    SentimentOutput output = new SentimentOutput(3, 2, 0.5, random);
    LstmState state = lstm.forward(tree, vectors, tree.leaves());
    Indices labelled = Indices.of(2, 3, 4);
    Indices labels = Indices.of(1, 1, 0);
    Variable loss = output.loss(state.hidden(), labelled, labels, Reduction.SUM, pass);
    return loss;
  }
}
