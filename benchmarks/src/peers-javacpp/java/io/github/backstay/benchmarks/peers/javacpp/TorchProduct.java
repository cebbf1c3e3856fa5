package io.github.backstay.benchmarks.peers.javacpp;

import static org.bytedeco.pytorch.global.torch.mm_out;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Product;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** One product into a tensor that is there. Transposes are views. */
final class TorchProduct implements Contestant {

  private final Torch torch;
  private final int threads;
  private final Tensor left;
  private final Tensor right;
  private final Tensor c;
  private final DoublePointer entries;
  private final int size;

  TorchProduct(Product problem, int threads) {
    this.torch = new Torch(threads);
    this.threads = threads;
    left = problem.transA() ? torch.transposed(problem.a()) : torch.tensor(problem.a());
    right = problem.transB() ? torch.transposed(problem.b()) : torch.tensor(problem.b());
    c = torch.zeros(problem.a().numRows, problem.b().numCols);
    entries = c.data_ptr_double();
    size = problem.a().numRows * problem.b().numCols;
  }

  @Override
  public double step() {
    try (PointerScope scope = new PointerScope()) {
      mm_out(c, left, right);
      return entries.get(size - 1);
    }
  }

  @Override
  public double[] result() {
    double[] result = new double[size];
    entries.get(result);
    return result;
  }

  @Override
  public boolean usesOtherThreads() {
    return threads > 1;
  }

  @Override
  public void close() {
    torch.close();
  }
}
