package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class BatchNormTest {

  private static final Pass TRAINING = Pass.training(Draw.random(1));

  private static DMatrixRMaj apply(BatchNorm norm, DMatrixRMaj x, Pass pass) {
    try (Tape tape = Tape.create()) {
      return norm.forward(tape.constant(x), pass).toMatrix();
    }
  }

  private static DMatrixRMaj column(double... entries) {
    return new DMatrixRMaj(entries.length, 1, true, entries);
  }

  /** After some training. */
  private static BatchNorm trained(int width, long seed) {
    BatchNorm norm = Draw.all(new BatchNorm(width), seed);
    for (int batch = 0; batch < 3; batch++) {
      assertEquals(4, apply(norm, Draw.normal(4, width, seed + batch), TRAINING).numRows);
    }
    return norm;
  }

  @Property(tries = 300)
  void evaluationIsAnAffineMapOfEachRow(
      @ForAll @IntRange(max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int cols,
      @ForAll long seed) {
    BatchNorm norm = trained(cols, seed);
    DMatrixRMaj x = Draw.normal(rows, cols, seed + 10);
    DMatrixRMaj y = Draw.normal(rows, cols, seed + 11);
    DMatrixRMaj between = new DMatrixRMaj(rows, cols);
    CommonOps_DDRM.add(0.3, x, 0.7, y, between);
    DMatrixRMaj expected = new DMatrixRMaj(rows, cols);
    CommonOps_DDRM.add(
        0.3, apply(norm, x, Pass.evaluation()), 0.7, apply(norm, y, Pass.evaluation()), expected);

    assertArrayEquals(expected.data, apply(norm, between, Pass.evaluation()).data, 1e-11);
  }

  @Test
  void trainingDividesByNAndTheRunningVarianceByNMinusOne() {
    BatchNorm norm = new BatchNorm(1, BatchNorm.Options.standard().withEpsilon(0.0));

    assertArrayEquals(
        new double[] {-1.0, 1.0}, apply(norm, column(2, 6), TRAINING).data, 1e-15); // variance 4
    assertEquals(0.1 * 4, norm.runningMean().toMatrix().get(0, 0), 1e-15);
    assertEquals(0.9 + 0.1 * 8, norm.runningVar().toMatrix().get(0, 0), 1e-15);
    assertEquals(1.0, norm.batches().toMatrix().get(0, 0));
  }

  @Test
  void plainAverageForgetsTheFirstValues() {
    BatchNorm norm = new BatchNorm(1, BatchNorm.Options.standard().withPlainAverage());
    norm.runningMean().set(Draw.row(1000));
    for (DMatrixRMaj batch : List.of(column(1, 3), column(5, 5), column(9, 10, 11))) {
      assertEquals(batch.numRows, apply(norm, batch, TRAINING).numRows);
    }

    assertEquals((2.0 + 5.0 + 10.0) / 3.0, norm.runningMean().toMatrix().get(0, 0), 1e-13);
    assertEquals((2.0 + 0.0 + 1.0) / 3.0, norm.runningVar().toMatrix().get(0, 0), 1e-13);
    assertEquals(3.0, norm.batches().toMatrix().get(0, 0));
  }

  @Test
  void evaluationMovesNothingAndTakesAnyNumberOfRows() {
    BatchNorm norm = trained(3, 5);
    List<DMatrixRMaj> before =
        norm.namedStatistics().values().stream().map(Statistic::toMatrix).toList();
    for (int rows = 0; rows < 3; rows++) {
      assertEquals(rows, apply(norm, Draw.normal(rows, 3, 6), Pass.evaluation()).numRows);
    }

    int k = 0;
    for (Statistic statistic : norm.namedStatistics().values()) {
      assertArrayEquals(before.get(k++).data, statistic.toMatrix().data);
    }
  }

  @Test
  void evaluationAfterTrainingOnOneTapeSeesTheNewStatistics() {
    BatchNorm norm = new BatchNorm(1, BatchNorm.Options.standard().withMomentum(1.0));
    try (Tape tape = Tape.create()) {
      norm.runningMean().set(Draw.row(100));
      assertEquals(2, norm.forward(tape.constant(column(1, 3)), TRAINING).rows());

      assertEquals(
          0.0, norm.forward(tape.constant(Draw.row(2)), Pass.evaluation()).toDouble(), 1e-15);
    }
  }

  @Test
  void statisticsAreNoParametersAndHaveNames() {
    Sequential model = new Sequential(Activation.TANH, new BatchNorm(3));

    assertEquals(
        List.of("1.weight", "1.bias"),
        model.parameters().stream().map(parameter -> parameter.name()).toList());
    assertEquals(
        List.of("1.runningMean", "1.runningVar", "1.batches"),
        List.copyOf(model.namedStatistics().keySet()));
    assertEquals(
        List.of("1.runningMean", "1.runningVar", "1.batches"),
        model.namedStatistics().values().stream().map(Statistic::name).toList());
  }

  @Test
  void withoutAffineThereAreNoParameters() {
    BatchNorm norm = new BatchNorm(2, BatchNorm.Options.standard().withoutAffine());

    assertNull(norm.weight());
    assertNull(norm.bias());
    assertEquals(0, norm.parameterCount());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    BatchNorm norm = new BatchNorm(2);
    assertMessage(
        ShapeException.class,
        "module BatchNorm: the input is 1×2 (training needs at least 2 rows: a batch of one is its"
            + " own mean and would train nothing). Leave a last batch of one out, or put it to the"
            + " batch before.",
        () -> apply(norm, new DMatrixRMaj(1, 2), TRAINING));
    assertMessage(
        ShapeException.class,
        "module BatchNorm: the input is 4×3 (need 2 columns).",
        () -> apply(norm, new DMatrixRMaj(4, 3), TRAINING));
    assertMessage(
        IllegalArgumentException.class,
        "batchNorm: the width must be at least 1, got 0.",
        () -> new BatchNorm(0));
    assertMessage(
        IllegalArgumentException.class,
        "batchNorm: epsilon must be at least 0 and finite, got NaN.",
        () -> BatchNorm.Options.standard().withEpsilon(Double.NaN));
    for (double momentum : new double[] {-0.1, 1.1, Double.NaN}) {
      assertMessage(
          IllegalArgumentException.class,
          "batchNorm: momentum must be in [0, 1], got " + momentum + ".",
          () -> BatchNorm.Options.standard().withMomentum(momentum));
    }
  }

  @Test
  void aBatchWithNanIsRefusedBeforeItPoisonsTheStatistics() {
    BatchNorm norm = new BatchNorm(1);

    assertMessage(
        IllegalArgumentException.class,
        "statistic \"runningMean\": the new value of entry (0, 0) is NaN (values must be finite).",
        () -> apply(norm, column(1, Double.NaN), TRAINING));
    assertArrayEquals(new double[] {0.0}, norm.runningMean().toMatrix().data);
  }
}
