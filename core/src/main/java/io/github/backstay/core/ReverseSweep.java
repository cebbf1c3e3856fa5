package io.github.backstay.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The first-order reverse sweep. It walks the tape from the output back to the leaves, handing
 * rules constants, so that what they compute is forgotten (and its buffers used again) as soon as
 * their contribution has been added: backward works in a small, cache-warm set of buffers.
 */
final class ReverseSweep {

  private final Tape tape;
  private final Workspace workspace;
  private final Accumulator.SparseRowsPool sparsePool;
  private Accumulator[] cotangents = new Accumulator[64];
  private final Variable[][] viewsByArity = new Variable[5][];
  private boolean @Nullable [] wanted; // nodes on a way to what was asked for; null for all

  ReverseSweep(Tape tape, Workspace workspace, Accumulator.SparseRowsPool sparsePool) {
    this.tape = tape;
    this.workspace = workspace;
    this.sparsePool = sparsePool;
  }

  Gradients run(Variable output, @Nullable DMatrixRMaj seed) {
    boolean done = false;
    try {
      if (seed == null) {
        cotangent(output).overwrite().data[0] = 1.0;
      } else {
        cotangent(output).add(seed);
      }
      sweep(output.index);
      done = true;
      return collect(output);
    } finally {
      if (!done) {
        clear();
      }
    }
  }

  /**
   * The gradients of {@code Σ ⟨output, seed⟩} by some variables, leaves or not, as matrices of
   * their own; only nodes that depend on them are visited. Nothing of the sweep stays on the tape.
   */
  List<DMatrixRMaj> run(List<Variable> outputs, List<DMatrixRMaj> seeds, List<Variable> wrt) {
    int last = -1;
    for (Variable output : outputs) {
      last = Math.max(last, output.index);
    }
    boolean[] kept = new boolean[wrt.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = wrt.get(i).keepsGradient;
    }
    try {
      for (Variable variable : wrt) {
        variable.keepsGradient = true;
      }
      wanted = tape.dependants(wrt, last + 1);
      for (int i = 0; i < outputs.size(); i++) {
        if (wanted[outputs.get(i).index]) {
          cotangent(outputs.get(i)).add(seeds.get(i));
        }
      }
      sweep(last);
      List<DMatrixRMaj> gradients = new ArrayList<>(wrt.size());
      for (Variable variable : wrt) {
        gradients.add(cotangent(variable).dense().copy());
      }
      return gradients;
    } finally {
      wanted = null;
      for (int i = kept.length - 1; i >= 0; i--) { // a variable may stand there twice
        wrt.get(i).keepsGradient = kept[i];
      }
      clear();
    }
  }

  /** Walks back from a node, behind which there is no cotangent yet. */
  private void sweep(int last) {
    int mark = tape.size();
    tape.scratch(true);
    try {
      for (int i = last; i >= 0; i--) {
        Accumulator cotangent = i < cotangents.length ? cotangents[i] : null;
        if (cotangent == null || cotangent.isEmpty()) {
          continue;
        }
        Variable node = tape.node(i);
        Op op = node.op;
        if (op != null && node.tracked) {
          DMatrixRMaj bar = cotangent.takeDense();
          if (node.keepsGradient) {
            cotangent.add(bar);
          }
          if (!propagate(op, node, bar)) {
            workspace.release(bar);
          }
        } else if (!node.tracked) {
          cotangent.clear();
        }
      }
    } finally {
      tape.truncate(mark);
      tape.scratch(false);
    }
  }

  private void clear() {
    for (Accumulator cotangent : cotangents) {
      if (cotangent != null) {
        cotangent.clear();
      }
    }
  }

  /** Whether a node's cotangent passes to an input, and is asked for. */
  private boolean passes(Op op, int k, Variable input) {
    return input.tracked && !op.blocks(k) && (wanted == null || wanted[input.index]);
  }

