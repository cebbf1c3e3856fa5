package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link Elementary} on vectors: the same steps in the same order, so the same
 * bits. What does not fill a vector is left to the scalar form. Each function goes block by block
 * through three short loops, because HotSpot stops inlining in a loop with all of the steps, and
 * then allocates every vector; for the same reason signs are handled in doubles, without masks or
 * operations between whole numbers.
 */
final class VectorMaps {

  private static final int BLOCK = 256;
  private static final int SHORT = 32;

  private final double[] multiples = new double[BLOCK];
  private final double[] rests = new double[BLOCK];

  /** {@code y[to + i] = e^(x[from + i] − shift)}; x and y may be the same place. */
  void exp(double[] x, int from, double shift, double[] y, int to, int count) {
    int full = full(count);
    for (int i = 0; i < full; i += BLOCK) {
      int size = Math.min(BLOCK, full - i);
      reduce(x, from + i, shift, size);
      expm1OfRests(size);
      scale(y, to + i, size);
    }
    for (int i = full; i < count; i++) {
      y[to + i] = Elementary.exp(x[from + i] - shift);
    }
  }

  /** {@code y[to + i] = tanh x[from + i]}; x and y may be the same place. */
  void tanh(double[] x, int from, double[] y, int to, int count) {
    int full = full(count);
    for (int i = 0; i < full; i += BLOCK) {
      int size = Math.min(BLOCK, full - i);
      reduceSizes(x, from + i, size);
      expm1OfRests(size);
      divideTanh(x, from + i, y, to + i, size);
    }
    for (int i = full; i < count; i++) {
      y[to + i] = Elementary.tanh(x[from + i]);
    }
  }

  /** {@code y[to + i] = 1/(1 + e^(−x[from + i]))}; x and y may be the same place. */
  void sigmoid(double[] x, int from, double[] y, int to, int count) {
    int full = full(count);
    for (int i = 0; i < full; i += BLOCK) {
      int size = Math.min(BLOCK, full - i);
      for (int k = 0; k < size; k += LANES) {
        DoubleVector.fromArray(SPECIES, x, from + i + k).abs().neg().intoArray(rests, k);
      }
      reduce(rests, 0, 0.0, size);
      expm1OfRests(size);
      scale(rests, 0, size);
      divideSigmoid(x, from + i, y, to + i, size);
    }
    for (int i = full; i < count; i++) {
      y[to + i] = Elementary.sigmoid(x[from + i]);
    }
  }

  /** How many entries are done on vectors: few are faster one by one. */
  private static int full(int count) {
    return count < SHORT ? 0 : SPECIES.loopBound(count);
  }

  /** x − shift as n·ln 2 and a rest. */
  private void reduce(double[] x, int from, double shift, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector v =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .sub(shift)
              .min(Elementary.LARGEST_EXP)
              .max(Elementary.SMALLEST_EXP);
      DoubleVector n =
          v.fma(
                  DoubleVector.broadcast(SPECIES, Elementary.LOG2_E),
                  DoubleVector.broadcast(SPECIES, Elementary.ROUNDER))
              .sub(Elementary.ROUNDER);
      n.intoArray(multiples, i);
      DoubleVector high = n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_HIGH), v);
      n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_LOW), high).intoArray(rests, i);
    }
  }

  /** 2|x| as n·ln 2 and a rest. */
  private void reduceSizes(double[] x, int from, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector v =
          DoubleVector.fromArray(SPECIES, x, from + i).abs().min(Elementary.LARGEST_TANH).mul(2.0);
      DoubleVector n =
          v.fma(
                  DoubleVector.broadcast(SPECIES, Elementary.LOG2_E),
                  DoubleVector.broadcast(SPECIES, Elementary.ROUNDER))
              .sub(Elementary.ROUNDER);
      n.intoArray(multiples, i);
      DoubleVector high = n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_HIGH), v);
      n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_LOW), high).intoArray(rests, i);
    }
  }

  /** {@code eʳ − 1} in place of every rest r. */
  private void expm1OfRests(int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector r = DoubleVector.fromArray(SPECIES, rests, i);
      DoubleVector q = DoubleVector.broadcast(SPECIES, Elementary.C13);
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C12));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C11));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C10));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C9));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C8));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C7));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C6));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C5));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C4));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C3));
      q = q.fma(r, DoubleVector.broadcast(SPECIES, Elementary.C2));
      r.mul(r).fma(q, r).intoArray(rests, i);
    }
  }

  /** {@code y = (1 + p)·2ⁿ}, by two powers, so that results may be subnormal or infinite. */
  private void scale(double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector n = DoubleVector.fromArray(SPECIES, multiples, i);
      DoubleVector half =
          n.fma(
                  DoubleVector.broadcast(SPECIES, 0.5),
                  DoubleVector.broadcast(SPECIES, Elementary.ROUNDER))
              .sub(Elementary.ROUNDER);
      DoubleVector first =
          half.add(Elementary.EXPONENT)
              .reinterpretAsLongs()
              .lanewise(VectorOperators.LSHL, 52)
              .reinterpretAsDoubles();
      DoubleVector second =
          n.sub(half)
              .add(Elementary.EXPONENT)
              .reinterpretAsLongs()
              .lanewise(VectorOperators.LSHL, 52)
              .reinterpretAsDoubles();
      DoubleVector p = DoubleVector.fromArray(SPECIES, rests, i);
      p.add(1.0).mul(first).mul(second).intoArray(y, to + i);
    }
  }

  /** u/(u + 2) with the sign of x: times 1 − 2k, where k is its sign bit. */
  private void divideTanh(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector power =
          DoubleVector.fromArray(SPECIES, multiples, i)
              .add(Elementary.EXPONENT)
              .reinterpretAsLongs()
              .lanewise(VectorOperators.LSHL, 52)
              .reinterpretAsDoubles();
      DoubleVector u = DoubleVector.fromArray(SPECIES, rests, i).fma(power, power.sub(1.0));
      DoubleVector twice =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .reinterpretAsLongs()
              .lanewise(VectorOperators.LSHR, 63)
              .lanewise(VectorOperators.LSHL, 52)
              .reinterpretAsDoubles()
              .mul(0x1p1023);
      u.div(u.add(2.0)).mul(twice.neg().add(1.0)).intoArray(y, to + i);
    }
  }

  /** (k·e + 1 − k)/(1 + e), where k is the sign bit of x: e/(1 + e) if negative, else 1/(1 + e). */
  private void divideSigmoid(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector e = DoubleVector.fromArray(SPECIES, rests, i);
      DoubleVector k =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .reinterpretAsLongs()
              .lanewise(VectorOperators.LSHR, 63)
              .lanewise(VectorOperators.LSHL, 52)
              .reinterpretAsDoubles()
              .mul(0x1p1022);
      e.fma(k, k.neg().add(1.0)).div(e.add(1.0)).intoArray(y, to + i);
    }
  }
}
