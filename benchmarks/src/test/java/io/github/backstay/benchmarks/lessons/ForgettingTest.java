package io.github.backstay.benchmarks.lessons;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.lessons.Forgetting.Method;
import io.github.backstay.benchmarks.lessons.Forgetting.Point;
import io.github.backstay.benchmarks.lessons.Forgetting.Score;
import io.github.backstay.benchmarks.lessons.Forgetting.Tasks;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.nn.Seeds;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForgettingTest {

  private static final DigitSets FEW =
      new DigitSets(
          DrawnDigits.draw(640, new Seeds(1).generator(0, "few")),
          DrawnDigits.draw(400, new Seeds(1).generator(0, "others")));

  private static Forgetting.Result run(Tasks tasks, int threads, Runnable progress) {
    return Forgetting.run(FEW, tasks, 4, 7, 1, threads, progress);
  }

  @Test
  void figuresDoNotDependOnTheNumberOfThreads() {
    AtomicInteger pieces = new AtomicInteger();
    Forgetting.Result one = run(Tasks.SPLIT, 1, pieces::incrementAndGet);
    assertEquals(one, run(Tasks.SPLIT, 2, () -> {}));
    assertEquals(Forgetting.pieces(1), pieces.get());
    assertEquals(List.of(207L, 208L, 209L), one.searchSeeds());
    assertEquals(List.of(1007L), one.heldOutSeeds());
  }

  /** The stronger an anchor, the nearer to the weights of the old task. */
  @Test
  void methodsTradeTheOldTaskForTheNewOne() {
    Forgetting.Result result = run(Tasks.PERMUTED, 2, () -> {});
    Score before = result.before().get(0);
    assertTrue(before.oldTask() > 0.5 && before.newTask() < 0.4, before.toString());
    Score free = result.of(Method.FINE_TUNING).get(0).heldOut().get(0);
    assertTrue(free.newTask() > before.newTask(), free.toString());
    assertTrue(free.oldTask() < before.oldTask(), free.toString());
    assertEquals(
        List.of(7, 7, 10),
        List.of(
            size(result, Method.ANCHOR),
            size(result, Method.EWC),
            size(result, Method.EWC_OF_BATCHES)));
    for (Method method : List.of(Method.ANCHOR, Method.EWC, Method.EWC_OF_BATCHES)) {
      List<Point> points = result.of(method);
      Score strongest = points.get(points.size() - 1).heldOut().get(0);
      assertTrue(strongest.oldTask() > free.oldTask(), method + ": " + strongest);
      assertTrue(strongest.newTask() < free.newTask(), method + ": " + strongest);
    }
    // 20 batches of 32, and a training that has not converged: less than 32 and more than 1.
    double ratio = result.exactOverBatch().mean();
    assertTrue(ratio > 2.0 && ratio < 48.0, "ratio " + ratio);
  }

  private static int size(Forgetting.Result result, Method method) {
    return result.of(method).size();
  }

  private static Point point(Method method, double strength, double search, double heldOut) {
    return new Point(
        method,
        strength,
        List.of(new Score(1, search, search)),
        List.of(new Score(2, heldOut, 0.5)));
  }

  @Test
  void strengthsAreChosenByTheSearchAlone() {
    Forgetting.Result result =
        new Forgetting.Result(
            Tasks.PERMUTED,
            1,
            List.of(1L),
            List.of(2L),
            List.of(),
            Spread.of(1.0),
            List.of(
                point(Method.ANCHOR, 0.1, 0.6, 0.9),
                point(Method.ANCHOR, 0.2, 0.8, 0.1),
                point(Method.ANCHOR, 0.3, 0.7, 0.9),
                point(Method.EWC, 5.0, 0.5, 0.3)));
    Point anchor = result.chosen(Method.ANCHOR);
    assertEquals(0.2, anchor.strength());
    assertArrayEquals(
        new double[] {0.1}, result.differences(result.chosen(Method.EWC), anchor), 1e-15);
  }
}
