package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.Huber;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.ProximalPenalty;
import io.github.backstay.regularizers.Regularizer;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * Keeping anchors, slots and visits to the rows that moved is a saving of time and memory only: a
 * table that is held row by row takes the very steps of one whose penalty does not say that it is
 * rowwise, which is treated as a whole, if every row that has moved is visited. {@link
 * ArrearsLawsTest} is about rows that are made up for later.
 */
class MovingRowsLawsTest {

  private static final int ROWS = 24;
  private static final int COLS = 3;

  /** What a step does with the table, from the second on. */
  private enum Step {
    LOOKS_UP,
    LOOKS_UP_TWICE,
    MULTIPLIES_ALL,
    WRITES_A_ROW_FIRST,
    WRITES_ALL_FIRST
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  @Provide
  Arbitrary<ProximalPenalty> penalties() {
    return Arbitraries.of(
        new L2(0.3),
        new L1(0.02),
        new ElasticNet(0.01, 0.2),
        new Huber(0.3, 0.1),
        GroupLasso.of(0.02, Groups.ROWS));
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static DMatrixRMaj gaussian(RandomGenerator random) {
    DMatrixRMaj matrix = new DMatrixRMaj(ROWS, COLS);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /** The weights after some steps. */
  @CanIgnoreReturnValue
  private static DMatrixRMaj trained(
      Parameter table,
      Regularizer pull,
      UpdateRule rule,
      Schedule schedule,
      List<Step> steps,
      long seed) {
    RandomGenerator random = random(seed);
    boolean inLoss = pull.application() == Application.IN_LOSS;
    Optimizer.Builder builder = Optimizer.builder();
    if (inLoss) {
      builder.group("table", table, rule);
    } else {
      builder.group("table", table, rule, pull);
    }
    Optimizer optimizer = builder.schedule(schedule).eager().build();
    try (Tape tape = Tape.create()) {
      for (Step step : steps) {
        int row = random.nextInt(ROWS / 2);
        int other = random.nextInt(ROWS / 2);
        if (step == Step.WRITES_A_ROW_FIRST) {
          table.set(ROWS - 1 - row, 1, random.nextDouble());
        } else if (step == Step.WRITES_ALL_FIRST) {
          table.set(gaussian(random));
        }
        Variable leaf = table.on(tape);
        Variable read = leaf.gatherRows(row, other, row);
        Variable data = read.minus(0.5).square().sum().scale(0.1);
        if (step == Step.LOOKS_UP_TWICE) {
          data = data.plus(leaf.gatherRows(other).tanh().sum());
        } else if (step == Step.MULTIPLIES_ALL) {
          data = data.plus(leaf.multTransB(read).square().mean().scale(0.1));
        }
        Objective loss = Objective.of("data", data);
        optimizer.step(inLoss ? loss.plus("pull", pull.penalty(tape)) : loss);
        tape.reset();
      }
    }
    return table.toMatrix();
  }

  private static Regularizer applied(Regularizer.Builder builder, Application how) {
    return switch (how) {
      case IN_LOSS -> builder.inLoss();
      case COUPLED -> builder.coupled();
      case DECOUPLED -> builder.decoupled();
      case PROXIMAL -> builder.proximal();
    };
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void aTableHeldByRowsTakesTheStepsOfOneHeldAsAWholeToTheBit(
      @ForAll("rules") UpdateRule rule,
      @ForAll("penalties") ProximalPenalty penalty,
      @ForAll Application how,
      @ForAll List<Step> steps,
      @ForAll boolean scheduled,
      @ForAll long seed) {
    DMatrixRMaj start = gaussian(random(seed));
    Schedule schedule = scheduled ? Schedule.cosine(20, 0.001) : Schedule.constant();
    Parameter byRows = new Parameter("table", start);
    Parameter whole = new Parameter("table", start);
    Regularizer anchored = applied(Regularizer.of(penalty).over(byRows).towardsInitialValue(), how);
    Regularizer copied =
        applied(Regularizer.of(new AsAWhole(penalty)).over(whole).towardsInitialValue(), how);
    DMatrixRMaj expected = trained(whole, copied, rule, schedule, steps, seed);
    DMatrixRMaj actual = trained(byRows, anchored, rule, schedule, steps, seed);
    for (int i = 0; i < expected.data.length; i++) {
      assertEquals(expected.data[i], actual.data[i], "entry " + i + " after " + steps);
    }
    assertEquals(copied.drift(whole), anchored.drift(byRows));
    assertEquals(copied.value(), anchored.value(), 1e-12 * Math.max(1.0, copied.value()));
    DMatrixRMaj anchor = anchored.anchorOf(byRows);
    for (int i = 0; i < start.data.length; i++) {
      assertEquals(start.data[i], anchor.data[i]);
    }
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void onlyRowsThatMovedAreKept(
      @ForAll Application how, @ForAll @IntRange(min = 1, max = 40) int steps, @ForAll long seed) {
    int height = 10_000;
    Parameter table = new Parameter("table", new DMatrixRMaj(height, COLS));
    RowJournal journal = table.journal();
    Regularizer pull = applied(Regularizer.l2(0.3).over(table).towardsInitialValue(), how);
    trained(table, pull, Adam.of(0.01), Schedule.constant(), lookUps(steps), seed);
    assertTrue(journal.isByRows());
    assertTrue(journal.rows().size() <= 2 * steps, () -> journal.toString());
    assertTrue(journal.bytes() <= 2L * 8 * COLS * Math.max(8, 2 * steps), () -> journal.toString());
  }

  @Test
  void aRowMovedByHandIsPulledBackAsWell() {
    Parameter table = new Parameter("table", new DMatrixRMaj(ROWS, COLS));
    Regularizer pull = Regularizer.l2(1.0).over(table).towardsInitialValue().decoupled();
    table.set(20, 2, 8.0);
    trained(table, pull, Sgd.of(0.5), Schedule.constant(), lookUps(2), 1);
    assertEquals(2.0, table.get(20, 2));
  }

  private static List<Step> lookUps(int steps) {
    return Collections.nCopies(steps, Step.LOOKS_UP);
  }
}
