package io.github.backstay.core.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** However many threads share a product, each entry has the bits that one thread gives it. */
class DividedProductTest {

  /** Its threads are daemons, and end when they have nothing to do. */
  private static final ForkJoinPool POOL = new ForkJoinPool(3);

  private static DMatrixRMaj gaussian(int rows, int cols, SplittableRandom random) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /** Products as large as their kernels divide, and far smaller ones, by a limit of their own. */
  private static List<Function<Parallel, DividedProduct>> products() {
    List<Function<Parallel, DividedProduct>> products = new ArrayList<>();
    products.add(parallel -> new DividedProduct(parallel, PlainProduct::new, 1L));
    if (Kernels.standard().name().equals("vector")) {
      products.add(VectorsDivided::one);
    }
    return products;
  }

  /** Apart, because its class is loaded only where the module is. */
  private static final class VectorsDivided {
    static DividedProduct one(Parallel parallel) {
      return new DividedProduct(parallel, VectorProduct::new, 1L);
    }
  }

  @Property(tries = 300)
  void bitsDoNotDependOnTheNumberOfThreads(
      @ForAll @IntRange(min = 1, max = 8) int threads,
      @ForAll @IntRange(min = 1, max = 70) int m,
      @ForAll @IntRange(min = 1, max = 40) int depth,
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll boolean add,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DMatrixRMaj a = transA ? gaussian(depth, m, random) : gaussian(m, depth, random);
    DMatrixRMaj b = transB ? gaussian(n, depth, random) : gaussian(depth, n, random);
    DMatrixRMaj before = gaussian(m, n, random);
    for (Function<Parallel, DividedProduct> maker : products()) {
      DMatrixRMaj alone = before.copy();
      maker.apply(Parallel.serial()).mult(transA, a, transB, b, add, alone);
      DMatrixRMaj divided = before.copy();
      maker.apply(Parallel.on(POOL, threads)).mult(transA, a, transB, b, add, divided);
      assertArrayEquals(alone.data, divided.data);
    }
  }

  @Test
  void kernelsOfEveryKindDivideLargeProducts() {
    SplittableRandom random = new SplittableRandom(3L);
    int[][] shapes = {{200, 600, 130}, {64, 300, 400}, {520, 70, 120}, {130, 1100, 130}};
    for (int[] shape : shapes) {
      for (int form = 0; form < 8; form++) {
        boolean transA = form % 2 == 1;
        boolean transB = form / 2 % 2 == 1;
        DMatrixRMaj a = gaussian(shape[transA ? 1 : 0], shape[transA ? 0 : 1], random);
        DMatrixRMaj b = gaussian(shape[transB ? 2 : 1], shape[transB ? 1 : 2], random);
        DMatrixRMaj before = gaussian(shape[0], shape[2], random);
        for (Function<Parallel, Kernels> kind :
            List.<Function<Parallel, Kernels>>of(
                Kernels::standard, Kernels::plain, Kernels::strict)) {
          DMatrixRMaj alone = before.copy();
          kind.apply(Parallel.serial()).mult(transA, a, transB, b, form >= 4, alone);
          for (int threads = 2; threads <= 6; threads++) {
            DMatrixRMaj divided = before.copy();
            kind.apply(Parallel.on(POOL, threads)).mult(transA, a, transB, b, form >= 4, divided);
            assertArrayEquals(alone.data, divided.data);
          }
        }
      }
    }
  }

  @Test
  void severalThreadsShareAPool() throws Exception {
    SplittableRandom random = new SplittableRandom(4L);
    DMatrixRMaj a = gaussian(150, 170, random);
    DMatrixRMaj b = gaussian(170, 190, random);
    DMatrixRMaj alone = new DMatrixRMaj(150, 190);
    Kernels.standard().mult(false, a, false, b, false, alone);
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                Kernels kernels = Kernels.standard(Parallel.on(POOL, 3));
                DMatrixRMaj c = new DMatrixRMaj(150, 190);
                for (int k = 0; k < 40; k++) {
                  kernels.mult(false, a, false, b, false, c);
                  assertArrayEquals(alone.data, c.data);
                }
                return true;
              });
      tasks.add(task);
      if (t % 2 == 0) {
        new Thread(task).start();
      } else {
        POOL.execute(task); // a worker of the same pool
      }
    }
    for (FutureTask<Boolean> task : tasks) {
      assertTrue(task.get());
    }
  }

  @Test
  void aClosedPoolIsNamedAndSmallProductsDoNotNeedIt() {
    ForkJoinPool pool = new ForkJoinPool(2);
    Kernels kernels = Kernels.standard(Parallel.on(pool));
    pool.shutdown();
    DMatrixRMaj small = new DMatrixRMaj(4, 4);
    kernels.mult(false, small, false, small, false, new DMatrixRMaj(4, 4));
    DMatrixRMaj large = new DMatrixRMaj(200, 200);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> kernels.mult(false, large, false, large, false, new DMatrixRMaj(200, 200)));
    assertTrue(String.valueOf(e.getMessage()).contains("keep it open"));
  }

  @Test
  void namesDoNotDependOnThreads() {
    Parallel two = Parallel.on(POOL, 2);
    assertEquals(Kernels.standard().name(), Kernels.standard(two).name());
    assertEquals("plain", Kernels.plain(two).name());
    assertEquals("strict", Kernels.strict(two).name());
  }
}
