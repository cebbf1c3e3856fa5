package io.github.backstay.optim;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.regularizers.DiagonalL2;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.ProximalPenalty;
import io.github.backstay.regularizers.contract.PenaltyContract;
import io.github.backstay.regularizers.contract.Planted;
import io.github.backstay.regularizers.contract.ProximalContract;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** The animals of the bug zoo that are penalties, each tested as its author would test it. */
final class ZooPenalties {

  private ZooPenalties() {}

  static final double STRENGTH = 0.7;

  /** {@code λ/2·‖W − A‖²}, in which an animal replaces one form. */
  static class Anchored implements ProximalPenalty {
    final L2 right;

    Anchored(double strength) {
      right = new L2(strength);
    }

    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return right.of(weight, anchor);
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      right.addGradient(weight, anchor, factor, into);
    }

    @Override
    public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
      right.prox(weight, anchor, step);
    }

    @Override
    public double largestRate() {
      return right.largestRate();
    }

    @Override
    public String formula(boolean anchored) {
      return right.formula(anchored);
    }
  }

  /** The test of somebody who wants {@code λ/2·‖W − A‖²}. */
  @Planted
  abstract static class AnchoredTest implements PenaltyContract, ProximalContract {
    @Override
    public ProximalPenalty restraint(Shape weight) {
      return new Anchored(STRENGTH);
    }

    @Override
    public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
      double sum = 0.0;
      for (int i = 0; i < weight.data.length; i++) {
        sum += STRENGTH / 2.0 * Math.pow(weight.data[i] - anchor.data[i], 2.0);
      }
      return sum;
    }
  }

  /** What is right passes everything. */
  static final class Unmutated extends AnchoredTest {}

  /** Row 1: the penalty of {@code weight.data}. */
  static final class Constant extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        @Override
        public Variable of(Variable weight, @Nullable Variable anchor) {
          Variable copy = weight.tape().constant(weight.toMatrix());
          return super.of(copy, anchor);
        }
      };
    }
  }

  /** Row 2: something upstream of the penalty is detached. */
  static final class DetachedUpstream extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        @Override
        public Variable of(Variable weight, @Nullable Variable anchor) {
          Variable distance = anchor == null ? weight : weight.minus(anchor);
          return super.of(distance.detach(), null);
        }
      };
    }
  }

  /** Row 5: a saved value that every call overwrites with the current one. */
  static final class SavedValueOverwritten extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        private DMatrixRMaj saved = new DMatrixRMaj(0, 0);

        @Override
        public Variable of(Variable weight, @Nullable Variable anchor) {
          saved = weight.toMatrix();
          return super.of(weight, weight.tape().constant(saved));
        }

        @Override
        public void addGradient(
            DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
          super.addGradient(weight, weight, factor, into);
        }
      };
    }
  }

  /** Row 6: a value that is computed once. */
  static final class ComputedOnce extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        private double once = Double.NaN;

        @Override
        public Variable of(Variable weight, @Nullable Variable anchor) {
          Variable node = super.of(weight, anchor);
          once = Double.isNaN(once) ? node.toDouble() : once;
          return weight.tape().constant(once).asPenalty();
        }
      };
    }
  }

  /** Row 8: the norm without its square, in both forms alike. */
  @Planted
  static final class MissingSquare implements PenaltyContract {
    @Override
    public Penalty restraint(Shape weight) {
      return GroupLasso.of(STRENGTH / 2.0, Groups.ALL);
    }

    @Override
    public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
      return new Unmutated().value(weight, anchor);
    }

    @Override
    public boolean isKinked() {
      return true;
    }
  }

  /** Row 9: the proximal map of the norm. */
  static final class WrongProx extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        @Override
        public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
          GroupLasso.of(STRENGTH, Groups.ALL).prox(weight, anchor, step);
        }
      };
    }
  }

  /** Row 10: of two summands the second replaces the first. */
  @Planted
  static final class Overwritten implements PenaltyContract {
    @Override
    public Penalty restraint(Shape weight) {
      return new ElasticNet(0.0, STRENGTH);
    }

    @Override
    public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
      double sum = new Unmutated().value(weight, anchor);
      for (int i = 0; i < weight.data.length; i++) {
        sum += 0.2 * Math.abs(weight.data[i] - anchor.data[i]);
      }
      return sum;
    }

    @Override
    public boolean isKinked() {
      return true;
    }
  }

  /** Row 11: the λ of a library that leaves out the ½. */
  static final class FactorTwo extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(2.0 * STRENGTH);
    }
  }

  /** Row 12: decay that is growth. */
  static final class Growth extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        @Override
        public void addGradient(
            DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
          super.addGradient(weight, anchor, -factor, into);
        }
      };
    }
  }

  /** Row 13: the coefficient is forgotten. */
  static final class NoCoefficient extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(1.0);
    }
  }

  /** Row 14: the Fisher information of every entry is replaced by its mean. */
  @Planted
  static class FisherTest implements PenaltyContract {

    @Override
    public Penalty restraint(Shape weight) {
      return new DiagonalL2(STRENGTH, fisher(weight));
    }

    /** The mean over examples of the squared gradients. */
    static DMatrixRMaj fisher(Shape weight) {
      DMatrixRMaj fisher = new DMatrixRMaj(weight.rows(), weight.cols());
      for (DMatrixRMaj gradient : gradients(weight)) {
        for (int i = 0; i < fisher.data.length; i++) {
          fisher.data[i] += gradient.data[i] * gradient.data[i] / 4.0;
        }
      }
      return fisher;
    }

    static DMatrixRMaj[] gradients(Shape weight) {
      RandomGenerator random = Draw.seeded(6);
      DMatrixRMaj[] gradients = new DMatrixRMaj[4];
      Arrays.setAll(gradients, k -> Draw.gaussian(random, weight.rows(), weight.cols()));
      return gradients;
    }

    @Override
    public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
      DMatrixRMaj fisher = fisher(Shape.of(weight));
      double sum = 0.0;
      for (int i = 0; i < weight.data.length; i++) {
        sum += STRENGTH / 2.0 * fisher.data[i] * Math.pow(weight.data[i] - anchor.data[i], 2.0);
      }
      return sum;
    }
  }

  /** Row 14: averaged to one number. */
  static final class FisherScalar extends FisherTest {
    @Override
    public Penalty restraint(Shape weight) {
      DMatrixRMaj fisher = fisher(weight);
      Arrays.fill(fisher.data, Arrays.stream(fisher.data).average().orElseThrow());
      return new DiagonalL2(STRENGTH, fisher);
    }
  }

  /** Row 14: the square of the batch's mean gradient instead of the mean of the squares. */
  static final class FisherOfBatch extends FisherTest {
    @Override
    public Penalty restraint(Shape weight) {
      DMatrixRMaj fisher = new DMatrixRMaj(weight.rows(), weight.cols());
      for (DMatrixRMaj gradient : gradients(weight)) {
        for (int i = 0; i < fisher.data.length; i++) {
          fisher.data[i] += gradient.data[i] / 4.0;
        }
      }
      for (int i = 0; i < fisher.data.length; i++) {
        fisher.data[i] *= fisher.data[i];
      }
      return new DiagonalL2(STRENGTH, fisher);
    }
  }

  /** Row 18: an op whose rule leaves out what its forward pass divides by. */
  static final class WrongGradient extends AnchoredTest {
    @Override
    public ProximalPenalty restraint(Shape shape) {
      return new Anchored(STRENGTH) {
        @Override
        public Variable of(Variable weight, @Nullable Variable anchor) {
          Variable distance = anchor == null ? weight : weight.minus(anchor);
          return super.of(distance.apply(new Rescaled()).scale(0.5), null);
        }
      };
    }
  }

  /** {@code x/(1 − p)} with p = ½. */
  record Rescaled() implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = x.data[i] / 0.5;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar;
    }
  }
}
