package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/**
 * Functions of two numbers, entry by entry, with broadcasting. NaN in gives NaN out, unless said
 * otherwise.
 */
public final class Pairs {

  private Pairs() {}

  /**
   * {@code c = a^b}, as {@link StrictMath#pow}. Rules: ā = c̄ ⊙ b·a^(b−1), 0 where a = b = 0; b̄ =
   * c̄ ⊙ c ln a, 0 where a = 0 and b ≥ 0; each summed to its shape. For a below 0 only ā has a
   * value.
   */
  public record Power() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Power OP = new Power();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, StrictMath::pow);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      Variable notBothZero = a.abs().plus(b.abs());
      Variable base = notBothZero.where(a, cBar.tape().constant(1.0));
      Variable derivative = base.power(b.minus(1.0)).elementMultOrZero(b);
      return cBar.elementMultOrZero(derivative).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      Variable notFlat = a.abs().plus(b.negative().relu());
      Variable base = notFlat.where(a, cBar.tape().constant(1.0));
      return cBar.elementMultOrZero(c.elementMultOrZero(base.log())).sumTo(b);
    }
  }

  /**
   * {@code c = max(a, b)}. Rules: ā = c̄ where a &gt; b, half of it at a tie, else 0; b̄ the other
   * way round; each summed to its shape.
   */
  public record Maximum() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Maximum OP = new Maximum();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, Math::max);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(shareOfGreater(a, b)).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(shareOfGreater(b, a)).sumTo(b);
    }
  }

  /**
   * {@code c = min(a, b)}. Rules: ā = c̄ where a &lt; b, half of it at a tie, else 0; b̄ the other
   * way round; each summed to its shape.
   */
  public record Minimum() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Minimum OP = new Minimum();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, Math::min);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(shareOfGreater(b, a)).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(shareOfGreater(a, b)).sumTo(b);
    }
  }

  /** 1 where a &gt; b, ½ at a tie, else 0. */
  private static Variable shareOfGreater(Variable a, Variable b) {
    return a.compare(b).plus(1.0).scale(0.5);
  }

  /**
   * {@code c = sign(a − b)}: −1, 0 or 1, also between infinities; NaN where either is NaN. No
   * gradient passes: the derivatives are taken as 0 everywhere.
   */
  public record Compare() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Compare OP = new Compare();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, (x, y) -> x < y ? -1.0 : x > y ? 1.0 : x == y ? 0.0 : Double.NaN);
      return c;
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.tape().zeros(a.rows(), a.cols());
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.tape().zeros(b.rows(), b.cols());
    }
  }

  /**
   * {@code c = √(a² + b²)}, without overflow or underflow on the way ({@link Math#hypot}). Rules: ā
   * = c̄ ⊙ a ⊘ c, b̄ = c̄ ⊙ b ⊘ c, each summed to its shape; all derivatives are 0 where c = 0.
   */
  public record Hypot() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Hypot OP = new Hypot();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, StrictMath::hypot);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return overRadius(a, c).elementMultOrZero(cBar).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return overRadius(b, c).elementMultOrZero(cBar).sumTo(b);
    }
  }

  /**
   * {@code θ = atan2(y, x)}: the angle of the point (x, y), from −π to π. With r² = x² + y²: ȳ = θ̄
   * ⊙ x ⊘ r², x̄ = −θ̄ ⊙ y ⊘ r², each summed to its shape; all derivatives are 0 at the origin. The
   * squares are never formed.
   */
  public record Atan2() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Atan2 OP = new Atan2();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj y, DMatrixRMaj x) {
      DMatrixRMaj angle = Broadcast.result(this, w, y, x);
      Broadcast.apply(y, x, angle, StrictMath::atan2);
      return angle;
    }

    @Override
    public Variable vjpLeft(Variable y, Variable x, Variable angle, Variable angleBar) {
      Variable r = y.hypot(x);
      return overRadius(overRadius(x, r), r).elementMultOrZero(angleBar).sumTo(y);
    }

    @Override
    public Variable vjpRight(Variable y, Variable x, Variable angle, Variable angleBar) {
      Variable r = y.hypot(x);
      return overRadius(overRadius(y, r), r).elementMultOrZero(angleBar).negative().sumTo(x);
    }
  }

  /** {@code x ⊘ r}, and 0 with all its derivatives where r = 0. */
  private static Variable overRadius(Variable x, Variable r) {
    Variable one = r.tape().constant(1.0);
    return r.where(x.elementDiv(r.where(r, one)), r.tape().zeros(1, 1));
  }
}
