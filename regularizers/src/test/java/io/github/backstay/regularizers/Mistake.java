package io.github.backstay.regularizers;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.Objects;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** What is planted into {@link Right}, one mistake at a time, and the check that must find it. */
@SuppressWarnings("ImmutableEnumChecker") // the suppliers have no state
enum Mistake {
  /** None: the sibling that passes everything. */
  NONE("", Right::new),

  // ---- in the node --------------------------------------------------------------------------

  NODE_OF_DETACHED_WEIGHT(
      "gradientOfTheNodeMatchesDifferences",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight.detach(), anchor);
            }
          }),
  NODE_OF_A_COPY(
      "gradientOfTheNodeMatchesDifferences",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight.tape().constant(weight.toMatrix()), anchor);
            }
          }),
  NODE_IS_A_NUMBER(
      "changesNeitherWeightsNorAnchors",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              double number = super.of(weight, anchor).toDouble();
              return weight.tape().constant(number).asPenalty();
            }
          }),
  NODE_WITHOUT_SQUARE(
      "valueIsThatOfTheFormula",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              Variable d = anchor == null ? weight : weight.minus(anchor);
              return d.norm().scale(STRENGTH / 2.0).asPenalty();
            }
          }),
  TWICE_AS_STRONG_IN_ALL_FORMS("valueIsThatOfTheFormula", () -> new Scaled(2.0)),
  STRENGTH_LEFT_OUT_OF_ALL_FORMS("valueIsThatOfTheFormula", () -> new Scaled(1.0 / Right.STRENGTH)),
  SIGN_TURNED_IN_ALL_FORMS(
      "explicitStepShrinksTheDistanceAndDoesNotOvershoot", () -> new Scaled(-1.0)),
  ZERO_IN_ALL_FORMS("valueRisesWithEveryStepAwayFromTheAnchor", () -> new Scaled(0.0)),
  MEAN_INSTEAD_OF_SUM(
      "valueIsThatOfTheFormula",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight, anchor).scale(1.0 / weight.shape().size());
            }
          }),
  NODE_WITHOUT_ANCHOR(
      "isExactlyZeroAtTheAnchorAndSoIsEveryGradient",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight, null);
            }
          }),
  NODE_WITH_THE_LIVE_WEIGHT_AS_ANCHOR(
      "valueRisesWithEveryStepAwayFromTheAnchor",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight, weight.detach());
            }
          }),
  NODE_WITH_A_VALUE_KEPT(
      "answersDependOnNothingButWeightAndAnchor",
      () ->
          new Right() {
            private @Nullable Double kept;

            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              Variable node = super.of(weight, anchor);
              kept = kept == null ? node.toDouble() : kept;
              return node.minus(node.detach()).plus(kept).asPenalty();
            }
          }),
  NODE_WITH_A_ROOT(
      "isExactlyZeroAtTheAnchorAndSoIsEveryGradient",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              Variable norm = super.of(weight, anchor).apply(new NaiveRoot());
              return norm.square().asPenalty();
            }
          }),
  NODE_WITH_AN_OP_OF_WRONG_RULE(
      "gradientOfTheNodeMatchesDifferences",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight, anchor).apply(new WrongRule());
            }
          }),
  NODE_OF_WRONG_SECOND_DERIVATIVE(
      "gradientOfTheNodeMatchesDifferences",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              return super.of(weight, anchor).apply(new WrongSecond());
            }
          }),
  NODE_WITHOUT_MARK(
      "nodeIsMarkedAsAPenalty",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              Variable d = anchor == null ? weight : weight.minus(anchor);
              return d.square().sum().scale(STRENGTH / 2.0);
            }
          }),
  NODE_NOT_SCALAR(
      "valueIsThatOfTheFormula",
      () ->
          new Right() {
            @Override
            public Variable of(Variable weight, @Nullable Variable anchor) {
              Variable d = anchor == null ? weight : weight.minus(anchor);
              return d.square().scale(STRENGTH / 2.0).asPenalty();
            }
          }),

  // ---- in the gradient for optimizers -------------------------------------------------------

  GRADIENT_SET(
      "gradientForOptimizersIsAddedOnceTimesTheFactor", () -> entrywise((s, f, g) -> f * g)),
  GRADIENT_WITHOUT_FACTOR(
      "gradientForOptimizersIsAddedOnceTimesTheFactor", () -> entrywise((s, f, g) -> s + g)),
  GRADIENT_WITH_SIGN_OF_FACTOR_ONLY(
      "gradientForOptimizersIsAddedOnceTimesTheFactor",
      () -> entrywise((s, f, g) -> s + Math.signum(f) * g)),
  GRADIENT_SUBTRACTED(
      "explicitStepShrinksTheDistanceAndDoesNotOvershoot", () -> entrywise((s, f, g) -> s - f * g)),
  GRADIENT_HALVED(
      "gradientForOptimizersIsThatOfTheNode", () -> entrywise((s, f, g) -> s + 0.5 * f * g)),
  GRADIENT_IN_SINGLE_PRECISION(
      "gradientForOptimizersIsThatOfTheNode", () -> entrywise((s, f, g) -> s + f * (float) g)),
  GRADIENT_CLIPPED(
      "gradientForOptimizersIsThatOfTheNode",
      () -> entrywise((s, f, g) -> s + f * Math.max(-0.3, Math.min(0.3, g)))),
  GRADIENT_BY_NORM(
      "isExactlyZeroAtTheAnchorAndSoIsEveryGradient",
      () -> entrywise((s, f, g) -> s + f * (g / Math.abs(g)) * Math.abs(g))),
  GRADIENT_NOTHING("gradientForOptimizersIsThatOfTheNode", () -> entrywise((s, f, g) -> s)),
  GRADIENT_WITHOUT_ANCHOR(
      "gradientForOptimizersIsThatOfTheNode",
      () ->
          new Right() {
            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              super.addGradient(weight, null, factor, into);
            }
          }),
  GRADIENT_WITH_THE_ROW_ABOVE(
      "rowsOfARowwisePenaltyMayBeEvaluatedByThemselvesToTheBit",
      () ->
          new Right() {
            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              for (int i = 0; i < weight.data.length; i++) {
                int above = Math.max(i - weight.numCols, i % weight.numCols);
                into.data[i] += factor * STRENGTH * distance(weight, anchor, above);
              }
            }
          }),
  GRADIENT_LEAVES_OUT_THE_LAST_ROW(
      "gradientForOptimizersIsThatOfTheNode",
      () ->
          new Right() {
            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              for (int i = 0; i < weight.data.length - weight.numCols; i++) {
                into.data[i] += factor * STRENGTH * distance(weight, anchor, i);
              }
            }
          }),
  GRADIENT_MOVES_THE_WEIGHT(
      "changesNeitherWeightsNorAnchors",
      () ->
          new Right() {
            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              super.addGradient(weight, anchor, factor, into);
              weight.data[0] -= 1e-3 * distance(weight, anchor, 0);
            }
          }),
  GRADIENT_MOVES_THE_ANCHOR(
      "changesNeitherWeightsNorAnchors",
      () ->
          new Right() {
            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              super.addGradient(weight, anchor, factor, into);
              if (anchor != null) {
                anchor.data[0] += 1e-3 * distance(weight, anchor, 0);
              }
            }
          }),
  GRADIENT_INTO_WHAT_WAS_GIVEN_FIRST(
      "answersDependOnNothingButWeightAndAnchor",
      () ->
          new Right() {
            private @Nullable DMatrixRMaj kept;

            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              kept = kept == null ? into : kept;
              super.addGradient(weight, anchor, factor, kept);
            }
          }),
  GRADIENT_OF_THE_WEIGHT_SEEN_FIRST(
      "answersDependOnNothingButWeightAndAnchor",
      () ->
          new Right() {
            private @Nullable DMatrixRMaj kept;

            @Override
            public void addGradient(
                DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
              DMatrixRMaj first = kept;
              boolean fits = first != null && first.data.length == weight.data.length;
              first = first != null && fits ? first : weight.copy();
              kept = first;
              super.addGradient(first, anchor, factor, into);
            }
          }),

  // ---- in what it says of itself ------------------------------------------------------------

  ROWWISE_IS_A_WISH("rowsOfARowwisePenaltyMayBeEvaluatedByThemselvesToTheBit", PerRow::new),
  LARGEST_RATE_TOO_LARGE("explicitStepShrinksTheDistanceAndDoesNotOvershoot", () -> withRate(1.5)),
  LARGEST_RATE_DIVERGES("explicitStepsAtTheLargestRateStayBounded", () -> withRate(2.5)),
  LARGEST_RATE_ZERO("explicitStepShrinksTheDistanceAndDoesNotOvershoot", () -> withRate(0.0)),
  FORMULA_WITHOUT_ANCHOR(
      "formulaSaysWhetherThereIsAnAnchor",
      () ->
          new Right() {
            @Override
            public String formula(boolean anchored) {
              return super.formula(false);
            }
          }),
  DOES_NOT_FIT_WHAT_IT_IS_FOR(
      "fitsTheShapesThatItIsMadeFor",
      () ->
          new Right() {
            @Override
            public void requireFits(Shape weight) {
              throw new ShapeException("right: does not fit.");
            }
          }),

  // ---- in the proximal map ------------------------------------------------------------------

  PROX_AWAY("noStepOvershoots", () -> proximal((s, d) -> -Right.taken(s) * d)),
  PROX_OF_THE_NORM(
      "whatWasTakenAwayIsASubgradientAtTheImage",
      () ->
          new Right() {
            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              GroupLasso.of(STRENGTH, Groups.ALL).prox(weight, anchor, step);
            }
          }),
  PROX_OF_TWICE_THE_STRENGTH(
      "imageIsWhereASearchFindsTheLeastObjective",
      () -> proximal((s, d) -> Right.taken(2.0 * s) * d)),
  PROX_OF_A_SLIGHTLY_WRONG_STRENGTH(
      "whatWasTakenAwayIsASubgradientAtTheImage",
      () -> proximal((s, d) -> Right.taken(1.001 * s) * d)),
  PROX_WITHOUT_STEP(
      "noStepMovesNothingAndNothingElseIsWritten", () -> proximal((s, d) -> Right.taken(1.0) * d)),
  PROX_AS_EXPLICIT_STEP("noStepOvershoots", () -> proximal((s, d) -> s * Right.STRENGTH * d)),
  PROX_CAPPED(
      "imageIsWhereASearchFindsTheLeastObjective",
      () -> proximal((s, d) -> Math.min(Right.taken(s), 0.4) * d)),
  PROX_NAN_FOR_HUGE_STEPS(
      "whatIsAtTheAnchorStaysThereToTheBit",
      () ->
          proximal((s, d) -> (10.0 * s * Right.STRENGTH) / (10.0 + 10.0 * s * Right.STRENGTH) * d)),
  PROX_ROUNDED_AT_THE_ANCHOR(
      "whatIsAtTheAnchorStaysThereToTheBit",
      () ->
          new Right() {
            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              double pull = Math.min(step * STRENGTH, 1e9);
              for (int i = 0; i < weight.data.length; i++) {
                double a = anchor == null ? 0.0 : anchor.data[i];
                weight.data[i] = (weight.data[i] + pull * a) / (1.0 + pull);
              }
            }
          }),
  PROX_WITHOUT_ANCHOR(
      "whatIsAtTheAnchorStaysThereToTheBit",
      () ->
          new Right() {
            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              super.prox(weight, null, step);
            }
          }),
  PROX_OF_THE_FIRST_ROW_ONLY(
      "rowsOfARowwiseMapMayBeMappedByThemselvesToTheBit",
      () ->
          new Right() {
            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              for (int i = 0; i < weight.numCols; i++) {
                weight.data[i] -= taken(step) * distance(weight, anchor, i);
              }
            }
          }),
  PROX_MOVES_THE_ANCHOR(
      "noStepMovesNothingAndNothingElseIsWritten",
      () ->
          new Right() {
            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              super.prox(weight, anchor, step);
              if (anchor != null) {
                System.arraycopy(weight.data, 0, anchor.data, 0, 1);
              }
            }
          }),
  PROX_REMEMBERS_THE_STEP(
      "answersDependOnNothingButWeightAnchorAndStep",
      () ->
          new Right() {
            private double last;

            @Override
            public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
              last = last == 0.0 ? step : 0.5 * (last + step);
              super.prox(weight, anchor, last);
            }
          }),
  PROX_EXPANSIVE(
      "isFirmlyNonexpansive", () -> proximal((s, d) -> Math.abs(d) > 1.0 ? d : Right.taken(s) * d)),

  // ---- in the relaxations -------------------------------------------------------------------

  EXPLICIT_ONE_STEP_TOO_MANY("relaxationOfExplicitStepsIsTheStepsOneByOne", () -> explicitly(0, 1)),
  EXPLICIT_ONE_STEP_TOO_FEW("relaxationOfExplicitStepsIsTheStepsOneByOne", () -> explicitly(0, -1)),
  EXPLICIT_ONE_STEP_TOO_LATE("relaxationOfExplicitStepsIsTheStepsOneByOne", () -> explicitly(1, 1)),
  EXPLICIT_FROM_THE_BEGINNING(
      "relaxationOfExplicitStepsAddsUpOverAdjoiningStretches",
      () ->
          explicitly(
              new Product(rate -> 1.0 - rate * Right.STRENGTH) {
                @Override
                double product(int from, int to) {
                  return super.product(0, to);
                }
              })),
  EXPLICIT_AS_PROXIMAL(
      "relaxationOfExplicitStepsIsTheStepsOneByOne",
      () -> explicitly(new Product(rate -> 1.0 / (1.0 + rate * Right.STRENGTH)))),
  EXPLICIT_AS_EXPONENTIAL(
      "relaxationOfExplicitStepsIsTheStepsOneByOne",
      () -> explicitly(new Product(rate -> Math.exp(-rate * Right.STRENGTH)))),
  EXPLICIT_NEVER_CLEARED(
      "relaxationOfExplicitStepsIsTheStepsOneByOne",
      () ->
          explicitly(
              new Product(rate -> 1.0 - rate * Right.STRENGTH) {
                @Override
                public void clear() {}
              })),
  EXPLICIT_OF_THE_LAST_RATE(
      "relaxationOfExplicitStepsIsTheStepsOneByOne",
      () ->
          explicitly(
              new Product(rate -> 1.0 - rate * Right.STRENGTH) {
                @Override
                double product(int from, int to) {
                  return Math.pow(factors.get(factors.size() - 1), to - from);
                }
              })),
  EXPLICIT_ROUNDED_AT_THE_ANCHOR(
      "relaxationOfExplicitStepsLeavesTheAnchorToTheBit",
      () ->
          explicitly(
              new Product(rate -> 1.0 - rate * Right.STRENGTH) {
                @Override
                public void relax(
                    DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
                  double left = product(from, to);
                  for (int i = 0; i < weight.data.length; i++) {
                    double a = anchor == null ? 0.0 : anchor.data[i];
                    weight.data[i] = left * weight.data[i] + (1.0 - left) * a;
                  }
                }
              })),
  EXPLICIT_EACH_STRETCH_ONCE(
      "relaxationOfExplicitStepsIsTheStepsOneByOne",
      () ->
          explicitly(
              new Product(rate -> 1.0 - rate * Right.STRENGTH) {
                private int done;

                @Override
                double product(int from, int to) {
                  double left = super.product(Math.min(Math.max(from, done), to), to);
                  done = Math.max(done, to);
                  return left;
                }
              })),
  PROXIMAL_AS_EXPLICIT(
      "relaxationOfProximalStepsIsTheStepsOneByOne",
      () -> proximally(new Product(rate -> 1.0 - rate * Right.STRENGTH))),
  PROXIMAL_OF_SUMMED_STEPS(
      "relaxationOfProximalStepsIsTheStepsOneByOne",
      () -> proximally(new SummedSteps(new Right()))),
  PROXIMAL_WITHOUT_ANCHOR(
      "relaxationOfProximalStepsLeavesTheAnchorToTheBit",
      () ->
          proximally(
              new Product(rate -> 1.0 / (1.0 + rate * Right.STRENGTH)) {
                @Override
                public void relax(
                    DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
                  super.relax(weight, null, from, to);
                }
              })),
  PROXIMAL_MOVES_EMPTY_STRETCHES(
      "relaxationOfProximalStepsAddsUpOverAdjoiningStretches",
      () ->
          proximally(
              new Product(rate -> 1.0 / (1.0 + rate * Right.STRENGTH)) {
                @Override
                double product(int from, int to) {
                  return from == to ? 0.999 : super.product(from, to);
                }
              }));

  final String foundBy;
  final Supplier<Right> planted;

  Mistake(String foundBy, Supplier<Right> planted) {
    this.foundBy = foundBy;
    this.planted = planted;
  }

  /** The value that its author means it to have. */
  double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
    double value = Right.value(weight, anchor);
    return this == ROWWISE_IS_A_WISH ? value / weight.numRows : value;
  }

  // ---- how they are planted -----------------------------------------------------------------

  /** All forms of it, times a number. */
  private static final class Scaled extends Right {
    private final double by;

    Scaled(double by) {
      this.by = by;
    }

    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return super.of(weight, anchor).scale(by).asPenalty();
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      super.addGradient(weight, anchor, by * factor, into);
    }

    @Override
    public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
      super.prox(weight, anchor, by * step);
    }
  }

  /** A mean over the rows, which is no sum over the rows. */
  private static final class PerRow extends Right {
    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return super.of(weight, anchor).scale(1.0 / weight.rows()).asPenalty();
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      super.addGradient(weight, anchor, factor / weight.numRows, into);
    }

    @Override
    public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
      super.prox(weight, anchor, step / weight.numRows);
    }
  }

  /**
   * What becomes of an entry of {@code into}, given what was there, the factor and the gradient.
   */
  private interface Entry {
    double after(double before, double factor, double gradient);
  }

  private static Right entrywise(Entry entry) {
    return new Right() {
      @Override
      public void addGradient(
          DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
        for (int i = 0; i < weight.data.length; i++) {
          double gradient = STRENGTH * distance(weight, anchor, i);
          into.data[i] = entry.after(into.data[i], factor, gradient);
        }
      }
    };
  }

  /** What a proximal step takes off a distance. */
  private interface Length {
    double of(double step, double distance);
  }

  private static Right proximal(Length length) {
    return new Right() {
      @Override
      public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
        for (int i = 0; i < weight.data.length; i++) {
          weight.data[i] -= length.of(step, distance(weight, anchor, i));
        }
      }
    };
  }

  private static Right withRate(double multiple) {
    return new Right() {
      @Override
      public double largestRate() {
        return multiple * super.largestRate();
      }

      @Override
      public @Nullable Relaxation explicitRelaxation() {
        return null;
      }
    };
  }

  private static Right explicitly(Relaxation relaxation) {
    return new Right() {
      @Override
      public Relaxation explicitRelaxation() {
        relaxation.clear();
        return relaxation;
      }
    };
  }

  private static Right explicitly(int later, int longer) {
    return explicitly(
        new Product(rate -> 1.0 - rate * Right.STRENGTH) {
          @Override
          double product(int from, int to) {
            int last = Math.min(to + longer, factors.size());
            return last <= from + later ? 1.0 : super.product(from + later, last);
          }
        });
  }

  private static Right proximally(Relaxation relaxation) {
    return new Right() {
      @Override
      public Relaxation proximalRelaxation() {
        relaxation.clear();
        return relaxation;
      }
    };
  }

  /** {@code √x}, whose rule divides by 0 at 0. */
  private record NaiveRoot() implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      y.data[0] = Math.sqrt(x.data[0]);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.scale(0.5).elementDiv(y);
    }
  }

  /** {@code x/(1 − p)} with p = ½ whose rule forgets the division, as a published one does. */
  private record WrongRule() implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      y.data[0] = x.data[0] / 0.5;
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar;
    }
  }

  /** {@code x²/x}, whose rule is right in first order only. */
  private record WrongSecond() implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      y.data[0] = Math.pow(x.data[0], 2.0) / Math.max(x.data[0], 1e-300);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.elementDiv(Objects.requireNonNull(x.detach()).plus(1e-300)));
    }
  }
}
