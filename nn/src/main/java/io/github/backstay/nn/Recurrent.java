package io.github.backstay.nn;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent network: cells that read a sequence step by step, in one or more layers. A batch of B
 * sequences of length T is a list of T matrices, B×in each; a single sequence has B = 1. Sequences
 * of unequal length stand in the order of their lengths, the longest first, and a step has a row
 * for each that is not over yet: there is no padding, and a sequence gives what it gives by itself.
 * The first layer reads the inputs, each further layer the outputs of the one below; with {@link
 * Direction#BOTH} every layer has two cells, and its outputs are twice as wide.
 *
 * <pre>{@code
 * Lstm lstm = new Lstm(4, 3, 1, Direction.BOTH, random);
 * List<Variable> steps =
 *     List.of(
 *         words.lookUp(tape, Indices.of(7, 2)), // the first words of both texts
 *         words.lookUp(tape, Indices.of(0, 2)),
 *         words.lookUp(tape, Indices.of(5, 9)));
 * Recurrent.Result<LstmState> result = lstm.forward(steps);
 * }</pre>
 *
 * <p>The parameters are those of the cells ({@link RecurrentCell}), which are children named {@code
 * layer0}, {@code layer0Reverse}, {@code layer1} and so on: {@code layer0.weightIh} is PyTorch's
 * {@code weight_ih_l0}, {@code layer0Reverse.weightIh} its {@code weight_ih_l0_reverse}.
 *
 * <p>{@link Rnn}, {@link Gru} and {@link Lstm} are this with their cells. Other cells need a
 * subclass with nothing but a constructor.
 *
 * @param <S> the state of a cell
 */
public abstract class Recurrent<S> extends Module {

  private final int directions;
  private final List<RecurrentCell<S>> cells = new ArrayList<>(); // by layer, then direction

  /**
   * Makes and registers the cells, from the first layer up, forward before backward.
   *
   * @param in columns of the inputs
   * @param layers how many layers, at least 1
   * @param direction whether each layer also reads backward
   * @param cell makes a cell for inputs of a given width; all must have the same hidden width
   * @throws IllegalArgumentException if there is no layer, or a cell does not have the width that
   *     it needs
   */
  @SuppressWarnings("this-escape") // what a subclass overrides describes it, and has no state
  protected Recurrent(
      int in, int layers, Direction direction, IntFunction<? extends RecurrentCell<S>> cell) {
    if (layers < 1) {
      throw new IllegalArgumentException(
          describe() + ": there must be at least 1 layer, got " + layers + ".");
    }
    directions = direction == Direction.BOTH ? 2 : 1;
    int width = in;
    for (int layer = 0; layer < layers; layer++) {
      for (int d = 0; d < directions; d++) {
        RecurrentCell<S> made = cell.apply(width);
        String name = "layer" + layer + (d == 0 ? "" : "Reverse");
        int hidden = cells.isEmpty() ? made.hidden() : cells.get(0).hidden();
        if (made.in() != width || made.hidden() != hidden) {
          throw new IllegalArgumentException(
              describe()
                  + ": the cell of "
                  + name
                  + " has in "
                  + made.in()
                  + " and hidden "
                  + made.hidden()
                  + " (need in "
                  + width
                  + " and hidden "
                  + hidden
                  + ").");
        }
        cells.add(child(name, made));
      }
      width = directions * cells.get(0).hidden();
    }
  }

  /**
   * What came out.
   *
   * @param outputs the last layer's output of each step, B×hidden, or B×(2·hidden) for both
   *     directions; less than B rows where sequences are over
   * @param states the state of each cell after the last step of each of the B sequences, which for
   *     a cell that reads backward is the first one; in the order layer·directions + direction
   * @param <S> the state of a cell
   */
  public record Result<S>(List<Variable> outputs, List<S> states) {

    /**
     * Copies the lists.
     *
     * @param outputs the last layer's output of each step
     * @param states the state of each cell after its last step
     */
    public Result {
      outputs = List.copyOf(outputs);
      states = List.copyOf(states);
    }
  }

  /**
   * Reads a batch of sequences, starting from zeros.
   *
   * @param steps the inputs of each step, at least one, B×in each, or less rows from the step on
   *     after which the sequences of the last rows are over
   * @return outputs and last states
   * @throws IllegalArgumentException if there is no step
   * @throws ShapeException if a step does not have the right shape
   */
  public final Result<S> forward(List<Variable> steps) {
    requireSteps(steps);
    List<S> zeros = new ArrayList<>();
    for (RecurrentCell<S> cell : cells) {
      zeros.add(cell.zeroState(steps.get(0).tape(), steps.get(0).rows()));
    }
    return forward(steps, zeros);
  }

  /**
   * Reads a batch of sequences.
   *
   * @param steps the inputs of each step, at least one, B×in each, or less rows from the step on
   *     after which the sequences of the last rows are over
   * @param initial the state of each cell before its first step, B rows, in the order
   *     layer·directions + direction
   * @return outputs and last states
   * @throws IllegalArgumentException if there is no step, or not one initial state per cell
   * @throws ShapeException if a step or state does not have the right shape
   */
  public final Result<S> forward(List<Variable> steps, List<S> initial) {
    requireSteps(steps);
    if (initial.size() != cells.size()) {
      throw new IllegalArgumentException(
          describe()
              + ": there are "
              + initial.size()
              + " initial states for "
              + cells.size()
              + " cells (need one each).");
    }
    for (int k = 0; k < initial.size(); k++) {
      Variable first = cells.get(k).output(initial.get(k));
      if (first.rows() != steps.get(0).rows()) {
        throw new ShapeException(
            describe()
                + ": initial state "
                + k
                + " is "
                + first.shape()
                + ", the first step is "
                + steps.get(0).shape()
                + " (need one row per sequence in both).");
      }
      cells.get(k).requireState(initial.get(k), steps.get(0));
    }
    for (Variable x : steps) {
      cells.get(0).requireInput(x);
    }
    List<Variable> inputs = steps;
    List<S> last = new ArrayList<>();
    for (int first = 0; first < cells.size(); first += directions) {
      List<Variable> outputs = new ArrayList<>();
      last.add(readForward(cells.get(first), inputs, initial.get(first), outputs));
      if (directions == 2) {
        List<Variable> backward = new ArrayList<>();
        last.add(readBackward(cells.get(first + 1), inputs, initial.get(first + 1), backward));
        for (int t = 0; t < outputs.size(); t++) {
          outputs.set(t, outputs.get(t).concatCols(backward.get(outputs.size() - 1 - t)));
        }
      }
      inputs = outputs;
    }
    return new Result<>(inputs, last);
  }

  /** What the inputs of all steps give to the gates, by one product. */
  private static List<Variable> fromInputs(RecurrentCell<?> cell, List<Variable> inputs) {
    if (inputs.size() == 1) {
      return List.of(cell.fromInput(inputs.get(0)));
    }
    Variable[] rest = inputs.subList(1, inputs.size()).toArray(new Variable[0]);
    Variable all = cell.fromInput(inputs.get(0).concatRows(rest));
    List<Variable> gates = new ArrayList<>(inputs.size());
    int from = 0;
    for (Variable x : inputs) {
      gates.add(all.slice(from, from + x.rows(), 0, all.cols()));
      from += x.rows();
    }
    return gates;
  }

  /** Returns the last state of each sequence. */
  private S readForward(
      RecurrentCell<S> cell, List<Variable> inputs, S initial, List<Variable> outputs) {
    S state = initial;
    @Nullable S over = null; // the states of those that have ended
    int running = inputs.get(0).rows();
    for (Variable x : fromInputs(cell, inputs)) {
      if (x.rows() < running) {
        S ended = cell.rows(state, x.rows(), running);
        over = over == null ? ended : cell.concatRows(ended, over);
        state = cell.rows(state, 0, x.rows());
        running = x.rows();
      }
      state = cell.next(x, state);
      outputs.add(cell.output(state));
    }
    return over == null ? state : cell.concatRows(state, over);
  }

  /** Returns the last state of each sequence; the outputs come in the order of reading. */
  private S readBackward(
      RecurrentCell<S> cell, List<Variable> inputs, S initial, List<Variable> outputs) {
    int last = inputs.size() - 1;
    int running = inputs.get(last).rows();
    boolean all = running == inputs.get(0).rows();
    S state = all ? initial : cell.rows(initial, 0, running);
    List<Variable> gates = fromInputs(cell, inputs);
    for (int t = last; t >= 0; t--) {
      Variable x = gates.get(t);
      if (x.rows() > running) {
        state = cell.concatRows(state, cell.rows(initial, running, x.rows()));
        running = x.rows();
      }
      state = cell.next(x, state);
      outputs.add(cell.output(state));
    }
    return state;
  }

  private void requireSteps(List<Variable> steps) {
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(
          describe() + ": the sequence has no steps (need at least one).");
    }
    for (int t = 1; t < steps.size(); t++) {
      if (steps.get(t).rows() > steps.get(t - 1).rows()) {
        throw new ShapeException(
            describe()
                + ": step "
                + t
                + " is "
                + steps.get(t).shape()
                + ", the one before is "
                + steps.get(t - 1).shape()
                + " (a sequence that is over does not go on). Put longer sequences first.");
      }
    }
  }

  /**
   * What is left of each sequence: the output of the last layer's cells after their last steps.
   *
   * @param result what {@link #forward(List)} returned
   * @return B×{@link #width()}, both directions beside one another, forward first
   */
  public final Variable lastOutput(Result<S> result) {
    int top = cells.size() - directions;
    Variable forward = cells.get(top).output(result.states().get(top));
    return directions == 1
        ? forward
        : forward.concatCols(cells.get(top + 1).output(result.states().get(top + 1)));
  }

  /**
   * Columns of an output.
   *
   * @return hidden, or 2·hidden for both directions
   */
  public final int width() {
    return directions * cells.get(0).hidden();
  }

  /**
   * The cells.
   *
   * @return an unmodifiable list, in the order layer·directions + direction
   */
  public final List<RecurrentCell<S>> cells() {
    return List.copyOf(cells);
  }
}
