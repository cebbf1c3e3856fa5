package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.L2;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What the name of every op means here: a function of operands and parameters, written with
 * Backstay's public operations. Immutable; may be shared between threads.
 */
final class Vocabulary {

  /** As many operands as are given, but at least one. */
  private static final int ANY = -1;

  private record Meaning(int operands, Function<Call, Variable> function) {}

  private final Map<String, Meaning> meanings = new TreeMap<>();

  Vocabulary() {
    defineFunctions();
    defineArithmetic();
    defineReductions();
    defineLinearAlgebra();
    defineIndexing();
    defineLosses();
    definePenalties();
  }

  private void defineFunctions() {
    unary("identity", x -> x);
    unary("detach", Variable::detach);
    unary("neg", Variable::negative);
    unary("exp", Variable::exp);
    unary("expm1", Variable::expm1);
    unary("log", Variable::log);
    unary("log1p", Variable::log1p);
    unary("sqrt", Variable::sqrt);
    unary("square", Variable::square);
    unary("reciprocal", Variable::reciprocal);
    unary("sin", Variable::sin);
    unary("cos", Variable::cos);
    unary("abs", Variable::abs);
    unary("sign", Variable::sign);
    unary("tanh", Variable::tanh);
    unary("sigmoid", Variable::sigmoid);
    unary("relu", Variable::relu);
    unary("log_sigmoid", Variable::logSigmoid);
    op("leaky_relu", 1, c -> c.x().leakyRelu(c.number("slope")));
    op("elu", 1, c -> c.x().elu(c.number("alpha")));
    op("pow", 1, c -> c.x().power(c.number("exponent")));
    op("add_scalar", 1, c -> c.x().plus(c.number("value")));
    op("mul_scalar", 1, c -> c.x().scale(c.number("value")));
  }

  private void defineArithmetic() {
    binary("add", Variable::plus);
    binary("sub", Variable::minus);
    binary("mul", Variable::elementMult);
    binary("div", Variable::elementDiv);
    op("where", 3, c -> c.stretched(c.x()).where(c.stretched(c.y()), c.stretched(c.z())));
    op("constant", 0, c -> c.tape().constant(c.attrs().asMatrix()));
  }

  private void defineReductions() {
    op("sum", 1, c -> c.x().sum(c.axis()));
    op("mean", 1, c -> c.x().mean(c.axis()));
    op("logsumexp", 1, c -> c.x().logSumExp(c.axis()));
    op("softmax", 1, c -> c.x().softmax(c.axis()));
    op("log_softmax", 1, c -> c.x().logSoftmax(c.axis()));
  }

  private void defineLinearAlgebra() {
    op("matmul", 2, c -> c.x().mult(c.y()));
    op("matmul_nt", 2, c -> c.x().multTransB(c.y()));
    op("matmul_tn", 2, c -> c.x().multTransA(c.y()));
    op("dot", 2, c -> c.x().dot(c.y()));
    unary("transpose", Variable::transpose);
  }

  private void defineIndexing() {
    op(
        "slice",
        1,
        c -> c.x().slice(c.integer("r0"), c.integer("r1"), c.integer("c0"), c.integer("c1")));
    op("hcat", ANY, c -> c.x().concatCols(c.others()));
    op("vcat", ANY, c -> c.x().concatRows(c.others()));
    op("stack_rows", ANY, c -> c.x().concatRows(c.others()));
    op("reshape", 1, c -> c.x().reshape(c.integer("rows"), c.integer("cols")));
    op("broadcast_to", 1, c -> c.x().broadcastTo(c.integer("rows"), c.integer("cols")));
    op("gather_rows", 1, c -> c.x().gatherRows(c.indices("indices")));
  }

  private void defineLosses() {}

  private void definePenalties() {
    op("l2", 1, c -> new L2(c.number("lambda")).of(c.x(), null));
    op("anchor_l2", 2, c -> new L2(c.number("lambda")).of(c.x(), c.y()));
  }

  private void unary(String name, UnaryOperator<Variable> function) {
    op(name, 1, c -> function.apply(c.x()));
  }

  private void binary(String name, BinaryOperator<Variable> function) {
    op(name, 2, c -> c.stretched(function));
  }

  private void op(String name, int operands, Function<Call, Variable> function) {
    if (meanings.put(name, new Meaning(operands, function)) != null) {
      throw new IllegalStateException("vocabulary: \"" + name + "\" is defined twice.");
    }
  }

  /** The names of all ops. */
  Set<String> names() {
    return meanings.keySet();
  }

  /**
   * Applies an op.
   *
   * @param name its name
   * @param tape where the result goes
   * @param args its operands
   * @param attrs its parameters
   * @throws CaseException if there is no such op, the operands are too few or too many, or the
   *     parameters are not those of the op
   */
  Variable apply(String name, Tape tape, List<Variable> args, Fields attrs) {
    Meaning meaning = meanings.get(name);
    if (meaning == null) {
      throw CaseException.unknown("op", name);
    }
    boolean fits = meaning.operands == ANY ? !args.isEmpty() : meaning.operands == args.size();
    if (!fits) {
      throw CaseException.at(
          "",
          "\""
              + name
              + "\" takes "
              + (meaning.operands == ANY ? "at least 1" : meaning.operands)
              + " operands, got "
              + args.size()
              + ".");
    }
    Variable result = meaning.function.apply(new Call(tape, args, attrs));
    attrs.requireAllRead("\"" + name + "\"");
    return result;
  }
}
