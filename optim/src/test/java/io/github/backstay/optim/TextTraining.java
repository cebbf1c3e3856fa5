package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.contract.TrainingContract.Setup;
import io.github.backstay.regularizers.contract.TrainingContract.Training;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * A small regression of texts, for trying how a penalty is wired: word vectors, of which every text
 * uses three, and a layer are held, a bias is not. Three of the ten words are in no text. As it
 * stands the penalty is in the loss, once per step; whoever makes a mistake overrides a method.
 */
class TextTraining implements Training {

  static final double RATE = 0.05;
  private static final int TEXTS = 12;

  final Setup setup;
  final Parameter words;
  final Parameter layer;
  final Parameter bias = new Parameter("bias", new DMatrixRMaj(1, 1));
  final Regularizer pull;
  final Optimizer optimizer;
  int[] text = new int[0]; // the one that was read last
  private final Function<Setup, TextTraining> maker;
  private final int[][] texts = new int[TEXTS][];
  private final double[] targets = new double[TEXTS];
  private int seen;

  TextTraining(Setup setup, UpdateRule rule, Function<Setup, TextTraining> maker) {
    this.setup = setup;
    this.maker = maker;
    RandomGenerator random = Draw.seeded(8);
    words = new Parameter("words", Draw.gaussian(random, 10, 3));
    layer = new Parameter("layer", Draw.gaussian(random, 3, 1));
    for (int k = 0; k < TEXTS; k++) {
      texts[k] = random.ints(3, 0, 7).toArray();
      targets[k] = random.nextGaussian();
    }
    pull = apply(Regularizer.l2(setup.strength()).over(words, layer).towardsInitialValue());
    optimizer = optimizer(rule);
  }

  Regularizer apply(Regularizer.Builder builder) {
    return builder.inLoss();
  }

  Optimizer optimizer(UpdateRule rule) {
    return Optimizer.of(rule, words, layer, bias);
  }

  @Override
  public List<Parameter> held() {
    return List.of(words, layer);
  }

  @Override
  public double step() {
    try (Tape tape = Tape.create()) {
      Variable total = total(tape);
      optimizer.step(tape.gradients(total));
      return printed(total.toDouble());
    }
  }

  /** What is minimized in this step. */
  Variable total(Tape tape) {
    Variable data = loss(tape);
    for (int k = 1; k < setup.examples(); k++) {
      data = data.plus(loss(tape));
    }
    data = data.scale(1.0 / setup.examples());
    return setup.isRegularized() ? with(tape, data) : data;
  }

  /** The data loss and the penalty. */
  Variable with(Tape tape, Variable data) {
    return data.plus(pull.penalty(tape));
  }

  double printed(double loss) {
    return loss;
  }

  /** The loss of the next text. */
  Variable loss(Tape tape) {
    int k = seen++ % TEXTS;
    text = texts[k];
    Variable score = words.on(tape).gatherRows(text).mult(layer.on(tape)).sum().scale(1.0 / 3.0);
    return score.plus(bias.on(tape)).minus(targets[k]).square().sum();
  }

  @Override
  public Training resumed() {
    TextTraining anew = maker.apply(setup);
    anew.words.set(words.toMatrix());
    anew.layer.set(layer.toMatrix());
    anew.bias.set(bias.toMatrix());
    anew.seen = seen;
    load(anew);
    return anew;
  }

  /** What is saved beside weights. */
  void load(TextTraining anew) {
    anew.pull.load(pull.stateDict());
    anew.optimizer.load(optimizer.stateDict());
  }
}
