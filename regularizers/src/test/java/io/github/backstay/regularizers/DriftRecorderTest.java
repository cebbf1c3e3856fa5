package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowSet;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class DriftRecorderTest {

  private static final int ROWS = 9;
  private static final int COLS = 3;

  private final Parameter table =
      new Parameter("words", new DMatrixRMaj(new double[][] {{3, 4}, {0, 0}, {1, 0}, {2, 2}}));

  /** Tells a recorder of a step whose gradient is this in some rows and 0 in all others. */
  private static void observe(
      DriftRecorder recorder, Parameter table, DMatrixRMaj gradient, int... rows) {
    try (Tape tape = Tape.create()) {
      recorder.observe(tape.gradients(table.on(tape).gatherRows(Indices.of(rows)), gradient));
    }
  }

  // ---- examples by hand -----------------------------------------------------------------------

  private DriftReport trained(DriftRecorder recorder) {
    observe(recorder, table, new DMatrixRMaj(new double[][] {{3, 4}, {1, 0}}), 0, 1);
    observe(recorder, table, new DMatrixRMaj(new double[][] {{-3, 4}, {0, 0}}), 0, 2);
    observe(recorder, table, new DMatrixRMaj(new double[][] {{0, 2}}), 3);
    table.set(0, 0, 0.0); // from (3, 4) to (0, 4)
    table.set(1, 1, -0.5); // from (0, 0)
    table.set(3, 0, 9.0);
    table.set(3, 0, 2.0); // and back
    return recorder.report(10, row -> List.of("good", "bad", "ugly", "\tthe").get(row));
  }

  @Test
  void saysWhichRowsMovedAndWhatPushedThem() {
    DriftReport report = trained(DriftRecorder.of(table));
    assertEquals(2, report.moved());
    assertEquals(3, report.touched());
    assertEquals(1, report.returned());
    assertEquals(3, report.steps());
    assertEquals(Math.sqrt(9.25), report.total());
    assertEquals(0.5, report.median());
    assertEquals(3.0, report.upperDecile());
    assertEquals(
        List.of(
            new RowDrift(0, "good", 3.0, 2, 10.0, 8.0, 0.8),
            new RowDrift(1, "bad", 0.5, 1, 1.0, 1.0, Double.NaN)),
        report.top());
  }

  @Test
  void printsATable() {
    assertEquals(
        """
        drift of "words", 4×2: ‖W−W0‖ 3.041
        rows: 2 moved, 2 at their start; 3 touched, 1 of them at their start; steps: 3
        ‖d‖ of the rows that moved: median 0.5000, 90 % up to 3.000, 99 % up to 3.000
        row  token     ‖d‖  touches   Σ‖g‖   ‖Σg‖  cos(W,W0)
          0  good    3.000        2  10.00  8.000      0.800
          1  bad    0.5000        1  1.000  1.000        NaN
        """,
        trained(DriftRecorder.of(table)).toString());
    assertEquals(
        "drift of \"words\", 3 of 4 rows touched in 1 steps",
        String.valueOf(touching(DriftRecorder.of(table), 0, 1, 2)));
  }

  private DriftRecorder touching(DriftRecorder recorder, int... rows) {
    DMatrixRMaj ones = new DMatrixRMaj(rows.length, 2);
    ones.fill(1.0);
    observe(recorder, table, ones, rows);
    return recorder;
  }

  @Test
  void tokensArePrintedOnOneLine() {
    table.set(3, 0, 7.0);
    DriftRecorder recorder =
        DriftRecorder.of(Regularizer.l2(1).over(table).towards(zero()).inLoss(), table);
    String text = recorder.report(1, row -> "a\n\u0007b").toString();
    assertTrue(text.contains("  a??b  "), text);
    assertEquals(5, text.lines().count());
  }

  private static DMatrixRMaj zero() {
    return new DMatrixRMaj(4, 2);
  }

  @Test
  void measuresFromTheAnchorThatARegularizerHolds() {
    Regularizer given = Regularizer.l2(1).over(table).towards(zero()).inLoss();
    Regularizer decay = Regularizer.l2(1).over(table).towardsZero().inLoss();
    Regularizer pull = Regularizer.l2(1).over(table).towardsInitialValue().inLoss();
    table.set(1, 0, 6.0);
    for (Regularizer regularizer : List.of(given, decay)) {
      DriftReport report = DriftRecorder.of(regularizer, table).report(1, row -> "");
      assertEquals(4, report.moved());
      assertEquals(6.0, report.top().get(0).distance());
      assertEquals(regularizer.drift(table), report.total(), 1e-15);
    }
    DriftRecorder recorder = DriftRecorder.of(pull, table);
    assertEquals(1, recorder.report(1, row -> "").moved());
    pull.load(StateDict.builder().put("words", zero()).build());
    assertEquals(4, recorder.report(1, row -> "").moved());
    Parameter other = new Parameter("other", zero());
    assertEquals(
        "regularizer: parameter \"other\" is not in its scope (words).",
        assertThrows(
                IllegalArgumentException.class,
                () -> assertEquals("", DriftRecorder.of(pull, other).toString()))
            .getMessage());
  }

  @Test
  void aPenaltyAmongTheGradientsIsReported() {
    Regularizer pull = Regularizer.l2(1).over(table).towardsInitialValue().inLoss();
    DriftRecorder recorder = DriftRecorder.of(pull, table);
    table.set(2, 0, 6.0);
    try (Tape tape = Tape.create()) {
      recorder.observe(tape.gradients(pull.penalty(tape)));
    }
    DriftReport report = recorder.report(1, row -> "");
    assertEquals(1, report.top().get(0).touches());
    assertTrue(report.penalized());
    assertTrue(report.toString().contains("(touches by a penalty count)"), report.toString());
  }

  @Test
  void aFrozenParameterIsTouchedByNothing() {
    Parameter other = new Parameter("other", new DMatrixRMaj(1, 1));
    DriftRecorder recorder = DriftRecorder.of(table);
    table.freeze();
    try (Tape tape = Tape.create()) {
      recorder.observe(
          tape.gradients(table.on(tape).sum().plus(other.on(tape).sum()))); // of the other alone
    }
    DriftReport report = recorder.report(5, row -> "");
    assertEquals(1, report.steps());
    assertEquals(0, report.touched());
    assertEquals(List.of(), report.top());
    assertEquals(0.0, report.total());
    assertEquals(0.0, report.median());
  }

  @Test
  void rejectsNegativeCounts() {
    DriftRecorder recorder = DriftRecorder.of(table);
    assertEquals(
        "driftReport: k must be at least 0, got -1.",
        assertThrows(
                IllegalArgumentException.class,
                () -> assertEquals("", recorder.report(-1, row -> "").toString()))
            .getMessage());
  }

  @Test
  void memoryIsThatOfTheRowsThatWereTouched() {
    Parameter large = new Parameter("large", new DMatrixRMaj(1_000_000, 2));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    DriftRecorder recorder = DriftRecorder.of(large);
    observe(recorder, large, new DMatrixRMaj(new double[][] {{1, 1}}), 999_999);
    RowSet rows = new RowSet();
    rows.add(999_999);
    large.updateRows(rows, values -> values.set(999_999, 0, 1.0));
    DriftReport report = recorder.report(Integer.MAX_VALUE, row -> "");
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(1, report.moved());
    assertTrue(taken < 1_000_000, () -> taken + " bytes");
  }

  // ---- laws -----------------------------------------------------------------------------------

  /** The figures of a report, taken from whole matrices. */
  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void reportsWhatWholeMatricesSay(
      @ForAll long seed, @ForAll @IntRange(max = 12) int k, @ForAll boolean whole) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter parameter = new Parameter("p", Draw.gaussian(random, ROWS, COLS));
    Regularizer pull = Regularizer.l2(1).over(parameter).towardsInitialValue().inLoss();
    DMatrixRMaj start = parameter.toMatrix();
    DriftRecorder recorder =
        random.nextBoolean() ? DriftRecorder.of(parameter) : DriftRecorder.of(pull, parameter);
    int[] touches = new int[ROWS];
    double[] lengths = new double[ROWS];
    DMatrixRMaj sums = new DMatrixRMaj(ROWS, COLS);
    for (int step = 0; step < 5; step++) {
      DMatrixRMaj gradient = new DMatrixRMaj(ROWS, COLS);
      for (int row = 0; row < ROWS; row++) {
        if (random.nextInt(3) == 0) {
          double squares = 0.0;
          for (int j = 0; j < COLS; j++) {
            double g = random.nextInt(5) - 2.0;
            gradient.set(row, j, g);
            sums.set(row, j, sums.get(row, j) + g);
            squares += g * g;
          }
          touches[row] += squares > 0.0 ? 1 : 0;
          lengths[row] += Math.sqrt(squares);
          // Not down the gradient: why a row moves is not the recorder's business.
          parameter.set(row, random.nextInt(COLS), random.nextInt(3));
        }
      }
      int[] all = {0, 1, 2, 3, 4, 5, 6, 7, 8};
      observe(recorder, parameter, gradient, all);
    }
    if (whole) {
      parameter.update(values -> values.set(0, 0, 0.0));
    }
    DriftReport report = recorder.report(k, row -> "w" + row);

    DMatrixRMaj end = parameter.toMatrix();
    List<Integer> moved = new ArrayList<>();
    double[] distances = new double[ROWS];
    int returned = 0;
    int touched = 0;
    for (int row = 0; row < ROWS; row++) {
      double squares = 0.0;
      for (int j = 0; j < COLS; j++) {
        squares += Math.pow(end.get(row, j) - start.get(row, j), 2);
      }
      distances[row] = Math.sqrt(squares);
      touched += touches[row] > 0 ? 1 : 0;
      if (squares > 0.0) {
        moved.add(row);
      } else {
        returned += touches[row] > 0 ? 1 : 0;
      }
    }
    moved.sort(Comparator.comparingDouble(row -> -distances[row]));
    assertEquals(moved.size(), report.moved());
    assertEquals(touched, report.touched());
    assertEquals(returned, report.returned());
    assertEquals(pull.drift(parameter), report.total(), 1e-12);
    assertEquals(Math.min(k, moved.size()), report.top().size());
    for (int i = 0; i < report.top().size(); i++) {
      RowDrift found = report.top().get(i);
      int row = moved.get(i);
      assertEquals(row, found.row());
      assertEquals("w" + row, found.token());
      assertEquals(distances[row], found.distance(), 1e-12);
      assertEquals(touches[row], found.touches());
      assertEquals(lengths[row], found.gradient(), 1e-12);
      double net = 0.0;
      for (int j = 0; j < COLS; j++) {
        net += Math.pow(sums.get(row, j), 2);
      }
      assertEquals(Math.sqrt(net), found.netGradient(), 1e-12);
    }
    if (!moved.isEmpty()) {
      double median = distances[moved.get(moved.size() / 2)];
      assertEquals(median, report.median(), 1e-12);
    }
  }

  /** Row-sparse and dense gradients tell the same, and so do reports cut short. */
  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void rowSparseAndDenseGradientsTellTheSame(
      @ForAll long seed, @ForAll @IntRange(max = ROWS) int k) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter parameter = new Parameter("p", Draw.gaussian(random, ROWS, COLS));
    DriftRecorder bySparse = DriftRecorder.of(parameter);
    DriftRecorder byDense = DriftRecorder.of(parameter);
    for (int step = 0; step < 4; step++) {
      int row = random.nextInt(ROWS);
      DMatrixRMaj gradient = Draw.gaussian(random, 1, COLS);
      DMatrixRMaj dense = new DMatrixRMaj(ROWS, COLS);
      System.arraycopy(gradient.data, 0, dense.data, row * COLS, COLS);
      observe(bySparse, parameter, gradient, row);
      try (Tape tape = Tape.create()) {
        byDense.observe(tape.gradients(parameter.on(tape).scale(1.0), dense));
      }
      parameter.set(row, 0, random.nextGaussian());
    }
    DriftReport report = bySparse.report(ROWS, row -> "");
    assertEquals(report, byDense.report(ROWS, row -> ""));
    assertEquals(bySparse.report(k, row -> ""), report.top(k));
  }

  /** Rows of equal distance are listed by their numbers. */
  @Property(seed = "1", tries = 50, edgeCases = EdgeCasesMode.NONE)
  void equalDistancesAreListedByRow(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter parameter = new Parameter("p", new DMatrixRMaj(ROWS, COLS));
    DriftRecorder recorder = DriftRecorder.of(parameter);
    for (int i = 0; i < ROWS; i++) {
      parameter.set(random.nextInt(ROWS), 0, random.nextInt(1, 3));
    }
    List<RowDrift> top = recorder.report(ROWS, row -> "").top();
    for (int i = 1; i < top.size(); i++) {
      RowDrift before = top.get(i - 1);
      RowDrift row = top.get(i);
      assertTrue(
          before.distance() > row.distance()
              || (before.distance() == row.distance() && before.row() < row.row()));
    }
  }
}
