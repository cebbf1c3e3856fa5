package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Derivatives;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.core.kernels.Parallel;
import io.github.backstay.nn.ChildSumTreeLstm;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Lstm;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.RecurrentCell;
import io.github.backstay.nn.Tree;
import io.github.backstay.optim.Accumulation;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Backstay as its users have it: modules, a tape that recycles variables, penalties in the loss.
 */
final class BackstayEngine implements Engine {

  private static final Pass PASS = Pass.evaluation(); // nothing is dropped out

  @Override
  public String name() {
    return "Backstay";
  }

  @Override
  public boolean visitsWholeTables() {
    return false;
  }

  /** What modules draw first values from that are replaced at once. */
  private static RandomGenerator anything() {
    return RandomGeneratorFactory.of("SplittableRandom").create(0L);
  }

  private static Linear linear(DMatrixRMaj weight) {
    return new Linear(weight, new DMatrixRMaj(1, weight.numRows));
  }

  private static List<Linear> layers(List<DMatrixRMaj> weights) {
    return weights.stream().map(BackstayEngine::linear).toList();
  }

  private static Variable scores(List<Linear> layers, Variable input) {
    Variable x = input;
    for (int l = 0; l < layers.size() - 1; l++) {
      x = layers.get(l).forward(x, PASS).relu();
    }
    return layers.get(layers.size() - 1).forward(x, PASS);
  }

  private static List<Parameter> parameters(List<Linear> layers) {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /** Steps along the loss, and lets its variables go. */
  private static double step(Optimizer optimizer, Objective objective, Tape tape) {
    double value = objective.value();
    optimizer.step(objective);
    tape.reset();
    return value;
  }

  /** A contestant on one tape. */
  abstract static class OnTape implements Contestant {
    final Tape tape;
    final Parallel parallel;
    private final @Nullable ForkJoinPool pool;

    OnTape(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException(
            "steps: threads must be at least 1, got " + threads + ".");
      }
      pool = threads == 1 ? null : new ForkJoinPool(threads - 1);
      parallel = pool == null ? Parallel.serial() : Parallel.on(pool, threads);
      tape = Tape.builder().recycleVariables().kernels(() -> Kernels.standard(parallel)).build();
    }

    @Override
    public boolean usesOtherThreads() {
      return pool != null;
    }

    @Override
    public void close() {
      tape.close();
      if (pool != null) {
        pool.shutdown();
      }
    }
  }

  @Override
  public Optional<Contestant> smallOps(SmallOps problem, int threads) {
    Parameter a = new Parameter("u", problem.u());
    Parameter b = new Parameter("v", problem.v());
    return Optional.of(
        new OnTape(threads) {
          @Override
          public double step() {
            Variable u = a.on(tape);
            Variable v = b.on(tape);
            Variable y = u.mult(v).tanh().plus(u).elementMult(v).sigmoid().mult(u).minus(v);
            Variable z = y.square().relu().sum();
            Gradients gradients = tape.gradients(z);
            double value = z.toDouble() + 1e-3 * gradients.of(a).get(1, 2);
            tape.reset();
            return value;
          }
        });
  }

  @Override
  public Optional<Contestant> mlp(Mlp problem, int threads) {
    List<Linear> layers = layers(problem.weights());
    List<Parameter> parameters = parameters(layers);
    Regularizer decay = decay(problem, layers);
    return Optional.of(
        new OnTape(threads) {
          private final Optimizer optimizer =
              Optimizer.builder()
                  .group("all", () -> parameters, Adam.of(problem.learningRate()))
                  .parallel(parallel)
                  .build();

          @Override
          public double step() {
            Variable scores = scores(layers, tape.borrow(problem.input()));
            Objective objective = Objective.of("data", scores.crossEntropy(problem.classes()));
            return BackstayEngine.step(
                optimizer,
                problem.strength() == 0.0
                    ? objective
                    : objective.plus("decay", decay.penalty(tape)),
                tape);
          }
        });
  }

  private static Regularizer decay(Mlp problem, List<Linear> layers) {
    List<Parameter> weights = layers.stream().map(Linear::weight).toList();
    return Regularizer.l2(problem.strength()).over(() -> weights).inLoss();
  }

