package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.junit.jupiter.api.Test;

/** {@link SpectralNorm}, {@link SpectralNormSquared} and {@link NuclearNorm}. */
class SpectralPenaltiesTest {

  /** Singular values 4 and 3. */
  private final DMatrixRMaj diagonal = new DMatrixRMaj(2, 3, true, 3.0, 0.0, 0.0, 0.0, -4.0, 0.0);

  private final DMatrixRMaj orthonormal = new DMatrixRMaj(2, 2, true, 0.6, -0.8, 0.8, 0.6);

  @Test
  void areFunctionsOfTheSingularValues() {
    assertEquals(2.0, Both.value(new SpectralNorm(0.5), diagonal, null), 1e-15);
    assertEquals(4.0, Both.value(new SpectralNormSquared(0.5), diagonal, null), 1e-14);
    assertEquals(3.5, Both.value(new NuclearNorm(0.5), diagonal, null), 1e-15);
    assertArrayEquals(
        new double[] {0.0, 0.0, 0.0, 0.0, -0.5, 0.0},
        Both.gradient(new SpectralNorm(0.5), diagonal, null, 1e-15),
        1e-15);
    assertArrayEquals(
        new double[] {0.0, 0.0, 0.0, 0.0, -2.0, 0.0},
        Both.gradient(new SpectralNormSquared(0.5), diagonal, null, 1e-14),
        1e-14);
    assertArrayEquals(
        new double[] {0.5, 0.0, 0.0, 0.0, -0.5, 0.0},
        Both.gradient(new NuclearNorm(0.5), diagonal, null, 1e-15),
        1e-15);
  }

  /** Soft thresholding of 4 and 3 by 1; cutting 3 in sum off above 2; 1·t off above t = 7/3. */
  @Test
  void proximalStepsChangeTheSingularValues() {
    assertArrayEquals(
        new double[] {2.0, 0.0, 0.0, 0.0, -3.0, 0.0},
        Both.prox(new NuclearNorm(0.5), diagonal, 2.0).data,
        1e-14);
    assertArrayEquals(
        new double[] {2.0, 0.0, 0.0, 0.0, -2.0, 0.0},
        Both.prox(new SpectralNorm(1.5), diagonal, 2.0).data,
        1e-14);
    assertArrayEquals(
        new double[] {7.0 / 3.0, 0.0, 0.0, 0.0, -7.0 / 3.0, 0.0},
        Both.prox(new SpectralNormSquared(0.5), diagonal, 2.0).data,
        1e-14);
  }

  /** A long step takes the weight onto the anchor itself, not into its neighbourhood. */
  @Test
  void normsThatAreNotSquaredLandOnTheAnchor() {
    DMatrixRMaj anchor = Draw.gaussian(Draw.seeded(8), 4, 3);
    for (ProximalPenalty penalty : List.of(new SpectralNorm(1.0), new NuclearNorm(1.0))) {
      DMatrixRMaj weight = Draw.gaussian(Draw.seeded(9), 4, 3);
      penalty.prox(weight, anchor, 50.0);
      assertArrayEquals(anchor.data, weight.data);
    }
  }

  /** Where one row only has moved, the gradient is along that row and nothing else is pulled. */
  @Test
  void nuclearGradientHasTheRankOfTheDeviation() {
    DMatrixRMaj anchor = Draw.gaussian(Draw.seeded(8), 5, 3);
    DMatrixRMaj weight = anchor.copy();
    weight.set(3, 0, anchor.get(3, 0) + 3.0);
    weight.set(3, 2, anchor.get(3, 2) - 4.0);
    double[] expected = new double[15];
    expected[9] = 0.6;
    expected[11] = -0.8;
    assertArrayEquals(expected, Both.gradient(new NuclearNorm(1.0), weight, anchor, 1e-14), 1e-14);
  }

  /** UVᵀ is unique there though U and V are not; weights are often initialized like this. */
  @Test
  void nuclearNormHasSecondDerivativesWhereSingularValuesAreEqual() {
    GradientCheck check = GradientCheck.of(x -> new NuclearNorm(0.7).of(x[0], null));
    DMatrixRMaj tall = new DMatrixRMaj(4, 2, true, 0.5, 0.5, 0.5, -0.5, 0.5, 0.5, 0.5, -0.5);
    for (DMatrixRMaj equal : List.of(orthonormal, tall)) {
      check.at(equal).requirePassed();
      check.secondOrder().at(equal).requirePassed();
    }
  }

