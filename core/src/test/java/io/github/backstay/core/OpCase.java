package io.github.backstay.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * One row of the catalogue: an op, reached through its fluent method, and all that its contract
 * needs to know about it.
 *
 * @param name how tests show it
 * @param op the class of the op that the call must record last
 * @param call the fluent method
 * @param formula the value, written a second time and differently
 * @param shapes each entry is one choice of shapes for all operands
 * @param draws how the entries of each operand are drawn; the last one serves all further operands
 * @param masks operands that are given as constants, because no gradient passes to them
 * @param stops whether no gradient passes at all, by definition
 * @param pins values and derivatives at kinks, at the ends of the domain, at infinity and NaN
 */
record OpCase(
    String name,
    Class<? extends Op> op,
    Function<Variable[], Variable> call,
    Function<DMatrixRMaj[], DMatrixRMaj> formula,
    List<List<Shape>> shapes,
    List<Draw> draws,
    List<Integer> masks,
    boolean stops,
    List<Pin> pins) {

  /** A distribution of numbers inside the op's domain and away from its kinks. */
  interface Draw {
    double next(RandomGenerator random);

    /** A whole operand: entries drawn independently, unless {@link #made} says more. */
    default DMatrixRMaj matrix(Shape shape, RandomGenerator random) {
      return Formulas.matrix(shape.rows(), shape.cols(), (i, j) -> next(random));
    }

    /** Matrices of a kind, for domains that are not sets of entries, made from these entries. */
    default Draw made(UnaryOperator<DMatrixRMaj> kind) {
      Draw entries = this;
      return new Draw() {
        @Override
        public double next(RandomGenerator random) {
          return entries.next(random);
        }

        @Override
        public DMatrixRMaj matrix(Shape shape, RandomGenerator random) {
          return kind.apply(entries.matrix(shape, random));
        }
      };
    }

    static Draw between(double low, double high) {
      return random -> low + (high - low) * random.nextDouble();
    }

    /** Either sign, and never closer to 0 than {@code low}. */
    static Draw awayFromZero(double low, double high) {
      return random ->
          (random.nextBoolean() ? 1.0 : -1.0) * (low + (high - low) * random.nextDouble());
    }

    static Draw zeroOrOne() {
      return random -> random.nextBoolean() ? 1.0 : 0.0;
    }
  }

  /** What an entry-by-entry op must give at one number, and its derivative there. */
  record Pin(double x, double y, double derivative) {}

  static OpCase of(
      String name,
      Class<? extends Op> op,
      Function<Variable[], Variable> call,
      Function<DMatrixRMaj[], DMatrixRMaj> formula) {
    return new OpCase(
        name,
        op,
        call,
        formula,
        List.of(),
        List.of(Draw.between(-1.5, 1.5)),
        List.of(),
        false,
        List.of());
  }

  /** Adds choices of shapes, each written as {@code "3x4,4x2"}. */
  OpCase on(String... choices) {
    List<List<Shape>> more = new ArrayList<>(shapes);
    for (String choice : choices) {
      more.add(Arrays.stream(choice.split(",", -1)).map(OpCase::shape).toList());
    }
    return new OpCase(name, op, call, formula, more, draws, masks, stops, pins);
  }

  private static Shape shape(String text) {
    int x = text.indexOf('x');
    return new Shape(
        Integer.parseInt(text.substring(0, x)), Integer.parseInt(text.substring(x + 1)));
  }

  /** Draws the operands from these, one for each; the last serves the rest. */
  OpCase from(Draw... newDraws) {
    return new OpCase(name, op, call, formula, shapes, List.of(newDraws), masks, stops, pins);
  }

  /** Marks an operand that never has a gradient. */
  OpCase mask(int operand) {
    return new OpCase(name, op, call, formula, shapes, draws, List.of(operand), stops, pins);
  }

  /** Marks an op that lets no gradient through. */
  OpCase stopsGradients() {
    return new OpCase(name, op, call, formula, shapes, draws, masks, true, pins);
  }

  /** Pins value and derivative at a number. */
  OpCase at(double x, double y, double derivative) {
    List<Pin> more = new ArrayList<>(pins);
    more.add(new Pin(x, y, derivative));
    return new OpCase(name, op, call, formula, shapes, draws, masks, stops, more);
  }

  /** Operands of the given shapes. */
  DMatrixRMaj[] operands(List<Shape> choice, RandomGenerator random) {
    DMatrixRMaj[] operands = new DMatrixRMaj[choice.size()];
    for (int k = 0; k < operands.length; k++) {
      Draw draw = draws.get(Math.min(k, draws.size() - 1));
      operands[k] = draw.matrix(choice.get(k), random);
    }
    return operands;
  }

  /** Whether an operand is given as a free variable. */
  boolean isFree(int operand) {
    return !masks.contains(operand);
  }

  /** The operands as leaves: masks as constants, all others free. */
  Variable[] leaves(Tape tape, DMatrixRMaj[] operands) {
    Variable[] leaves = new Variable[operands.length];
    for (int k = 0; k < leaves.length; k++) {
      leaves[k] = isFree(k) ? tape.variable(operands[k]) : tape.constant(operands[k]);
    }
    return leaves;
  }

  /** The op on a tape. */
  Variable on(Tape tape, DMatrixRMaj[] operands) {
    return call.apply(leaves(tape, operands));
  }

  /** The operands that are free. */
  DMatrixRMaj[] free(DMatrixRMaj[] operands) {
    List<DMatrixRMaj> free = new ArrayList<>();
    for (int k = 0; k < operands.length; k++) {
      if (isFree(k)) {
        free.add(operands[k]);
      }
    }
    return free.toArray(new DMatrixRMaj[0]);
  }

  /** The op as a function of its free operands; masks keep the values given here. */
  Function<Variable[], Variable> ofFree(DMatrixRMaj[] operands) {
    return free -> {
      Variable[] all = new Variable[operands.length];
      int next = 0;
      for (int k = 0; k < all.length; k++) {
        all[k] = isFree(k) ? free[next++] : free[0].tape().constant(operands[k]);
      }
      return call.apply(all);
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