  @Override
  public Optional<Contestant> anchoredTable(AnchoredTable problem, int threads) {
    Embedding table = new Embedding(problem.table());
    Linear hidden = linear(problem.hidden());
    Linear output = linear(problem.output());
    Optimizer optimizer = Optimizer.of(Adam.of(problem.learningRate()), table, hidden, output);
    Regularizer pull =
        Regularizer.l2(problem.strength()).over(table).towardsInitialValue().inLoss();
    int[] positions = new int[problem.texts()];
    for (int text = 0; text < positions.length; text++) {
      positions[text] = (text + 1) * problem.length();
    }
    Indices ends = Indices.of(positions);
    return Optional.of(
        new OnTape(threads) {
          private int next;

          @Override
          public double step() {
            Variable texts = table.lookUpMean(tape, problem.batches().get(next), ends);
            Variable scores = output.forward(hidden.forward(texts, PASS).sigmoid(), PASS);
            Variable data = scores.crossEntropy(problem.classes().get(next));
            next = (next + 1) % problem.batches().size();
            return BackstayEngine.step(
                optimizer, Objective.of("data", data).plus("anchor", pull.penalty(tape)), tape);
          }
        });
  }

  /** A Tree-LSTM with a classifier on top. */
  private record TreeModel(ChildSumTreeLstm lstm, Linear output) {
    static TreeModel of(Trees problem) {
      ChildSumTreeLstm lstm =
          new ChildSumTreeLstm(problem.weightIh().numCols, problem.hidden(), anything());
      lstm.weightIh().set(problem.weightIh());
      lstm.weightHh().set(problem.weightHh());
      lstm.bias().set(new DMatrixRMaj(1, 4 * problem.hidden()));
      return new TreeModel(lstm, linear(problem.output()));
    }

    Optimizer optimizer(double learningRate) {
      return Optimizer.of(Adam.of(learningRate), lstm, output);
    }

    Variable loss(Tree tree, Variable inputs, Indices classes) {
      Variable roots = lstm.forward(tree, inputs).hidden().gatherRows(tree.roots());
      return output.forward(roots, PASS).crossEntropy(classes);
    }
  }

  @Override
  public Optional<Contestant> trees(Trees problem, int threads) {
    TreeModel model = TreeModel.of(problem);
    Optimizer optimizer = model.optimizer(problem.learningRate());
    List<int[]> children = new ArrayList<>();
    int nodes = problem.trees().stream().mapToInt(Tree::size).sum();
    DMatrixRMaj inputs = new DMatrixRMaj(nodes, problem.weightIh().numCols);
    for (int k = 0; k < problem.trees().size(); k++) {
      Tree tree = problem.trees().get(k);
      int below = children.size();
      for (int node = 0; node < tree.size(); node++) {
        int[] shifted = new int[tree.children(node).size()];
        for (int e = 0; e < shifted.length; e++) {
          shifted[e] = below + tree.children(node).get(e);
        }
        children.add(shifted);
      }
      double[] values = problem.inputs().get(k).data;
      System.arraycopy(values, 0, inputs.data, below * inputs.numCols, values.length);
    }
    Tree forest = Tree.of(children.toArray(int[][]::new));
    return Optional.of(
        new OnTape(threads) {
          @Override
          public double step() {
            Variable loss = model.loss(forest, tape.borrow(inputs), problem.classes());
            return BackstayEngine.step(optimizer, Objective.of("data", loss), tape);
          }
        });
  }

  /** W4 with one tree after the other, as those do it who have no forests. */
  static Engine treeByTree() {
    return new Engine() {
      @Override
      public String name() {
        return "Backstay, tree by tree";
      }

      @Override
      public Optional<Contestant> trees(Trees problem, int threads) {
        return Optional.of(new TreeByTree(problem, threads));
      }
    };
  }

  private static final class TreeByTree extends OnTape {
    private final Trees problem;
    private final TreeModel model;
    private final Accumulation batch;
    private final List<Indices> classes = new ArrayList<>();