  /** The gradient of a matrix of rank 1 is uvᵀ/‖uvᵀ‖; along u(v + tw)ᵀ it can be differentiated. */
  @Test
  void nuclearNormHasSecondDerivativesAmongMatricesOfOneRank() {
    DMatrixRMaj u = Draw.gaussian(Draw.seeded(3), 5, 1);
    DMatrixRMaj v = Draw.gaussian(Draw.seeded(4), 4, 1);
    DMatrixRMaj w = Draw.gaussian(Draw.seeded(5), 4, 1);
    DMatrixRMaj direction = new DMatrixRMaj(5, 4);
    CommonOps_DDRM.multTransB(u, w, direction);
    double length = NormOps_DDRM.normF(v);
    double along = CommonOps_DDRM.dot(v, w) / (length * length);
    try (Tape tape = Tape.create()) {
      Variable uvT = tape.variable(u).multTransB(tape.constant(v));
      Variable x = tape.variable(uvT.toMatrix());
      Variable penalty = new NuclearNorm(1.0).of(x, null);
      Variable gradient = tape.recordedGradients(penalty, List.of(x)).get(0);
      DMatrixRMaj turned = tape.gradients(gradient, direction).of(x);
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 4; j++) {
          double across = (w.get(j, 0) - along * v.get(j, 0)) / length;
          assertEquals(u.get(i, 0) / NormOps_DDRM.normF(u) * across, turned.get(i, j), 1e-13);
        }
      }
    }
  }

  @Test
  void spectralNormsHaveSecondDerivativesWhereTheSmallerValuesAreEqual() {
    DMatrixRMaj equal = new DMatrixRMaj(3, 3, true, 2.0, 0.0, 0.0, 0.0, 0.6, -0.8, 0.0, 0.8, 0.6);
    for (Penalty penalty : List.of(new SpectralNorm(0.7), new SpectralNormSquared(0.7))) {
      GradientCheck check = GradientCheck.of(x -> penalty.of(x[0], null));
      check.at(equal).requirePassed();
      check.secondOrder().at(equal).requirePassed();
    }
  }

  /** Of two largest values one is followed: trace(GᵀW) = R(W) and no step along −G goes up. */
  @Test
  void atATieTheGradientIsASubgradient() {
    SpectralNorm penalty = new SpectralNorm(1.0);
    double[] gradient = Both.gradient(penalty, orthonormal, null, 1e-14);
    double along = 0.0;
    double squares = 0.0;
    for (int i = 0; i < 4; i++) {
      along += gradient[i] * orthonormal.data[i];
      squares += gradient[i] * gradient[i];
    }
    assertEquals(1.0, along, 1e-14);
    assertEquals(1.0, squares, 1e-14);
  }

  @Test
  void nothingIsLostFarFromOne() {
    for (double scale : new double[] {1e-200, 1e200}) {
      DMatrixRMaj far = diagonal.copy();
      for (int i = 0; i < 6; i++) {
        far.data[i] *= scale;
      }
      assertEquals(4.0, Both.value(new SpectralNorm(1.0), far, null) / scale, 1e-14);
      assertEquals(7.0, Both.value(new NuclearNorm(1.0), far, null) / scale, 1e-14);
      double[] gradient = Both.gradient(new NuclearNorm(1.0), far, null, 1e-14);
      assertArrayEquals(new double[] {1.0, 0.0, 0.0, 0.0, -1.0, 0.0}, gradient, 1e-14);
    }
  }

  @Test
  void whatIsNoNumberStaysNone() {
    DMatrixRMaj broken = diagonal.copy();
    broken.data[1] = Double.NaN;
    for (Penalty penalty :
        List.of(new SpectralNorm(1.0), new SpectralNormSquared(1.0), new NuclearNorm(1.0))) {
      assertTrue(Double.isNaN(Both.value(penalty, broken, null)));
      for (double entry : Both.gradient(penalty, broken, null, 0.0)) {
        assertTrue(Double.isNaN(entry), penalty::toString);
      }
    }
  }

  @Test
  void sayTheirFormulasAndOtherNames() {
    assertEquals("0.5·σ₁(W−W0)", new SpectralNorm(0.5).formula(true));
    assertEquals("0.5·σ₁(W)", new SpectralNorm(0.5).formula(false));
    assertEquals("0.5/2·σ₁(W−W0)²", new SpectralNormSquared(0.5).formula(true));
    assertEquals("spectral norm regularization", new SpectralNormSquared(0.5).alsoKnownAs());
    assertEquals("0.5·Σσ(W−W0)", new NuclearNorm(0.5).formula(true));
    assertEquals("the trace norm", new NuclearNorm(0.5).alsoKnownAs());
  }
}
