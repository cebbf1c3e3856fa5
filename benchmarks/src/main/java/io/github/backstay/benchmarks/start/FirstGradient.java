package io.github.backstay.benchmarks.start;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;

/**
 * A program as small as one can be that needs a gradient: of {@code Σ tanh(X·U)·V}, [8×16]·[16×32]
 * and [8×32]·[32×4]. It prints the sum of both gradients, then what an {@link Answer} needs
 * besides. Its own code uses no lambda and joins no texts with {@code +}, so that a JVM prepares
 * for either only if the library needs it.
 */
public final class FirstGradient {

  private static final Path STATUS = Path.of("/proc/self/status");

  private FirstGradient() {}

  /**
   * Prints the answer, the gradient first.
   *
   * @param args none
   * @throws IOException if the system has a status of the process that cannot be read
   */
  public static void main(String[] args) throws IOException {
    System.out.println(Answer.GRADIENT.concat(Double.toString(sum())));
    System.out.println(Answer.KERNELS.concat(Kernels.standard().name()));
    if (Files.exists(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(Answer.RESIDENT)) {
          System.out.println(line);
        }
      }
    }
  }

  /** The sum of the entries of both gradients. */
  static double sum() {
    Parameter u = new Parameter("u", numbers(16, 32));
    Parameter v = new Parameter("v", numbers(32, 4));
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(numbers(8, 16));
      Variable loss = x.mult(u.on(tape)).tanh().mult(v.on(tape)).sum();
      Gradients gradients = tape.gradients(loss);
      return sum(gradients.of(u).toMatrix()) + sum(gradients.of(v).toMatrix());
    }
  }

  private static double sum(DMatrixRMaj matrix) {
    double sum = 0.0;
    for (int i = 0; i < matrix.getNumElements(); i++) {
      sum += matrix.data[i];
    }
    return sum;
  }

  /** From −0.5 to 0.6, without a generator, which would have to start too. */
  private static DMatrixRMaj numbers(int rows, int cols) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = (7 * i + 3) % 12 / 10.0 - 0.5;
    }
    return matrix;
  }
}
