package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.SmallOps;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** W1. */
final class TorchSmallOps implements Contestant {

  private final Torch torch;
  private final Tensor u;
  private final Tensor v;
  private final int place;

  TorchSmallOps(SmallOps problem, int threads) {
    torch = new Torch(threads);
    u = torch.tensor(problem.u());
    v = torch.tensor(problem.v());
    place = problem.u().numCols + 2;
  }

  @Override
  public double step() {
    try (PointerScope scope = new PointerScope()) {
      Tensor a = u.detach().set_requires_grad(true);
      Tensor b = v.detach().set_requires_grad(true);
      Tensor z = a.mm(b).tanh().add(a).mul(b).sigmoid().mm(a).sub(b).square().relu().sum();
      z.backward();
      return z.item_double() + 1e-3 * a.grad().data_ptr_double().get(place);
    }
  }

  @Override
  public void close() {
    torch.close();
  }
}