    TreeByTree(Trees problem, int threads) {
      super(threads);
      this.problem = problem;
      model = TreeModel.of(problem);
      batch = model.optimizer(problem.learningRate()).accumulation();
      for (int k = 0; k < problem.trees().size(); k++) {
        classes.add(Indices.of(problem.classes().get(k)));
      }
    }

    @Override
    public double step() {
      double sum = 0.0;
      for (int k = 0; k < classes.size(); k++) {
        Variable inputs = tape.borrow(problem.inputs().get(k));
        Variable loss = model.loss(problem.trees().get(k), inputs, classes.get(k));
        batch.add(loss);
        sum += loss.toDouble();
        tape.reset();
      }
      batch.step();
      return sum / classes.size();
    }
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    Lstm lstm = new Lstm(problem.weightIh().numCols, problem.hidden(), anything());
    RecurrentCell<?> cell = lstm.cells().get(0);
    cell.weightIh().set(problem.weightIh());
    cell.weightHh().set(problem.weightHh());
    DMatrixRMaj zeros = new DMatrixRMaj(1, 4 * problem.hidden());
    Objects.requireNonNull(cell.biasIh()).set(zeros);
    Objects.requireNonNull(cell.biasHh()).set(zeros);
    Optimizer optimizer = Optimizer.of(Adam.of(problem.learningRate()), lstm);
    return Optional.of(
        new OnTape(threads) {
          @Override
          public double step() {
            List<Variable> inputs = new ArrayList<>(problem.inputs().size());
            for (DMatrixRMaj input : problem.inputs()) {
              inputs.add(tape.borrow(input));
            }
            Variable last = lstm.lastOutput(lstm.forward(inputs));
            return BackstayEngine.step(optimizer, Objective.of("data", last.square().mean()), tape);
          }
        });
  }

  @Override
  public Optional<Contestant> hessianVector(HessianVector problem, int threads) {
    Mlp network = problem.network();
    List<Linear> layers = layers(network.weights());
    List<Parameter> parameters = parameters(layers);
    Regularizer decay = decay(network, layers);
    List<DMatrixRMaj> vector = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      vector.add(problem.weights().get(l));
      vector.add(problem.biases().get(l));
    }
    Kernels kernels = Kernels.standard();
    return Optional.of(
        new OnTape(threads) {
          @Override
          public double step() {
            Variable scores = scores(layers, tape.borrow(network.input()));
            Variable loss = scores.crossEntropy(network.classes());
            if (network.strength() != 0.0) {
              loss = loss.plus(decay.penalty(tape));
            }
            List<Variable> wrt = new ArrayList<>();
            for (Parameter parameter : parameters) {
              wrt.add(parameter.on(tape));
            }
            double squares = 0.0;
            for (DMatrixRMaj part : Derivatives.hessianVectorProduct(loss, wrt, vector)) {
              squares += kernels.squaredNorm(part.data, part.data.length);
            }
            tape.reset();
            return squares;
          }
        });
  }

  @Override
  public Optional<Contestant> inference(Inference problem, int threads) {
    List<Linear> layers = layers(problem.weights());
    layers.forEach(Linear::freeze);
    return Optional.of(
        new OnTape(threads) {
          @Override
          public double step() {
            Variable scores = scores(layers, tape.borrow(problem.row()));
            double sum = 0.0;
            for (int j = 0; j < scores.cols(); j++) {
              sum += scores.get(0, j);
            }
            tape.reset();
            return sum;
          }
        });
  }

  /** The kernels themselves: a tape would add a node and nothing else. */
  @Override
  public Optional<Contestant> product(Product problem, int threads) {
    DMatrixRMaj c = new DMatrixRMaj(problem.a().numRows, problem.b().numCols);
    return Optional.of(
        new OnTape(threads) {
          private final Kernels kernels = Kernels.standard(parallel);

          @Override
          public double step() {
            kernels.mult(problem.transA(), problem.a(), problem.transB(), problem.b(), false, c);
            return c.data[c.data.length - 1];
          }

          @Override
          public double[] result() {
            return c.data.clone();
          }
        });
  }
}
