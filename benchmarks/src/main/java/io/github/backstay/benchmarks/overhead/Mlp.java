package io.github.backstay.benchmarks.overhead;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** W2: an MLP 784-256-128-10, batch 64, cross-entropy, Adam, L2 on the weights. */
final class Mlp {

  private static final int[] WIDTHS = {784, 256, 128, 10};
  private static final int BATCH = 64;
  private static final int LAYERS = WIDTHS.length - 1;
  private static final double STRENGTH = 1e-4;

  private Mlp() {}

  static Workload workload(RandomGenerator random) {
    DMatrixRMaj input = Matrices.gaussian(random, BATCH, WIDTHS[0], 1.0);
    int[] classes = random.ints(BATCH, 0, WIDTHS[LAYERS]).toArray();
    List<DMatrixRMaj> weights = new ArrayList<>();
    for (int l = 0; l < LAYERS; l++) {
      weights.add(Matrices.gaussian(random, WIDTHS[l + 1], WIDTHS[l], Math.sqrt(2.0 / WIDTHS[l])));
    }
    return new Workload(
        "W2",
        "MLP 784-256-128-10, batch 64, cross-entropy, Adam, L2",
        List.of(
            backstay(input, classes, weights),
            new ByHand("by hand, EJML products", HandProduct.ejml(), input, classes, weights),
            new ByHand("by hand, our kernels", HandProduct.kernels(), input, classes, weights)));
  }

  private static Contestant backstay(DMatrixRMaj input, int[] classes, List<DMatrixRMaj> initial) {
    Tape tape = Tape.builder().recycleVariables().build();
    List<Parameter> weights = new ArrayList<>();
    List<Parameter> biases = new ArrayList<>();
    List<Parameter> all = new ArrayList<>();
    for (int l = 0; l < LAYERS; l++) {
      weights.add(new Parameter("w" + l, initial.get(l)));
      biases.add(new Parameter("b" + l, new DMatrixRMaj(1, WIDTHS[l + 1])));
      all.add(weights.get(l));
      all.add(biases.get(l));
    }
    Optimizer optimizer = Optimizer.of(Adam.of(1e-3), () -> all);
    Regularizer decay = Regularizer.l2(STRENGTH).over(() -> weights).inLoss();
    Indices targets = Indices.of(classes);
    return new Contestant() {
      @Override
      public String name() {
        return "Backstay";
      }

      @Override
      public double step() {
        Variable x = tape.borrow(input);
        for (int l = 0; l < LAYERS; l++) {
          x = x.affine(weights.get(l).on(tape), biases.get(l).on(tape));
          x = l < LAYERS - 1 ? x.relu() : x;
        }
        Objective objective =
            Objective.of("data", x.crossEntropy(targets)).plus("decay", decay.penalty(tape));
        double value = objective.value();
        optimizer.step(objective);
        tape.reset();
        return value;
      }
    };
  }

  private static final class ByHand implements Contestant {
    private final String name;
    private final HandProduct product;
    private final int[] classes;
    private final DMatrixRMaj[] w = new DMatrixRMaj[LAYERS];
    private final DMatrixRMaj[] b = new DMatrixRMaj[LAYERS];
    private final DMatrixRMaj[] wBar = new DMatrixRMaj[LAYERS];
    private final DMatrixRMaj[] bBar = new DMatrixRMaj[LAYERS];
    private final DMatrixRMaj[] out = new DMatrixRMaj[LAYERS + 1];
    private final DMatrixRMaj[] outBar = new DMatrixRMaj[LAYERS + 1];
    private final HandAdam[] wAdam = new HandAdam[LAYERS];
    private final HandAdam[] bAdam = new HandAdam[LAYERS];

    ByHand(
        String name,
        HandProduct product,
        DMatrixRMaj input,
        int[] classes,
        List<DMatrixRMaj> initial) {
      this.name = name;
      this.product = product;
      this.classes = classes;
      out[0] = input;
      for (int l = 0; l < LAYERS; l++) {
        w[l] = initial.get(l).copy();
        b[l] = new DMatrixRMaj(1, WIDTHS[l + 1]);
        wBar[l] = new DMatrixRMaj(WIDTHS[l + 1], WIDTHS[l]);
        bBar[l] = new DMatrixRMaj(1, WIDTHS[l + 1]);
        out[l + 1] = new DMatrixRMaj(BATCH, WIDTHS[l + 1]);
        outBar[l + 1] = new DMatrixRMaj(BATCH, WIDTHS[l + 1]);
        wAdam[l] = new HandAdam(w[l], STRENGTH);
        bAdam[l] = new HandAdam(b[l], 0.0);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double step() {
      for (int l = 0; l < LAYERS; l++) {
        product.mult(false, out[l], true, w[l], false, out[l + 1]);
        addBias(out[l + 1], b[l], l < LAYERS - 1);
      }
      double loss = softmaxCrossEntropy();
      for (int l = LAYERS - 1; l >= 0; l--) {
        DMatrixRMaj bar = outBar[l + 1];
        if (l < LAYERS - 1) {
          for (int i = 0; i < bar.data.length; i++) {
            bar.data[i] = out[l + 1].data[i] > 0.0 ? bar.data[i] : 0.0;
          }
        }
        product.mult(true, bar, false, out[l], false, wBar[l]);
        sumRows(bar, bBar[l]);
        if (l > 0) {
          product.mult(false, bar, false, w[l], false, outBar[l]);
        }
      }
      for (int l = 0; l < LAYERS; l++) {
        loss += wAdam[l].step(w[l], wBar[l]);
        loss += bAdam[l].step(b[l], bBar[l]);
      }
      return loss;
    }

    private static void addBias(DMatrixRMaj y, DMatrixRMaj bias, boolean relu) {
      for (int i = 0; i < y.numRows; i++) {
        int from = i * y.numCols;
        for (int j = 0; j < y.numCols; j++) {
          double value = y.data[from + j] + bias.data[j];
          y.data[from + j] = relu ? Math.max(value, 0.0) : value;
        }
      }
    }

    private double softmaxCrossEntropy() {
      DMatrixRMaj x = out[LAYERS];
      double[] bar = outBar[LAYERS].data;
      double loss = 0.0;
      for (int i = 0; i < BATCH; i++) {
        int from = i * x.numCols;
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < x.numCols; j++) {
          max = Math.max(max, x.data[from + j]);
        }
        double sum = 0.0;
        for (int j = 0; j < x.numCols; j++) {
          bar[from + j] = Math.exp(x.data[from + j] - max);
          sum += bar[from + j];
        }
        loss += max + Math.log(sum) - x.data[from + classes[i]];
        for (int j = 0; j < x.numCols; j++) {
          bar[from + j] /= sum * BATCH;
        }
        bar[from + classes[i]] -= 1.0 / BATCH;
      }
      return loss / BATCH;
    }

    private static void sumRows(DMatrixRMaj x, DMatrixRMaj sums) {
      Arrays.fill(sums.data, 0.0);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        for (int j = 0; j < x.numCols; j++) {
          sums.data[j] += x.data[from + j];
        }
      }
    }
  }
}
