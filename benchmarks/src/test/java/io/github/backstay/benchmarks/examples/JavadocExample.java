package io.github.backstay.benchmarks.examples;

import io.github.backstay.core.CrossEntropyOptions;
import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Sequential;
import io.github.backstay.nn.files.Checkpoint;
import io.github.backstay.nn.files.Safetensors;
import io.github.backstay.optim.Accumulation;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.OneCycle;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Plateau;
import io.github.backstay.optim.ReduceOnPlateau;
import io.github.backstay.optim.Schedule;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.DriftRecorder;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.nio.file.Path;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** What the Javadoc of core, regularizers, optim and nn shows, with what it takes for granted. */
final class JavadocExample {

  /** A model with a named embedding and an output layer. */
  static final class Model extends Module {
    private final Embedding embedding;
    private final Linear hidden;
    private final Linear output;

    Model() {
      embedding = child("embedding", new Embedding(new DMatrixRMaj(2, 2)));
      hidden = child("hidden", new Linear(2, 2, new Seeds(1).generator(0, "hidden")));
      output = child("output", new Linear(2, 1, new Seeds(1).generator(0, "output")));
    }

    Variable forward(Tape tape) {
      Pass pass = Pass.evaluation();
      return output.forward(hidden.forward(embedding.weight().on(tape), pass), pass);
    }

    Linear output() {
      return output;
    }
  }

  /** One example of a training set. */
  private record Example(double target) {}

  private final Parameter w = new Parameter("w", new DMatrixRMaj(new double[][] {{1.0, 2.0}}));

  private Variable loss(Tape tape, Example example) {
    return w.on(tape).minus(example.target).square().sum();
  }

  DMatrixRMaj tape(DMatrixRMaj target) {
    try (Tape tape = Tape.create()) {
      Variable loss = w.on(tape).minus(tape.constant(target)).square().sum();
      return tape.gradients(loss).of(w).toMatrix();
    }
  }

