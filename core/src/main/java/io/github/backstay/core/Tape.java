package io.github.backstay.core;

import io.github.backstay.core.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Records operations in execution order and differentiates what it has recorded. A training step
 * goes: put parameters and data on the tape, compute a loss, ask for {@link #gradients}, update,
 * {@link #reset()}.
 *
 * <pre>{@code
 * try (Tape tape = Tape.create()) {
 *   Variable loss = w.on(tape).minus(tape.constant(target)).square().sum();
 *   return tape.gradients(loss).of(w).toMatrix();
 * }
 * }</pre>
 *
 * <p>The tape is a plain list and the reverse sweep walks it by index: no recursion, so depth is
 * limited by memory alone, and no hash order, so that sums have the same bits every time. It owns
 * every matrix a step computes; {@link #reset()} makes the step's variables and gradients unusable
 * (a clear exception, never stale numbers; {@link Builder#recycleVariables} weakens this) and hands
 * their buffers to the next step.
 *
 * <p>A tape belongs to one thread at a time. Any number of tapes may share the same parameters as
 * long as nobody writes to them.
 */
public final class Tape implements AutoCloseable {

  private static final int CACHED_ARITIES = 9;

  private final Workspace workspace;
  private final Accumulator.SparseRowsPool sparsePool = new Accumulator.SparseRowsPool();
  private final ReverseSweep sweep;
  private final boolean debug;
  private final boolean recycling;
  private final IdentityHashMap<Parameter, Variable> parameters = new IdentityHashMap<>();
  private final List<Gradients> issued = new ArrayList<>(2);
  private final DMatrixRMaj[][] operands = new DMatrixRMaj[CACHED_ARITIES][];
  private final Variable[][] staged = {
    new Variable[0], new Variable[1], new Variable[2], new Variable[3]
  };
  private Variable[] nodes = new Variable[64];
  private int size;
  private Variable[] leaves = new Variable[16];
  private int leafCount;
  private long epoch = 1;
  private boolean closed;
  private boolean scratch;
  private @Nullable Thread owner;

  private Tape(Builder builder) {
    this.workspace = new Workspace(builder.kernels.get());
    this.debug = builder.debug;
    this.recycling = builder.recycling && !builder.debug;
    this.sweep = new ReverseSweep(this, workspace, sparsePool);
    for (int arity = 0; arity < CACHED_ARITIES; arity++) {
      operands[arity] = new DMatrixRMaj[arity];
    }
  }

  /**
   * A tape with the usual settings.
   *
   * @return a new, empty tape
   */
  public static Tape create() {
    return builder().build();
  }

  /**
   * A tape with settings of one's own.
   *
   * @return a builder that starts from the usual settings
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The settings of a tape. */
  public static final class Builder {
    private Supplier<Kernels> kernels = Kernels::standard;
    private boolean debug;
    private boolean recycling;

    private Builder() {}

    /**
     * Remembers where in the user's code every variable was made, shows it in errors, and stops at
     * the first NaN or infinity that an op or a rule produces. Several times slower; gradients may
     * differ from those of an ordinary tape in the last bits, because rules are used in their plain
     * form, which can be watched, and never in place.
     *
     * @return this builder
     */
    public Builder debug() {
      debug = true;
      return this;
    }

    /**
     * Uses the {@link Variable} objects of one step again for the next, besides their buffers, so
     * that a steady step allocates nothing per op. The price: a variable that is kept across {@code
     * reset()} is refused only until its place on the tape has been recorded again; from then on it
     * <em>is</em> the new step's variable. Meant for loops that have run on an ordinary tape before
     * and keep no variables. A debug tape ignores this.
     *
     * @return this builder
     */
    public Builder recycleVariables() {
      recycling = true;
      return this;
    }

    /**
     * Chooses the kernels that do the arithmetic. Kernels keep scratch memory, so every tape gets
     * its own.
     *
     * @param newKernels makes the kernels of one tape
     * @return this builder
     */
    public Builder kernels(Supplier<Kernels> newKernels) {
      kernels = newKernels;
      return this;
    }

    /**
     * Makes the tape.
     *
     * @return a new, empty tape
     */
    public Tape build() {
      return new Tape(this);
    }
  }

  // ---- leaves -------------------------------------------------------------------------------

  /**
   * A constant: no gradient is computed for it.
   *
   * @param matrix its value, copied
   * @return the constant
   */
  public Variable constant(DMatrixRMaj matrix) {
    return leaf(workspace.copy(requirePlain("constant", matrix)), false);
  }

  /**
   * A 1×1 constant.
   *
   * @param value its value
   * @return the constant
   */
  public Variable constant(double value) {
    return leaf(workspace.scalar(value), false);
  }

  /**
   * A constant matrix of zeros.
   *
   * @param rows number of rows
   * @param cols number of columns
   * @return the constant
   */
  public Variable zeros(int rows, int cols) {
    return leaf(workspace.zeros(rows, cols), false);
  }

  /**
   * A constant that is not copied. The caller promises not to change the matrix until the tape is
   * reset; results are undefined otherwise. For large immutable tables, such as anchors.
   *
   * @param matrix its value
   * @return the constant
   */
  public Variable borrow(DMatrixRMaj matrix) {
    enter("borrow");
    Variable leaf = push(null, requirePlain("borrow", matrix), 0);
    leaf.borrowed = true;
    return leaf;
  }

  /**
   * A free variable: something other than a parameter to differentiate by, for instance an input.
   *
   * @param matrix its value, copied
   * @return the variable
   */
  public Variable variable(DMatrixRMaj matrix) {
    return leaf(workspace.copy(requirePlain("variable", matrix)), true);
  }

  /**
   * A 1×1 free variable.
   *
   * @param value its value
   * @return the variable
   */
  public Variable variable(double value) {
    return leaf(workspace.scalar(value), true);
  }

  private Variable leaf(DMatrixRMaj value, boolean tracked) {
    enter("tape");
    if (tracked) {
      requireOutsideRules("variable");
    }
    Variable leaf = push(null, value, 0);
    leaf.tracked = tracked;
    if (tracked) {
      remember(leaf);
    }
    return leaf;
  }

  /** The leaf of a parameter, the same one each time until the next reset. */
  Variable on(Parameter parameter) {
    enter("parameter.on");
    Variable leaf = parameters.get(parameter);
    if (leaf == null) {
      requireOutsideRules("parameter.on");
      leaf = push(null, parameter.values(), 0);
      leaf.borrowed = true;
      leaf.parameter = parameter;
      leaf.lender = parameter;
      leaf.version = parameter.version();
      leaf.tracked = !parameter.isFrozen();
      leaf.trains = leaf.tracked;
      parameters.put(parameter, leaf);
      if (leaf.tracked) {
        remember(leaf);
      }
    } else {
      requireUnchanged(leaf, parameter);
      if (leaf.tracked == parameter.isFrozen()) {
        throw new IllegalStateException(
            "parameter \""
                + parameter.name()
                + "\": it was "
                + (parameter.isFrozen() ? "frozen" : "thawed")
                + " after it had been read on this tape. Call tape.reset() first.");
      }
    }
    return leaf;
  }

  /**
   * What a rule makes is forgotten when it ends, so it must not make anything to differentiate by.
   */
  private void requireOutsideRules(String operation) {
    if (scratch) {
      throw new IllegalStateException(
          operation
              + ": called in a rule of the reverse sweep (a rule works on what it is handed, and on"
              + " constants). Make it an operand of the op.");
    }
  }

  /** Puts a variable on the list of those that a sweep answers for. */
  void remember(Variable leaf) {
    if (leafCount == leaves.length) {
      leaves = Arrays.copyOf(leaves, 2 * leafCount);
    }
    leaves[leafCount++] = leaf;
  }

  /** Takes the leaf that came last off that list again. */
  void forgetLeaf(Variable leaf) {
    if (leafCount > 0 && leaves[leafCount - 1] == leaf) {
      leafCount--;
    }
  }

  private static void requireUnchanged(Variable leaf, Parameter parameter) {
    if (leaf.version != parameter.version()) {
      throw new IllegalStateException(
          "parameter \""
              + parameter.name()
              + "\": its values were changed after they had been read on this tape, so what was"
              + " recorded no longer belongs to them. Call tape.reset() after every update.");
    }
  }

  private static DMatrixRMaj requirePlain(String operation, DMatrixRMaj matrix) {
    if (matrix.data.length < matrix.numRows * matrix.numCols) {
      throw new ShapeException(
          operation
              + ": the matrix says it is "
              + Shape.of(matrix)
              + " but holds only "
              + matrix.data.length
              + " numbers.");
    }
    return matrix;
  }

  // ---- recording ----------------------------------------------------------------------------

  Variable record(Op op, Variable x) {
    enter(op); // before staged is touched: it is the owner's
    Variable[] inputs = staged[1];
    inputs[0] = x;
    return record(op, inputs);
  }

  Variable record(Op op, Variable a, Variable b) {
    enter(op);
    Variable[] inputs = staged[2];
    inputs[0] = a;
    inputs[1] = b;
    return record(op, inputs);
  }

  Variable record(Op op, Variable a, Variable b, Variable c) {
    enter(op);
    Variable[] inputs = staged[3];
    inputs[0] = a;
    inputs[1] = b;
    inputs[2] = c;
    return record(op, inputs);
  }

  /**
   * Applies any op to its operands.
   *
   * @param op the operation
   * @param inputs its operands, variables of this tape
   * @return the result
   */
  public Variable apply(Op op, Variable... inputs) {
    if ((op instanceof Op.Unary && inputs.length != 1)
        || (op instanceof Op.Binary && inputs.length != 2)) {
      throw new IllegalArgumentException(
          op.name()
              + ": takes "
              + (op instanceof Op.Unary ? "1 operand" : "2 operands")
              + ", got "
              + inputs.length
              + ".");
    }
    enter(op);
    return record(op, inputs);
  }

  private void enter(Op op) {
    if (closed || owner != Thread.currentThread()) {
      enter(op.name());
    }
  }

  /** The one place where an op is carried out and becomes a node. The array is not kept. */
  private Variable record(Op op, Variable[] inputs) {
    DMatrixRMaj[] values = operands(inputs.length);
    for (int k = 0; k < inputs.length; k++) {
      Variable input = inputs[k];
      if (input.tape != this || input.epoch != epoch) {
        require(op.name(), input); // its name is made only when there is something to say
      }
      if (input.lender != null) {
        requireUnchanged(input, input.lender);
        input.lender.settle(op.rowsRead(k));
      }
      values[k] = input.value;
    }
    DMatrixRMaj value = op.forward(workspace, values);
    Variable y = push(op, value, inputs.length);
    boolean tracked = false;
    boolean trains = false;
    boolean penalty = op.isPenalty();
    y.borrowed = !workspace.owns(value);
    for (int k = 0; k < inputs.length; k++) {
      Variable input = inputs[k];
      if (value == input.value) {
        y.borrowed = true;
        y.lender = input.lender;
        y.version = input.version;
      }
      if (!scratch) {
        y.inputs[k] = input;
        boolean passes = !op.blocks(k);
        tracked |= input.tracked && passes;
        trains |= input.trains && passes;
        penalty |= input.penalty;
      }
    }
    y.tracked = tracked;
    y.trains = trains;
    y.penalty = penalty;
    if (debug) {
      requireFinite(y);
    }
    return y;
  }

  /** An array for the values of so many operands, valid until the next op. */
  DMatrixRMaj[] operands(int arity) {
    return arity < CACHED_ARITIES ? operands[arity] : new DMatrixRMaj[arity];
  }

  /** Appends a node. The caller fills in inputs and flags; the buffer belongs to the tape. */
  private Variable push(@Nullable Op op, DMatrixRMaj value, int arity) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * size);
    }
    Variable node = nodes[size];
    if (node == null || !(recycling || (scratch && node.scratch)) || debug) {
      node = new Variable(this);
      nodes[size] = node;
    }
    node.occupy(size++, epoch, op, value, scratch);
    if (!scratch && node.inputs.length != arity) {
      node.inputs = new Variable[arity];
    }
    if (debug) {
      node.origin = origin();
    }
    return node;
  }

  /** A constant that stands for a matrix while a rule runs. */
  Variable view(DMatrixRMaj matrix) {
    Variable view = push(null, matrix, 0);
    view.borrowed = true;
    return view;
  }

  /** While this is on, results are forgotten again by {@link #truncate}. */
  void scratch(boolean on) {
    scratch = on;
  }

  /** Forgets the last nodes and takes their buffers back. */
  void truncate(int newSize) {
    while (size > newSize) {
      Variable node = nodes[--size];
      if (!node.borrowed) {
        workspace.release(node.value);
      }
      node.vacate();
    }
  }

  int size() {
    return size;
  }

  Variable node(int index) {
    return nodes[index];
  }

  Variable[] leaves() {
    return leaves;
  }

  int leafCount() {
    return leafCount;
  }

  boolean isDebug() {
    return debug;
  }

  // ---- differentiation ----------------------------------------------------------------------

  /**
   * The gradient of a scalar with respect to every trainable parameter and free variable on the
   * tape.
   *
   * @param output a 1×1 variable of this tape
   * @return the gradients, usable until {@link #reset()}
   * @throws ShapeException if the output is not 1×1
   * @throws IllegalStateException if a parameter was changed since it was read
   */
  public Gradients gradients(Variable output) {
    require("gradients", output);
    if (output.value.numRows != 1 || output.value.numCols != 1) {
      throw new ShapeException(
          "gradients: the output is "
              + output.shape()
              + " but must be 1×1. Reduce it with sum() or mean(), or pass a cotangent of shape "
              + output.shape()
              + ".");
    }
    return run(output, null);
  }

  /**
   * The gradient of {@code Σ cotangent ⊙ output}: one product with the transposed Jacobian.
   *
   * @param output any variable of this tape
   * @param cotangent the weights, in the output's shape; not changed
   * @return the gradients, usable until {@link #reset()}
   * @throws ShapeException if the cotangent has another shape
   */
  public Gradients gradients(Variable output, DMatrixRMaj cotangent) {
    require("gradients", output);
    Shape.requireSame("gradients (output, cotangent)", output.value, cotangent);
    return run(output, cotangent);
  }

  private Gradients run(Variable output, @Nullable DMatrixRMaj cotangent) {
    enter("gradients");
    if (!output.tracked) {
      throw new IllegalArgumentException(
          "gradients: no trainable parameter or free variable can be reached from "
              + output.describe()
              + ": "
              + CutPath.from(output).reason()
              + ".");
    }
    requireParametersUnchanged();
    Gradients gradients = sweep.run(output, cotangent);
    issued.add(gradients);
    return gradients;
  }

  /**
   * Gradients that can be differentiated again: the rules are recorded on this tape like any other
   * computation. See {@link Derivatives} for what is usually built from them.
   *
   * @param output a 1×1 variable of this tape
   * @param wrt what to differentiate by: tracked variables of this tape, leaves or not
   * @return one variable per entry of {@code wrt}, in its shape; zeros where the path is cut
   */
  public List<Variable> recordedGradients(Variable output, List<Variable> wrt) {
    require("recordedGradients", output);
    if (output.value.numRows != 1 || output.value.numCols != 1) {
      throw new ShapeException(
          "recordedGradients: the output is "
              + output.shape()
              + " but must be 1×1. Reduce it with sum() or mean(), or pass a cotangent.");
    }
    return recordedGradients(output, constant(1.0), wrt);
  }

  /**
   * The gradient of {@code Σ cotangent ⊙ output}, recorded; linear in the cotangent, which may
   * itself be differentiated by.
   *
   * @param output any variable of this tape
   * @param cotangent a variable of the output's shape
   * @param wrt what to differentiate by
   * @return one variable per entry of {@code wrt}, in its shape; zeros where the path is cut
   */
  public List<Variable> recordedGradients(Variable output, Variable cotangent, List<Variable> wrt) {
    enter("recordedGradients");
    require("recordedGradients", output);
    require("recordedGradients", cotangent);
    Shape.requireSame("recordedGradients (output, cotangent)", output.value, cotangent.value);
    requireDifferentiable("recordedGradients", wrt);
    requireParametersUnchanged();
    return new RecordedSweep(this).run(output, cotangent, wrt);
  }

  /** First-order gradients of {@code Σ ⟨output, cotangent⟩}; nothing stays on the tape. */
  List<DMatrixRMaj> gradientMatrices(
      String operation, List<Variable> outputs, List<DMatrixRMaj> cotangents, List<Variable> wrt) {
    enter(operation);
    for (int i = 0; i < outputs.size(); i++) {
      require(operation, outputs.get(i));
      Shape.requireSame(
          operation + " (output, cotangent)", outputs.get(i).value, cotangents.get(i));
    }
    requireDifferentiable(operation, wrt);
    requireParametersUnchanged();
    return sweep.run(outputs, cotangents, wrt);
  }

  /** Which of the first nodes are, or depend on, some variables. */
  boolean[] dependants(List<Variable> wrt, int end) {
    boolean[] wanted = new boolean[end];
    for (Variable variable : wrt) {
      if (variable.index < end) {
        wanted[variable.index] = true;
      }
    }
    for (int i = 0; i < end; i++) {
      Variable node = nodes[i];
      Op op = node.op;
      if (op != null && node.tracked) {
        for (int k = 0; k < node.inputs.length && !wanted[i]; k++) {
          wanted[i] = wanted[node.inputs[k].index] && !op.blocks(k);
        }
      }
    }
    return wanted;
  }

  private void requireDifferentiable(String operation, List<Variable> wrt) {
    for (Variable variable : wrt) {
      require(operation, variable);
      if (!variable.tracked) {
        throw new IllegalArgumentException(
            operation
                + ": "
                + variable.describe()
                + " cannot be differentiated by: "
                + CutPath.from(variable).reason()
                + ". Thaw the parameter, or make an input with tape.variable(…).");
      }
    }
  }

  private void requireParametersUnchanged() {
    parameters.forEach((parameter, leaf) -> requireUnchanged(leaf, parameter));
  }

  // ---- lifetime -----------------------------------------------------------------------------

  /**
   * Ends the step: its variables and gradients become unusable, and their buffers serve the next
   * step.
   */
  public void reset() {
    if (closed) {
      throw new IllegalStateException("reset: this tape has been closed. Create a new one.");
    }
    for (Gradients gradients : issued) {
      gradients.release(workspace, sparsePool);
    }
    issued.clear();
    truncate(0);
    parameters.clear();
    Arrays.fill(leaves, 0, leafCount, null);
    leafCount = 0;
    epoch++;
    owner = null;
    workspace.endStep();
  }

  /**
   * Ends the step and gives up all memory; the tape cannot be used again. Closing twice is fine.
   */
  @Override
  public void close() {
    if (!closed) {
      reset();
      closed = true;
      nodes = new Variable[0];
      workspace.forgetBuffers();
    }
  }

  /** Checks tape and thread before anything is recorded. */
  private void enter(String operation) {
    if (closed) {
      throw new IllegalStateException(
          operation + ": this tape has been closed. Create a new one with Tape.create().");
    }
    Thread current = Thread.currentThread();
    if (owner != current) {
      if (owner != null) {
        throw new IllegalStateException(
            operation
                + ": this tape is in use by thread \""
                + owner.getName()
                + "\" and was called from \""
                + current.getName()
                + "\" (one thread uses one tape between resets). Give each thread its own tape.");
      }
      owner = current;
    }
  }

  /** Refuses variables of another tape, and those of an earlier step. */
  void require(String operation, Variable x) {
    if (x.tape != this) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + x.describe()
              + " is on another tape (all operands must be on one). Make it with this tape, or pass"
              + " its value through constant(…).");
    }
    if (x.epoch != epoch || closed) {
      throw new IllegalStateException(
          operation
              + ": "
              + x.describe()
              + (closed
                  ? " is on a tape that has been closed."
                  : " belongs to a step that has ended (the tape was reset).")
              + " Compute it again, or copy what must outlive the step with toMatrix().");
    }
    if (x.lender != null) {
      requireUnchanged(x, x.lender);
    }
  }

  // ---- debugging ----------------------------------------------------------------------------

  private void requireFinite(Variable y) {
    double[] data = y.value.data;
    int cols = y.value.numCols;
    for (int i = 0; i < y.value.getNumElements(); i++) {
      if (!Double.isFinite(data[i])) {
        throw new ArithmeticException(
            (y.op == null ? "leaf" : y.op.name())
                + ": "
                + (scratch ? "in a rule of the reverse sweep, " : "")
                + "entry ("
                + i / cols
                + ", "
                + i % cols
                + ") of "
                + y.shape()
                + " is "
                + data[i]
                + "; made at "
                + y.origin
                + ".");
      }
    }
  }

  private static String origin() {
    Class<?> here = Tape.class;
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .filter(
                        frame ->
                            frame.getDeclaringClass().getProtectionDomain()
                                != here.getProtectionDomain())
                    .limit(3)
                    .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                    .collect(Collectors.joining(" < ")));
  }

  @Override
  public String toString() {
    return "tape with "
        + size
        + " variables"
        + (closed ? " (closed)" : debug ? " (debug)" : recycling ? " (recycling)" : "");
  }
}
