package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Threads that take the penalty side by side see the same rows, each with its own original. */
class RegularizerThreadsTest {

  private static final int THREADS = 4;
  private static final int ROWS = 2000;

  @Test
  void severalTapesTakeThePenaltyAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Parameter table = new Parameter("table", new DMatrixRMaj(ROWS, 2));
      Regularizer pull = Regularizer.l2(2.0).over(table).towardsInitialValue().inLoss();
      CyclicBarrier together = new CyclicBarrier(THREADS);
      Callable<Double> penalty =
          () -> {
            int unused = together.await();
            try (Tape tape = Tape.create()) {
              return pull.penalty(tape).toDouble();
            }
          };
      for (int row = 0; row < ROWS; row++) {
        table.set(row, 0, 1.0);
        List<Future<Double>> values = new ArrayList<>();
        for (int k = 0; k < THREADS; k++) {
          values.add(threads.submit(penalty));
        }
        for (Future<Double> value : values) {
          assertEquals(row + 1.0, value.get());
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
