package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a tall table is stepped as a whole is said once, with the reason, and never of others. */
class VisitsTest {

  private final Logger logger = Logger.getLogger("io.github.backstay.optim");
  private final List<String> said = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.add(java.text.MessageFormat.format(record.getMessage(), record.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private static Visits steps(int rows, boolean dense, UpdateRule rule, boolean pulled) {
    Parameter table = new Parameter("words", new DMatrixRMaj(rows, 1));
    Optimizer.Builder builder = Optimizer.builder();
    if (pulled) {
      Regularizer pull = Regularizer.l2(0.1).over(table).towardsInitialValue().decoupled();
      builder.group("all", table, rule, pull);
    } else {
      builder.group("all", table, rule);
    }
    Optimizer optimizer = builder.lazy().build();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 3; step++) {
        var read = table.on(tape).gatherRows(step).sum();
        optimizer.step(tape.gradients(dense ? read.plus(table.on(tape).square().sum()) : read));
        tape.reset();
      }
    }
    return optimizer.visits(table);
  }

  @Test
  void aTallTableThatIsLookedUpAndDecaysAsAWholeIsReportedOnce() {
    assertEquals(Visits.ALL, steps(10_000, false, Adam.adamW(0.1, 0.01), false));
    assertEquals(1, said.size());
    assertEquals(
        "optimizer: all 10,000 rows of parameter \"words\" are visited in every step, because its"
            + " rule moves every row: "
            + Adam.adamW(0.1, 0.01)
            + ".",
        said.get(0));
  }

  @Test
  void whatIsNotLookedUpByRowsOrIsLowIsNotReported() {
    assertEquals(Visits.ALL, steps(10_000, true, Sgd.of(0.1), true));
    assertEquals(Visits.ALL, steps(9_999, false, Sgd.of(0.1).withWeightDecay(0.1), false));
    assertEquals(List.of(), said);
  }

  @Test
  void whatNeedNotBeVisitedIsNotReported() {
    assertEquals(Visits.TOUCHED, steps(10_000, false, Adam.of(0.1), true));
    assertEquals(Visits.TOUCHED, steps(10_000, false, Sgd.of(0.1), false));
    assertEquals(List.of(), said);
  }

  @Test
  void onlyTallTablesAreLazyUnasked() {
    for (int rows : new int[] {65_535, 65_536}) {
      Parameter table = new Parameter("words", new DMatrixRMaj(rows, 1));
      Optimizer optimizer = Optimizer.of(Adam.of(0.1), table);
      try (Tape tape = Tape.create()) {
        optimizer.step(tape.gradients(table.on(tape).gatherRows(3).sum()));
      }
      assertEquals(rows == 65_535 ? Visits.MOVED : Visits.TOUCHED, optimizer.visits(table));
    }
  }
}
