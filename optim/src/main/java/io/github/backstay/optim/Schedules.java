package io.github.backstay.optim;

import java.util.List;

/** The schedules that {@link Schedule} makes; their formulas are written there. */
final class Schedules {

  private Schedules() {}

  static final Schedule CONSTANT = new Constant();

  record Constant() implements Schedule {
    @Override
    public double rate(long step, double base) {
      return base;
    }
  }

  record Reduced(double factor, long steps) implements Schedule {
    Reduced {
      Hyper.requireNotNegative("reduced", "factor", factor);
      Hyper.requireAtLeast("reduced", "steps", 0, steps);
    }

    @Override
    public double rate(long step, double base) {
      return step < steps ? base * factor : base;
    }
  }

  record Stepwise(long every, double factor) implements Schedule {
    Stepwise {
      Hyper.requireAtLeast("stepwise", "every", 1, every);
      Hyper.requireNotNegative("stepwise", "factor", factor);
    }

    @Override
    public double rate(long step, double base) {
      long times = step / every;
      return base * StrictMath.pow(factor, (double) times);
    }
  }

  record Milestones(double factor, List<Long> milestones) implements Schedule {
    Milestones {
      Hyper.requireNotNegative("milestones", "factor", factor);
      milestones.forEach(m -> Hyper.requireAtLeast("milestones", "a milestone", 0, m));
    }

    @Override
    public double rate(long step, double base) {
      int passed = 0;
      while (passed < milestones.size() && milestones.get(passed) <= step) {
        passed++;
      }
      return base * StrictMath.pow(factor, passed);
    }
  }

  record Exponential(double factor) implements Schedule {
    Exponential {
      Hyper.requireNotNegative("exponential", "factor", factor);
    }

    @Override
    public double rate(long step, double base) {
      return base * StrictMath.pow(factor, (double) step);
    }
  }

  record Linear(double start, double end, long steps) implements Schedule {
    Linear {
      Hyper.requireNotNegative("linear", "start", start);
      Hyper.requireNotNegative("linear", "end", end);
      Hyper.requireAtLeast("linear", "steps", 1, steps);
    }

    @Override
    public double rate(long step, double base) {
      double part = progress(step, steps);
      return base * ((1.0 - part) * start + part * end); // at both ends exact
    }
  }

  record Polynomial(double power, long steps) implements Schedule {
    Polynomial {
      Hyper.requireNotNegative("polynomial", "power", power);
      Hyper.requireAtLeast("polynomial", "steps", 1, steps);
    }

    @Override
    public double rate(long step, double base) {
      return base * StrictMath.pow(1.0 - progress(step, steps), power);
    }
  }

  record Cosine(long steps, double minimum) implements Schedule {
    Cosine {
      Hyper.requireAtLeast("cosine", "steps", 1, steps);
      Hyper.requireNotNegative("cosine", "minimum", minimum);
    }

    @Override
    public double rate(long step, double base) {
      return alongCosine(base, minimum, (double) (step % (2 * steps)) / steps);
    }
  }

  record CosineWithRestarts(long steps, int multiplier, double minimum) implements Schedule {
    CosineWithRestarts {
      Hyper.requireAtLeast("cosineWithRestarts", "steps", 1, steps);
      Hyper.requireAtLeast("cosineWithRestarts", "multiplier", 1, multiplier);
      Hyper.requireNotNegative("cosineWithRestarts", "minimum", minimum);
    }

    @Override
    public double rate(long step, double base) {
      long length = steps;
      long left = multiplier == 1 ? step % length : step;
      while (left >= length) {
        left -= length;
        length *= multiplier;
      }
      return alongCosine(base, minimum, (double) left / length);
    }
  }

  record Until(Schedule first, long milestone, Schedule next) implements Schedule {
    Until {
      Hyper.requireAtLeast("until", "milestone", 0, milestone);
    }

    @Override
    public double rate(long step, double base) {
      return step < milestone ? first.rate(step, base) : next.rate(step - milestone, base);
    }
  }

  record Every(Schedule schedule, long steps) implements Schedule {
    Every {
      Hyper.requireAtLeast("every", "steps", 1, steps);
    }

    @Override
    public double rate(long step, double base) {
      return schedule.rate(step / steps, base);
    }
  }

  private static double progress(long step, long steps) {
    return (double) Math.min(step, steps) / steps;
  }

  /** From start (part 0) to end (part 1) along half a cosine. */
  static double alongCosine(double start, double end, double part) {
    double ofStart = (1.0 + StrictMath.cos(Math.PI * part)) / 2.0;
    return ofStart * start + (1.0 - ofStart) * end; // at both ends exact
  }
}
