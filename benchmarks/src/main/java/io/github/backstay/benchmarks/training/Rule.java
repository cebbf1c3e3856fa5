package io.github.backstay.benchmarks.training;

import io.github.backstay.optim.Adagrad;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import java.util.Locale;

/** An update rule by its name on the command line. */
public enum Rule {
  /** Adam, at 1e-3 unless said otherwise. */
  ADAM(1e-3) {
    @Override
    UpdateRule at(double rate) {
      return Adam.of(rate);
    }
  },
  /** Adagrad, at the 0.05 of Tai et al. (2015) unless said otherwise. */
  ADAGRAD(0.05) {
    @Override
    UpdateRule at(double rate) {
      return Adagrad.of(rate);
    }
  },
  /** Plain gradient descent, at the 0.1 that Tai et al. (2015) move word vectors with. */
  SGD(0.1) {
    @Override
    UpdateRule at(double rate) {
      return Sgd.of(rate);
    }
  };

  private final double usualRate;

  Rule(double usualRate) {
    this.usualRate = usualRate;
  }

  /**
   * The learning rate if none is given.
   *
   * @return η
   */
  public double usualRate() {
    return usualRate;
  }

  abstract UpdateRule at(double rate);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