  /** Adds a node's contributions to its inputs; true if the cotangent's buffer was given on. */
  private boolean propagate(Op op, Variable node, DMatrixRMaj bar) {
    Variable[] inputs = node.inputs;
    if (op instanceof Op.InPlace inPlace && !tape.isDebug()) { // in place, nothing is checked
      DMatrixRMaj[] values = tape.operands(inputs.length);
      for (int k = 0; k < inputs.length; k++) {
        values[k] = inputs[k].value;
      }
      if (inPlace.covers(values)) {
        for (int k = 0; k < inputs.length; k++) {
          if (passes(op, k, inputs[k])) {
            Accumulator target = cotangent(inputs[k]);
            inPlace.accumulate(k, workspace, values, node.value, bar, target);
            target.touch();
          }
        }
        return false;
      }
    }
    int mark = tape.size();
    Variable[] views = views(inputs.length);
    int last = -1;
    for (int k = 0; k < inputs.length; k++) {
      views[k] = tape.view(inputs[k].value);
      if (passes(op, k, inputs[k])) {
        last = k;
      }
    }
    Variable outputView = tape.view(node.value);
    Variable barView = tape.view(bar);
    boolean given = false;
    for (int k = 0; k <= last; k++) {
      if (passes(op, k, inputs[k])) {
        int temporaries = tape.size();
        Variable contribution;
        try {
          contribution = op.vjp(k, views, outputView, barView);
        } catch (ArithmeticException e) {
          throw inRuleOf(node, e);
        }
        requireShape(op, k, inputs[k], contribution);
        Accumulator target = cotangent(inputs[k]);
        if (contribution.index >= temporaries && !contribution.borrowed) {
          contribution.borrowed = true;
          target.adopt(contribution.value);
        } else if (contribution.value == bar && k == last && target.isEmpty()) {
          target.adopt(bar);
          given = true;
        } else {
          target.add(contribution.value);
        }
        tape.truncate(temporaries);
      }
    }
    tape.truncate(mark);
    return given;
  }

  private Variable[] views(int arity) {
    if (arity >= viewsByArity.length) {
      return new Variable[arity];
    }
    Variable[] views = viewsByArity[arity];
    if (views == null) {
      views = new Variable[arity];
      viewsByArity[arity] = views;
    }
    return views;
  }

  /** The gradients of the leaves, in the order in which they came onto the tape. */
  private Gradients collect(Variable output) {
    Gradients gradients = new Gradients(tape.leafCount(), output.penalty);
    Variable[] leaves = tape.leaves();
    for (int i = 0; i < tape.leafCount(); i++) {
      Variable leaf = leaves[i];
      Accumulator cotangent = cotangent(leaf);
      Gradient gradient = cotangent.isEmpty() ? cotangent.zeroGradient() : cotangent.takeGradient();
      gradients.put(leaf.parameter != null ? leaf.parameter : leaf, gradient.at(leaf.version));
    }
    return gradients;
  }

  private Accumulator cotangent(Variable of) {
    int index = of.index;
    if (index >= cotangents.length) {
      cotangents = Arrays.copyOf(cotangents, Math.max(index + 1, 2 * cotangents.length));
    }
    Accumulator cotangent = cotangents[index];
    if (cotangent == null) {
      cotangent = new Accumulator(workspace, sparsePool);
      cotangents[index] = cotangent;
    }
    if (cotangent.isEmpty()) {
      cotangent.open(of.value.numRows, of.value.numCols);
    }
    return cotangent;
  }

  /** What a debug tape has found in a rule, with the place of the op that the rule belongs to. */
  private static ArithmeticException inRuleOf(Variable node, ArithmeticException cause) {
    ArithmeticException named =
        new ArithmeticException(
            cause.getMessage() + " It is part of the rule of " + node.describe() + ".");
    named.initCause(cause);
    return named;
  }

  /** Refuses a rule whose answer does not have the shape of the input it is for. */
  static void requireShape(Op op, int input, Variable of, Variable contribution) {
    DMatrixRMaj expected = of.value;
    DMatrixRMaj actual = contribution.value;
    if (actual.numRows != expected.numRows || actual.numCols != expected.numCols) {
      throw new ShapeException(
          op.name()
              + ": the rule of input "
              + input
              + " returned a cotangent of shape "
              + Shape.of(actual)
              + ", but the input is "
              + Shape.of(expected)
              + " (a cotangent has the shape of its variable). Correct the op's vjp.");
    }
  }
}
