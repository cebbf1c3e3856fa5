package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link Elementary} on vectors: the same steps in the same order, so the same
 * bits. What is short is left to the scalar form.
 *
 * <p>Each function goes block by block through several short loops, its passes. HotSpot stops
 * inlining in a method that has grown too long, and then allocates every vector; so passes are
 * short, and {@link #run} calls them from one place that sees all of them, which keeps HotSpot from
 * inlining them into one another. For the same reason signs are handled in doubles, without masks
 * or operations between whole numbers.
 */
final class VectorMaps {

  private static final int BLOCK = 256;
  private static final int SHORT = 32;

  /** A loop over a block of x, of scratch memory, or from there to y. */
  private interface Pass {
    void on(double[] x, int from, double[] y, int to, int count);
  }

  private final double[] multiples = new double[BLOCK];
  private final double[] rests = new double[BLOCK];
  private final double[] padded = new double[BLOCK];
  private double shift;

  private final Pass[] exp = {
    this::reduceShifted, this::expm1OfRests, this::scaleOnce, this::scaleAgain
  };
  private final Pass[] tanh = {
    this::reduceSizes, this::expm1OfRests, this::expm1OfSizes, this::divideTanh
  };
  private final Pass[] sigmoid = {
    this::reduceNegatedSizes,
    this::expm1OfRests,
    this::scaleOnce,
    (x, from, y, to, count) -> scaleAgain(x, from, rests, 0, count),
    this::divideSigmoid
  };

  /** {@code y[to + i] = e^(x[from + i] − shift)}; x and y may be the same place. */
  void exp(double[] x, int from, double newShift, double[] y, int to, int count) {
    if (count >= SHORT) {
      shift = newShift;
      run(exp, x, from, y, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.exp(x[from + i] - newShift);
    }
  }

  /** {@code y[to + i] = tanh x[from + i]}; x and y may be the same place. */
  void tanh(double[] x, int from, double[] y, int to, int count) {
    if (count >= SHORT) {
      run(tanh, x, from, y, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.tanh(x[from + i]);
    }
  }

  /** {@code y[to + i] = 1/(1 + e^(−x[from + i]))}; x and y may be the same place. */
  void sigmoid(double[] x, int from, double[] y, int to, int count) {
    if (count >= SHORT) {
      run(sigmoid, x, from, y, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.sigmoid(x[from + i]);
    }
  }

  /** The passes over block after block; one that does not fill its vectors is padded. */
  private void run(Pass[] passes, double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += BLOCK) {
      int size = Math.min(BLOCK, count - i);
      int over = size % LANES;
      if (over == 0) {
        for (Pass pass : passes) {
          pass.on(x, from + i, y, to + i, size);
        }
      } else {
        System.arraycopy(x, from + i, padded, 0, size);
        for (Pass pass : passes) {
          pass.on(padded, 0, padded, 0, size - over + LANES);
        }
        System.arraycopy(padded, 0, y, to + i, size);
      }
    }
  }

  /** x − shift as n·ln 2 and a rest. */
  private void reduceShifted(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector v =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .sub(shift)
              .min(Elementary.LARGEST_EXP)
              .max(Elementary.SMALLEST_EXP);
      reduce(v, i);
    }
  }

  /** −|x| as n·ln 2 and a rest. */
  private void reduceNegatedSizes(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, from + i).abs().neg();
      reduce(v.max(Elementary.SMALLEST_EXP), i);
    }
  }

  /** 2|x| as n·ln 2 and a rest. */
  private void reduceSizes(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, from + i).abs();
      reduce(v.min(Elementary.LARGEST_TANH).mul(2.0), i);
    }
  }

  private void reduce(DoubleVector v, int i) {
    DoubleVector n =
        v.fma(
                DoubleVector.broadcast(SPECIES, Elementary.LOG2_E),
                DoubleVector.broadcast(SPECIES, Elementary.ROUNDER))
            .sub(Elementary.ROUNDER);
    n.intoArray(multiples, i);
    DoubleVector high = n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_HIGH), v);
    n.fma(DoubleVector.broadcast(SPECIES, -Elementary.LN2_LOW), high).intoArray(rests, i);
  }

  /** {@code eʳ − 1} in place of every rest r. */
  private void expm1OfRests(double[] x, int from, double[] y, int to, int count) {
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

  /**
   * The first half of {@code (1 + p)·2ⁿ}, by two powers, so that results may be subnormal or
   * infinite.
   */
  private void scaleOnce(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector n = DoubleVector.fromArray(SPECIES, multiples, i);
      DoubleVector half =
          n.fma(
                  DoubleVector.broadcast(SPECIES, 0.5),
                  DoubleVector.broadcast(SPECIES, Elementary.ROUNDER))
              .sub(Elementary.ROUNDER);
      n.sub(half).intoArray(multiples, i);
      DoubleVector p = DoubleVector.fromArray(SPECIES, rests, i);
      p.add(1.0).mul(powerOfTwo(half)).intoArray(rests, i);
    }
  }

  private void scaleAgain(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector n = DoubleVector.fromArray(SPECIES, multiples, i);
      DoubleVector.fromArray(SPECIES, rests, i).mul(powerOfTwo(n)).intoArray(y, to + i);
    }
  }

  private static DoubleVector powerOfTwo(DoubleVector n) {
    return n.add(Elementary.EXPONENT)
        .reinterpretAsLongs()
        .lanewise(VectorOperators.LSHL, 52)
        .reinterpretAsDoubles();
  }

  /** {@code u = (1 + p)·2ⁿ − 1}. */
  private void expm1OfSizes(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector power = powerOfTwo(DoubleVector.fromArray(SPECIES, multiples, i));
      DoubleVector p = DoubleVector.fromArray(SPECIES, rests, i);
      p.fma(power, power.sub(1.0)).intoArray(rests, i);
    }
  }

  /** u/(u + 2) with the sign of x: times 1 − 2k, where k is its sign bit. */
  private void divideTanh(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector u = DoubleVector.fromArray(SPECIES, rests, i);
      DoubleVector twice = signBit(DoubleVector.fromArray(SPECIES, x, from + i)).mul(0x1p1023);
      u.div(u.add(2.0)).mul(twice.neg().add(1.0)).intoArray(y, to + i);
    }
  }

  /** (k·e + 1 − k)/(1 + e), where k is the sign bit of x: e/(1 + e) if negative, else 1/(1 + e). */
  private void divideSigmoid(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      DoubleVector e = DoubleVector.fromArray(SPECIES, rests, i);
      DoubleVector k = signBit(DoubleVector.fromArray(SPECIES, x, from + i)).mul(0x1p1022);
      e.fma(k, k.neg().add(1.0)).div(e.add(1.0)).intoArray(y, to + i);
    }
  }

  /** 2⁻¹⁰²² where the sign bit is set, else 0. */
  private static DoubleVector signBit(DoubleVector x) {
    return x.reinterpretAsLongs()
        .lanewise(VectorOperators.LSHR, 63)
        .lanewise(VectorOperators.LSHL, 52)
        .reinterpretAsDoubles();
  }
}
