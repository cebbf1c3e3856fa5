package io.github.backstay.core.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ejml.data.DMatrixRMaj;

/** What all kernels promise; a subclass for each provider says which. */
abstract class KernelsLaws {

  private static final double ULP = Math.ulp(1.0);

  private final Kernels kernels = make();

  /** New kernels of the provider that is tested. */
  abstract Kernels make();

  /** The function itself, by which the provider's map is to go, bit by bit. */
  abstract double exp(double x);

  abstract double tanh(double x);

  abstract double sigmoid(double x);

  private static DMatrixRMaj gaussian(int rows, int cols, RandomGenerator random) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /** Sizes around the limits of the panels, and everything small. */
  @Provide
  Arbitrary<Integer> sides() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(5, Arbitraries.integers().between(0, 20)),
        net.jqwik.api.Tuple.of(2, Arbitraries.of(0, 1, 3, 4, 7, 8, 9, 15, 16, 17)),
        net.jqwik.api.Tuple.of(1, Arbitraries.of(255, 256, 257)));
  }

  @Property(tries = 400)
  void everyFormOfTheProductEqualsThePlainTripleLoop(
      @ForAll("sides") int m,
      @ForAll("sides") int depth,
      @ForAll("sides") int n,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll boolean add,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    DMatrixRMaj a = transA ? gaussian(depth, m, random) : gaussian(m, depth, random);
    DMatrixRMaj b = transB ? gaussian(n, depth, random) : gaussian(depth, n, random);
    DMatrixRMaj c = gaussian(m, n, random);
    DMatrixRMaj before = c.copy();
    DMatrixRMaj givenA = a.copy();
    DMatrixRMaj givenB = b.copy();
    kernels.mult(transA, a, transB, b, add, c);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = add ? before.get(i, j) : 0.0;
        double size = Math.abs(sum);
        for (int p = 0; p < depth; p++) {
          double term = (transA ? a.get(p, i) : a.get(i, p)) * (transB ? b.get(j, p) : b.get(p, j));
          sum += term;
          size += Math.abs(term);
        }
        // Both orders of summing are within depth·ulp/2 of the exact sum (Higham 2002, §3.1).
        double allowed = (depth + 2) * ULP * size;
        assertTrue(
            Math.abs(c.get(i, j) - sum) <= allowed,
            m + "×" + depth + "×" + n + " at " + i + ", " + j + ": " + c.get(i, j) + ", " + sum);
      }
    }
    assertTrue(Arrays.equals(givenA.data, a.data) && Arrays.equals(givenB.data, b.data));
  }

  @Property(tries = 100)
  void productsDependOnTheirOperandsOnly(
      @ForAll("sides") int m,
      @ForAll("sides") int depth,
      @ForAll("sides") int n,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    DMatrixRMaj a = transA ? gaussian(depth, m, random) : gaussian(m, depth, random);
    DMatrixRMaj b = transB ? gaussian(n, depth, random) : gaussian(depth, n, random);
    DMatrixRMaj used = new DMatrixRMaj(m, n);
    Arrays.fill(used.data, Double.NaN);
    kernels.mult(transA, a, transB, b, false, used);
    DMatrixRMaj fresh = new DMatrixRMaj(m, n);
    make().mult(transA, a, transB, b, false, fresh);
    assertTrue(Arrays.equals(fresh.data, used.data));
  }

  @Property(tries = 60)
  void naNSpreadsToItsRowOrColumnAndNoFurther(
      @ForAll("sides") int m,
      @ForAll("sides") int depth,
      @ForAll("sides") int n,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll long seed) {
    if (m == 0 || depth == 0 || n == 0) {
      return;
    }
    RandomGenerator random = new SplittableRandom(seed);
    DMatrixRMaj a = transA ? gaussian(depth, m, random) : gaussian(m, depth, random);
    DMatrixRMaj b = new DMatrixRMaj(transB ? n : depth, transB ? depth : n); // zeros
    int row = random.nextInt(m);
    int p = random.nextInt(depth);
    a.set(transA ? p : row, transA ? row : p, Double.NaN);
    DMatrixRMaj c = new DMatrixRMaj(m, n);
    kernels.mult(transA, a, transB, b, false, c);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(i == row, Double.isNaN(c.get(i, j)));
      }
    }
  }

  @Property(tries = 60)
  void sumsArePairwise(@ForAll("counts") int count, @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[] x = new double[count + 7];
    double[] y = new double[count];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian() * Math.pow(2.0, random.nextInt(20));
    }
    for (int i = 0; i < count; i++) {
      y[i] = random.nextGaussian();
    }
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal norm = BigDecimal.ZERO;
    BigDecimal distance = BigDecimal.ZERO;
    double size = 0.0;
    for (int i = 0; i < count; i++) {
      BigDecimal shifted = new BigDecimal(x[i + 7]);
      BigDecimal entry = new BigDecimal(x[i]);
      BigDecimal difference = entry.subtract(new BigDecimal(y[i]));
      sum = sum.add(shifted);
      size += Math.abs(x[i + 7]);
      norm = norm.add(entry.multiply(entry));
      distance = distance.add(difference.multiply(difference));
    }
    // A run of 256 numbers in four lanes has at most 64 + 2 additions in a row; halving adds one
    // for each doubling of the count (Higham 2002, §4.2).
    double additions = 66.0 + Math.max(0.0, Math.log(count / 128.0) / Math.log(2.0));
    double bound = additions * ULP / 2;
    assertTrue(Math.abs(kernels.sum(x, 7, count) - sum.doubleValue()) <= bound * size + 1e-300);
    double n = norm.doubleValue();
    assertTrue(Math.abs(kernels.squaredNorm(x, count) - n) <= (bound + ULP) * n);
    double d = distance.doubleValue();
    assertTrue(Math.abs(kernels.squaredDistance(x, y, count) - d) <= (bound + 3 * ULP) * d);
    assertEquals(0.0, kernels.squaredDistance(x, x.clone(), count));
    double[] shiftedY = new double[count + 3];
    System.arraycopy(y, 0, shiftedY, 3, count);
    assertEquals(
        kernels.squaredDistance(Arrays.copyOfRange(x, 7, count + 7), y, count),
        kernels.squaredDistance(x, 7, shiftedY, 3, count));
  }

  @Property(tries = 200)
  void multiplesAreThoseOfThePlainLoopToTheBitAndGoNowhereElse(
      @ForAll @IntRange(min = 0, max = 40) int count, @ForAll boolean add, @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[] a = gaussian(1, count + 5, random).data;
    double[] b = gaussian(1, count + 2, random).data;
    double[] y = gaussian(1, count + 9, random).data;
    double factor = random.nextGaussian();
    double[] multiples = y.clone();
    double[] differences = y.clone();
    for (int i = 0; i < count; i++) {
      double before = add ? y[4 + i] : 0.0;
      multiples[4 + i] = before + factor * a[5 + i];
      differences[4 + i] = before + factor * (a[5 + i] - b[2 + i]);
    }
    double[] scaled = y.clone();
    kernels.scale(factor, a, 5, add, scaled, 4, count);
    assertArrayEquals(multiples, scaled);
    kernels.scaleDifference(factor, a, 5, b, 2, add, y, 4, count);
    assertArrayEquals(differences, y);
  }

  @Property(tries = 200)
  void productsAreAddedEntryByEntryAndNowhereElse(
      @ForAll @IntRange(min = 0, max = 100) int count, @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[] x = gaussian(1, count + 9, random).data;
    double[] y = gaussian(1, count + 9, random).data;
    double[] z = gaussian(1, count + 9, random).data;
    double[] expected = z.clone();
    for (int i = 0; i < count; i++) {
      expected[3 + i] += x[1 + i] * y[6 + i];
    }
    kernels.addProduct(x, 1, y, 6, z, 3, count);
    assertArrayEquals(expected, z);
  }

  @Property(tries = 200)
  void oneEntryThatIsNotFiniteIsFoundWhereverItStands(
      @ForAll @IntRange(min = 1, max = 100) int count, @ForAll long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[] x = gaussian(1, count + 1, random).data;
    x[random.nextInt(count)] = random.nextBoolean() ? Double.MAX_VALUE : -Double.MIN_VALUE;
    x[count] = Double.NaN; // not one of them
    assertTrue(kernels.isFinite(x, count));
    double[] spoilers = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    x[random.nextInt(count)] = spoilers[random.nextInt(3)];
    assertFalse(kernels.isFinite(x, count));
  }

  @Provide
  Arbitrary<Integer> counts() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 20),
        Arbitraries.of(255, 256, 257, 511, 512, 513, 1024, 1025),
        Arbitraries.integers().between(1000, 20_000));
  }

  @Property(tries = 200)
  void sumsOfColumnsArePairwiseWhateverWasSummedBefore(
      @ForAll("counts") int rows, @ForAll @IntRange(min = 0, max = 9) int cols, @ForAll long seed) {
    DMatrixRMaj x = gaussian(rows, cols, new SplittableRandom(seed));
    double[] sums = new double[cols];
    Arrays.fill(sums, Double.NaN); // what was there before does not matter
    kernels.sumCols(x.data, rows, cols, sums);
    for (int j = 0; j < cols; j++) {
      double[] column = new double[rows];
      double size = 0.0;
      for (int i = 0; i < rows; i++) {
        column[i] = x.get(i, j);
        size += Math.abs(column[i]);
      }
      // both are within (64 + 2 + log₂(rows/64)) roundings of the exact sum
      assertEquals(kernels.sum(column, 0, rows), sums[j], 2 * 75 * ULP / 2 * size);
    }
  }

  @Example
  void aMillionTenthsSumToAHundredThousand() {
    double[] tenths = new double[1_000_000];
    Arrays.fill(tenths, 0.1);
    assertEquals(1e5, kernels.sum(tenths, 0, tenths.length), 4e-10);
    assertEquals(1e4, kernels.squaredNorm(tenths, tenths.length), 4e-11);
  }

  @Example
  void productsLargerThanOneBlockEqualThePlainTripleLoop() {
    int[][] shapes = {{70, 1030, 40}, {3, 20, 1050}, {65, 513, 17}, {130, 40, 3}, {2, 600, 90}};
    for (int[] shape : shapes) {
      for (int form = 0; form < 8; form++) {
        everyFormOfTheProductEqualsThePlainTripleLoop(
            shape[0], shape[1], shape[2], form % 2 == 0, form / 2 % 2 == 0, form >= 4, form);
      }
    }
  }

  /** Anything, ends and thresholds included. */
  @Provide
  Arbitrary<Double> numbers() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, Arbitraries.doubles().between(-3.0, 3.0).ofScale(17)),
        net.jqwik.api.Tuple.of(4, Arbitraries.doubles().between(-760.0, 720.0).ofScale(12)),
        net.jqwik.api.Tuple.of(
            1, Arbitraries.longs().map(Double::longBitsToDouble).filter(x -> !Double.isNaN(x))),
        net.jqwik.api.Tuple.of(
            2,
            Arbitraries.of(
                0.0,
                -0.0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                -Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                709.782712893384,
                709.7827128933841,
                -708.3964185322641,
                -745.1332191019411,
                -745.1332191019412,
                700.0,
                -700.0,
                22.0,
                0.34657359027997264)));
  }

  @Property(tries = 300)
  void mapsGoEntryByEntryWhereverTheEntryStands(
      @ForAll @Size(max = 40) List<@From("numbers") Double> entries,
      @ForAll @IntRange(max = 5) int from) {
    int n = entries.size();
    DMatrixRMaj x = new DMatrixRMaj(1, n);
    double[] shifted = new double[from + n];
    for (int i = 0; i < n; i++) {
      x.data[i] = entries.get(i);
      shifted[from + i] = entries.get(i);
    }
    DMatrixRMaj exp = new DMatrixRMaj(1, n);
    DMatrixRMaj tanh = new DMatrixRMaj(1, n);
    DMatrixRMaj sigmoid = new DMatrixRMaj(1, n);
    kernels.exp(x, exp);
    kernels.tanh(x, tanh);
    kernels.sigmoid(x, sigmoid);
    double[] below = new double[n + 3];
    Arrays.fill(below, 7.0);
    kernels.exp(shifted, from, 1.5, below, 2, n);
    for (int i = 0; i < n; i++) {
      assertEquals(exp(x.data[i]), exp.data[i]);
      assertEquals(tanh(x.data[i]), tanh.data[i]);
      assertEquals(sigmoid(x.data[i]), sigmoid.data[i]);
      assertEquals(exp(x.data[i] - 1.5), below[2 + i]);
    }
    assertEquals(7.0, below[1]);
    assertEquals(7.0, below[n + 2]);
    kernels.exp(shifted, from, 0.0, shifted, from, n);
    assertTrue(Arrays.equals(shifted, from, from + n, exp.data, 0, n));
    DMatrixRMaj own = x.copy();
    kernels.exp(own, own);
    assertTrue(Arrays.equals(exp.data, own.data));
    own = x.copy();
    kernels.tanh(own, own);
    assertTrue(Arrays.equals(tanh.data, own.data));
    own = x.copy();
    kernels.sigmoid(own, own);
    assertTrue(Arrays.equals(sigmoid.data, own.data));
  }

  @Property(tries = 20)
  void longMapsGoBlockByBlock(@ForAll @IntRange(min = 200, max = 1100) int n, @ForAll long seed) {
    DMatrixRMaj x = gaussian(1, n, new SplittableRandom(seed));
    DMatrixRMaj y = new DMatrixRMaj(1, n);
    kernels.exp(x, y);
    for (int i = 0; i < n; i++) {
      assertEquals(exp(x.data[i]), y.data[i]);
    }
    kernels.tanh(x, y);
    for (int i = 0; i < n; i++) {
      assertEquals(tanh(x.data[i]), y.data[i]);
    }
    kernels.sigmoid(x, y);
    for (int i = 0; i < n; i++) {
      assertEquals(sigmoid(x.data[i]), y.data[i]);
    }
  }

  @Example
  void sigmoidDoesNotOverflowAtEitherEnd() {
    DMatrixRMaj x =
        new DMatrixRMaj(1, 6, true, -1e308, -745.0, -40.0, 40.0, 1e308, Double.NEGATIVE_INFINITY);
    kernels.sigmoid(x, x);
    assertEquals(0.0, x.data[0]);
    assertEquals(Math.exp(-745.0), x.data[1]);
    assertEquals(Math.exp(-40.0), x.data[2], 1e-32);
    assertEquals(1.0, x.data[3]);
    assertEquals(1.0, x.data[4]);
    assertEquals(0.0, x.data[5]);
  }
}
