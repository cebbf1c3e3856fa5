package io.github.backstay.benchmarks.embedding;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Pass;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Visits;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;

/**
 * Texts of 20 words, 25 in a batch → mean of their vectors → 50 sigmoids → 2 classes, the table
 * anchored at its first values and L2 on the rest. The words are drawn from some rows of the table
 * only, spread evenly over it, so that tables of any height have the same rows touched.
 */
final class TableTraining implements AutoCloseable {

  static final int TEXTS = 25;
  static final int LENGTH = 20;
  private static final int HIDDEN = 50;
  private static final Pass PASS = Pass.evaluation(); // without dropout
  private static final double ANCHOR = 1e-3;
  private static final double DECAY = 1e-6;

  private final Parameter table;
  private final Linear hidden;
  private final Linear output;
  private final Regularizer pull;
  private final Regularizer decay;
  private final Optimizer optimizer;
  private final Tape tape = Tape.builder().recycleVariables().build();
  private final Indices ends;
  private final Indices[] batches;
  private final Indices[] classes;
  private int next;

  TableTraining(Anchoring anchoring, boolean dense, int vocabulary, int width, int touched) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7L);
    hidden = new Linear(width, HIDDEN, Initializer.glorotUniform(), random);
    output = new Linear(HIDDEN, 2, Initializer.glorotUniform(), random);
    int[] position = new int[TEXTS];
    for (int text = 0; text < TEXTS; text++) {
      position[text] = (text + 1) * LENGTH;
    }
    ends = Indices.of(position);
    // Every touched row once, then texts at random; rows of taller tables lie further apart.
    long apart = vocabulary / touched;
    batches = new Indices[64];
    classes = new Indices[batches.length];
    int covered = 0;
    for (int b = 0; b < batches.length; b++) {
      int[] tokens = new int[TEXTS * LENGTH];
      for (int k = 0; k < tokens.length; k++) {
        int word = covered < touched ? covered++ : random.nextInt(touched);
        tokens[k] = (int) (word * apart);
      }
      batches[b] = Indices.of(tokens);
      classes[b] = Indices.of(random.ints(TEXTS, 0, 2).toArray());
    }
    table = Parameter.adopting("table", values(vocabulary, width));
    L2 penalty = new L2(ANCHOR);
    Regularizer.Builder anchored =
        Regularizer.of(dense ? new DenseL2(penalty) : penalty).over(table).towardsInitialValue();
    Scope network = Scope.of(hidden, output);
    Optimizer.Builder builder = Optimizer.builder();
    if (anchoring.how == Application.IN_LOSS) {
      pull = anchored.inLoss();
      builder.group("table", table, anchoring.rule());
    } else {
      pull = anchored.decoupled();
      builder.group("table", table, anchoring.rule(), pull);
    }
    decay = Regularizer.l2(DECAY).over(network).inLoss();
    optimizer = builder.group("network", network, anchoring.rule()).lazy().build();
  }

  /** Numbers that are quickly made; what they are does not matter to the time. */
  private static DMatrixRMaj values(int rows, int cols) {
    DMatrixRMaj table = new DMatrixRMaj(rows, cols);
    long state = 42;
    for (int i = 0; i < table.data.length; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      table.data[i] = (state >> 11) * 0x1p-53;
    }
    return table;
  }

  /** How many batches touch every row that will be. */
  int batches() {
    return batches.length;
  }

  /** Does one step and gives the data term's value before it. */
  double step() {
    Variable texts = table.on(tape).gatherRows(batches[next]).segmentMean(ends);
    Variable scores = output.forward(hidden.forward(texts, PASS).sigmoid(), PASS);
    Variable data = scores.crossEntropy(classes[next]);
    Objective objective = Objective.of("data", data).plus("decay", decay.penalty(tape));
    if (pull.application() == Application.IN_LOSS) {
      objective = objective.plus("anchor", pull.penalty(tape));
    }
    double value = data.toDouble();
    optimizer.step(objective);
    tape.reset();
    next = (next + 1) % batches.length;
    return value;
  }

  Visits visits() {
    return optimizer.visits(table);
  }

  /** How far the table has drifted: the same whatever was visited when. */
  double drift() {
    return pull.drift(table);
  }

  long tableBytes() {
    return 8L * table.rows() * table.cols();
  }

  @Override
  public void close() {
    tape.close();
  }
}
