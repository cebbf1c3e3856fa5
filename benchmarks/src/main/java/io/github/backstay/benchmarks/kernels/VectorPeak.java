package io.github.backstay.benchmarks.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Twelve registers, as many as it takes to hide how long one multiply-add takes. */
public final class VectorPeak implements Peak {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** As services are made. */
  public VectorPeak() {}

  @Override
  public int flopsPerRound() {
    return 2 * 12 * SPECIES.length();
  }

  @Override
  public double run(int rounds) {
    DoubleVector a = DoubleVector.broadcast(SPECIES, 1.0000001);
    DoubleVector b = DoubleVector.broadcast(SPECIES, 1e-9);
    DoubleVector s0 = DoubleVector.broadcast(SPECIES, 0.0);
    DoubleVector s1 = DoubleVector.broadcast(SPECIES, 0.1);
    DoubleVector s2 = DoubleVector.broadcast(SPECIES, 0.2);
    DoubleVector s3 = DoubleVector.broadcast(SPECIES, 0.3);
    DoubleVector s4 = DoubleVector.broadcast(SPECIES, 0.4);
    DoubleVector s5 = DoubleVector.broadcast(SPECIES, 0.5);
    DoubleVector s6 = DoubleVector.broadcast(SPECIES, 0.6);
    DoubleVector s7 = DoubleVector.broadcast(SPECIES, 0.7);
    DoubleVector s8 = DoubleVector.broadcast(SPECIES, 0.8);
    DoubleVector s9 = DoubleVector.broadcast(SPECIES, 0.9);
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, 1.0);
    DoubleVector s11 = DoubleVector.broadcast(SPECIES, 1.1);
    for (int i = 0; i < rounds; i++) {
      s0 = a.fma(s0, b);
      s1 = a.fma(s1, b);
      s2 = a.fma(s2, b);
      s3 = a.fma(s3, b);
      s4 = a.fma(s4, b);
      s5 = a.fma(s5, b);
      s6 = a.fma(s6, b);
      s7 = a.fma(s7, b);
      s8 = a.fma(s8, b);
      s9 = a.fma(s9, b);
      s10 = a.fma(s10, b);
      s11 = a.fma(s11, b);
    }
    DoubleVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    DoubleVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return low.add(high).lane(0);
  }
}
