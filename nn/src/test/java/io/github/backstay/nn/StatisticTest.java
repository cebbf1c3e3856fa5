package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.ShapeException;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class StatisticTest {

  private static final class Counter extends Module {
    final Statistic count = statistic("count", Draw.row(1, 2));

    void again(String name) {
      assertEquals("unreachable", statistic(name, new DMatrixRMaj(1, 1)).name());
    }
  }

  private static final class Holder extends Module {
    Holder(Counter counter) {
      child("first", counter);
      child("second", counter);
    }
  }

  @Test
  void copiesWhatItIsGivenAndWhatItGives() {
    Statistic statistic = new Counter().count;
    DMatrixRMaj values = Draw.row(3, 4);
    statistic.set(values);
    values.set(0, 0, 99);
    statistic.toMatrix().set(0, 0, 99);

    assertArrayEquals(new double[] {3, 4}, statistic.toMatrix().data);
  }

  @Test
  void movesTowardsOthers() {
    Statistic statistic = new Counter().count;
    statistic.moveTowards(Draw.row(5, 0), 0.25);

    assertArrayEquals(new double[] {2, 1.5}, statistic.toMatrix().data);
  }

  @Test
  void ofASharedModuleIsThereUnderEveryPathAndCalledByTheFirst() {
    Counter counter = new Counter();
    Holder holder = new Holder(counter);

    assertEquals(
        List.of("first.count", "second.count"), List.copyOf(holder.namedStatistics().keySet()));
    assertEquals("statistic \"first.count\" 1×2", counter.count.toString());
    assertEquals(
        """
        parameter     kind     shape  count  state
        first.count   Counter    1×2         statistic
        second.count  Counter    1×2         same as first.count
        total 0: 0 trainable, 0 frozen""",
        holder.summary().toString());
  }

  @Test
  void rejectsOtherShapesOtherNumbersAndNamesInUse() {
    Counter counter = new Counter();
    assertMessage(
        ShapeException.class,
        "statistic \"count\" (own values, new values): shapes differ: left is 1×2, right is 2×1 (both must"
            + " have the same shape).",
        () -> counter.count.set(new DMatrixRMaj(2, 1)));
    assertMessage(
        IllegalArgumentException.class,
        "statistic \"count\": the new value of entry (0, 1) is Infinity (values must be finite).",
        () -> counter.count.set(Draw.row(7, Double.POSITIVE_INFINITY)));
    assertArrayEquals(new double[] {1, 2}, counter.count.toMatrix().data);
    assertMessage(
        IllegalArgumentException.class,
        "module Counter: a statistic named \"count\" is already registered.",
        () -> counter.again("count"));
  }
}
