package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.contract.Planted;
import io.github.backstay.regularizers.contract.TrainingContract;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** The animals of the bug zoo that are ways to train, each tested as its author would test it. */
final class ZooTrainings {

  private ZooTrainings() {}

  /** The test of somebody who wants {@code λ/2·‖W − W0‖²} in the loss, under plain SGD. */
  @Planted
  abstract static class TextTest implements TrainingContract {
    @Override
    public Restraint restraint(double strength) {
      return new L2(strength);
    }

    @Override
    public Application application() {
      return Application.IN_LOSS;
    }

    @Override
    public double learningRate() {
      return TextTraining.RATE;
    }

    @Override
    public final Training start(Setup setup) {
      return make(setup);
    }

    abstract TextTraining make(Setup setup);
  }

  private static class Text extends TextTraining {
    Text(TrainingContract.Setup setup, TextTest test) {
      super(setup, Sgd.of(RATE), test::make);
    }

    /** The penalty written by hand, over any other variables for weights and anchors. */
    Variable penalty(Variable weight, Variable anchor) {
      return weight.anchoredDistance(anchor, setup.strength());
    }

    Variable anchor(Tape tape, Parameter parameter) {
      return tape.constant(pull.anchorOf(parameter));
    }
  }

  /** What is right passes everything. */
  static final class Unmutated extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this);
    }
  }

  /** Row 1: a number is added to the loss. */
  static final class Constant extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data.plus(tape.constant(pull.value()));
        }
      };
    }
  }

  /** Row 4: the anchor is the live weight. */
  static final class AliasedAnchor extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          Variable sum = data;
          for (Parameter parameter : held()) {
            Variable weight = parameter.on(tape);
            sum = sum.plus(penalty(weight, weight.detach()));
          }
          return sum;
        }
      };
    }
  }

  /** Row 5: the saved value is overwritten, here by a restart. */
  static final class AnchorNotSaved extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        void load(TextTraining anew) {
          DMatrixRMaj initial = anew.layer.toMatrix();
          Regularizer fresh = Regularizer.l2(0.1).over(anew.layer).towards(initial).inLoss();
          anew.pull.load(
              StateDict.builder()
                  .put("words", anew.words.toMatrix())
                  .put("layer", fresh.anchorOf(anew.layer))
                  .build());
          anew.optimizer.load(optimizer.stateDict());
        }
      };
    }
  }

  /** Row 6: the penalty of the first step, kept. */
  static final class ComputedOnce extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        private double once = Double.NaN;

        @Override
        Variable with(Tape tape, Variable data) {
          once = Double.isNaN(once) ? pull.value() : once;
          return data.plus(tape.constant(once));
        }
      };
    }
  }

  /** Row 7: the regularizer is made and never used. */
  static final class NeverWired extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data;
        }
      };
    }
  }

  /** Row 8: the norm without its square. */
  static final class MissingSquare extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          Variable sum = data;
          for (Parameter parameter : held()) {
            Variable distance = parameter.on(tape).minus(anchor(tape, parameter));
            sum = sum.plus(distance.norm().scale(setup.strength() / 2.0));
          }
          return sum;
        }
      };
    }
  }

  /** Row 10: the penalty replaces the data loss. */
  static final class Overwritten extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return pull.penalty(tape);
        }
      };
    }
  }

  /** Row 11: {@code λ·Σ(W − W0)²}. */
  static final class FactorTwo extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data.plus(pull.penalty(tape).scale(2.0));
        }
      };
    }
  }

  /** Row 12: decay that is growth. */
  static final class Growth extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data.minus(pull.penalty(tape));
        }
      };
    }
  }

  /** Row 13: the coefficient is forgotten. */
  static final class NoCoefficient extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data.plus(pull.penalty(tape).scale(1.0 / setup.strength()));
        }
      };
    }
  }

  /** Row 15: once in the loss, once by the optimizer. */
  static final class Twice extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Optimizer optimizer(UpdateRule rule) {
          Regularizer again =
              Regularizer.l2(setup.strength()).over(words, layer).towardsInitialValue().coupled();
          Optimizer.Builder builder = Optimizer.builder().group("bias", bias, rule);
          return setup.isRegularized()
              ? builder.group("held", () -> held(), rule, again).build()
              : builder.group("held", () -> held(), rule).build();
        }
      };
    }
  }

  /** Row 16: frozen weights are penalized as well. */
  static final class FrozenToo extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          Variable sum = data;
          for (Parameter parameter : held()) {
            sum = sum.plus(penalty(parameter.on(tape), anchor(tape, parameter)));
          }
          return sum;
        }
      };
    }
  }

  /** Row 17: only the rows of the batch are pulled. */
  static final class RowsOfTheBatch extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          int[] rows = Arrays.stream(text).distinct().toArray();
          Variable read = words.on(tape).gatherRows(rows);
          Variable anchors = anchor(tape, words).gatherRows(rows);
          return data.plus(penalty(read, anchors))
              .plus(penalty(layer.on(tape), anchor(tape, layer)));
        }
      };
    }
  }

  /** No row, but the forum's second mistake: the penalty in the loss of every example. */
  static final class OncePerExample extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          return data.plus(pull.penalty(tape).scale(setup.examples()));
        }
      };
    }
  }

  /** No row, but an answer in the forum: weight decay pulls to zero. */
  static final class ToZero extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        Variable with(Tape tape, Variable data) {
          Variable sum = data;
          for (Parameter parameter : held()) {
            sum = sum.plus(parameter.on(tape).squaredNorm(setup.strength()));
          }
          return sum;
        }
      };
    }
  }

  /** No row: printed without the penalty that acts. */
  static final class PrintedWithout extends TextTest {
    @Override
    TextTraining make(Setup setup) {
      return new Text(setup, this) {
        @Override
        double printed(double loss) {
          return setup.isRegularized() && setup.strength() > 0.0 ? 0.5 * loss : loss;
        }
      };
    }
  }
}