  double objective() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.1), w);
    try (Tape tape = Tape.create()) {
      Variable loss = w.on(tape).square().sum();
      Variable penalty = w.on(tape).squaredNorm(0.5);
      Objective objective = Objective.of("data", loss).plus("anchor", penalty);
      optimizer.step(objective.gradients());
    }
    return w.get(0, 0);
  }

  void gradientCheck(DMatrixRMaj a, DMatrixRMaj b) {
    GradientCheck.of(x -> x[0].tanh().mult(x[1])).at(a, b).requirePassed();
  }

  double losses(DMatrixRMaj target, Indices labels) {
    try (Tape tape = Tape.create()) {
      return losses(w.on(tape), tape.constant(target), w.on(tape), labels).toDouble();
    }
  }

  private static Variable losses(
      Variable prediction, Variable target, Variable logits, Indices labels) {
    Variable loss = Losses.huber(prediction, target, 1.0, Reduction.MEAN);
    Variable smoothed =
        Losses.crossEntropy(
            logits, labels, CrossEntropyOptions.NONE.withLabelSmoothing(0.1), Reduction.SUM);
    return loss.plus(smoothed);
  }

  double accumulation() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.1), w);
    Regularizer anchor = Regularizer.l2(0.5).over(w).towardsInitialValue().inLoss();
    List<Example> examples = List.of(new Example(1.0), new Example(2.0));
    try (Tape tape = Tape.create()) {
      Accumulation batch = optimizer.accumulation();
      for (Example example : examples) {
        batch.add(loss(tape, example));
        tape.reset();
      }
      batch.penalize(anchor.penalty(tape)).step();
    }
    return w.get(0, 0);
  }

  double groups() {
    Sequential network =
        new Sequential(new Linear(2, 2, new Seeds(2).generator(0, "network")), Activation.TANH);
    Parameter embedding = new Parameter("embedding", new DMatrixRMaj(1, 2));
    Regularizer decay = Regularizer.l2(1e-4).over(network).coupled();
    Regularizer anchor = Regularizer.l2(1e-2).over(embedding).towardsInitialValue().decoupled();
    try (Tape tape = Tape.create()) {
      Variable output = network.forward(embedding.on(tape), Pass.evaluation());
      Objective objective = Objective.of("data", output.square().sum());
      Optimizer optimizer =
          Optimizer.builder()
              .group("network", Scope.of(network), Adam.of(1e-3), decay)
              .group("embedding", Scope.of(embedding), Sgd.of(0.1), anchor)
              .build();
      optimizer.step(objective);
      return optimizer.learningRate("embedding");
    }
  }

  double schedules(long step) {
    Schedule warmup = Schedule.linear(0.1, 1.0, 100).until(100, Schedule.cosine(900, 0.0));
    Schedule inverse = (t, base) -> base / (1.0 + 0.1 * t);
    return warmup.rate(step, 0.5) + inverse.rate(step, 0.5);
  }

  double oneCycle() {
    Sgd sgd = Sgd.of(0.1).withMomentum(0.9);
    OneCycle cycle = OneCycle.of(10);
    Optimizer optimizer = Optimizer.builder().group("all", w, sgd).schedule(cycle).build();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 10; step++) {
        optimizer.setRule("all", sgd.withMomentum(cycle.momentum(optimizer.steps())));
        optimizer.step(Objective.of("data", w.on(tape).square().sum()));
        tape.reset();
      }
    }
    return optimizer.learningRate("all");
  }

  double plateau(Model model, UpdateRule rule, double validationLoss) {
    Plateau plateau = ReduceOnPlateau.DEFAULT.withPatience(2).start();
    Optimizer optimizer = Optimizer.builder().group("all", model, rule).schedule(plateau).build();
    for (int epoch = 0; epoch < 4; epoch++) {
      // after each epoch:
      plateau.report(validationLoss);
    }
    return optimizer.learningRate("all");
  }

  String regularizer(Model model, Variable loss, Tape tape) {
    Regularizer pull =
        Regularizer.l2(1e-3)
            .over(Scope.of(model).named("embedding.*"))
            .towardsInitialValue()
            .inLoss();

    Objective objective = Objective.of("data", loss).plus("anchor", pull.penalty(tape));
    return objective.toString();
  }

  void drift(Parameter table, Tape tape, List<String> words) {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.1), table);
    DriftRecorder recorder = DriftRecorder.of(table);

    Variable loss = table.on(tape).gatherRows(Indices.of(1)).square().sum();
    Objective objective = Objective.of("data", loss);
    recorder.observe(tape.gradients(loss));
    optimizer.step(objective);

    System.out.println(recorder.report(10, words::get));
  }

  List<Scope> scopes(Model model) {
    return List.of(
        Scope.of(model).named("embedding.*"),
        Scope.of(model).allBut(model.output()).allBut("*.bias"));
  }

  Pass seeds(int step) {
    Seeds seeds = new Seeds(42);
    Linear layer = new Linear(4, 2, seeds.generator(0, "layer"));
    Pass pass = Pass.training(seeds.generator(step, "dropout"));
    return layer.parameters().isEmpty() ? Pass.evaluation() : pass;
  }

  StateDict stateDict(DMatrixRMaj matrix) {
    StateDict saved = StateDict.builder().put("weight", matrix).integer("step", 100).build();
    return saved;
  }

  void safetensors(Model model, Path file) {
    Safetensors.write(file, model.stateDict());
    model.load(Safetensors.read(file));
  }

  long checkpoint(Model model, Optimizer optimizer, Regularizer pull, long step, Path file) {
    Checkpoint checkpoint =
        Checkpoint.of("model", model).plus("optimizer", optimizer).plus("anchor", pull);
    checkpoint.save(file, StateDict.builder().integer("step", step).build());

    long next = checkpoint.load(file).integer("step");
    return next;
  }
}
