package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.LstmChain;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;

/**
 * W5: by LibTorch's own {@code lstm}, or with the cell written out. There the products with the
 * inputs are one for all steps, and a step's part of them is what its product with the state is
 * added to.
 */
final class TorchLstm extends TorchTraining {

  private final boolean fused;
  private final int batch;
  private final int hidden;
  private final Tensor inputs;
  private final Tensor zero;

  TorchLstm(LstmChain problem, int threads, boolean fused) {
    super(threads, problem.learningRate());
    this.fused = fused;
    batch = problem.batch();
    hidden = problem.hidden();
    weight(problem.weightIh());
    weight(problem.weightHh());
    weight(new DMatrixRMaj(1, 4 * hidden));
    weight(new DMatrixRMaj(1, 4 * hidden));
    inputs =
        fused
            ? torch()
                .stacked(
                    problem.inputs(), problem.inputs().size(), batch, problem.weightIh().numCols)
            : torch().stacked(problem.inputs());
    zero = torch().tensor(new DMatrixRMaj(batch, hidden), 1, batch, hidden);
  }

  @Override
  Tensor loss(List<Tensor> leaves, int t) {
    Tensor last = fused ? fused(leaves) : written(leaves);
    return last.square().mean();
  }

  private Tensor fused(List<Tensor> leaves) {
    TensorVector weights =
        new TensorVector(
            leaves.get(0), leaves.get(1), leaves.get(2).view(-1), leaves.get(3).view(-1));
    return torch
        .lstm(inputs, new TensorVector(zero, zero), weights, true, 1, 0.0, true, false, false)
        .get1();
  }

  private Tensor written(List<Tensor> leaves) {
    Tensor bias = leaves.get(2).add(leaves.get(3));
    TensorVector ofInputs = torch.split(torch.addmm(bias, inputs, leaves.get(0).t()), batch, 0);
    Tensor ofState = leaves.get(1).t();
    Tensor h = zero;
    Tensor c = zero;
    for (int t = 0; t < ofInputs.size(); t++) {
      Tensor z = ofInputs.get(t);
      if (t > 0) {
        z = torch.addmm(z, h, ofState);
      }
      TensorVector gates = torch.split(z, hidden, 1);
      Tensor fresh = gates.get(0).sigmoid().mul(gates.get(2).tanh());
      c = t == 0 ? fresh : torch.addcmul(fresh, gates.get(1).sigmoid(), c);
      h = gates.get(3).sigmoid().mul(c.tanh());
    }
    return h;
  }
}
