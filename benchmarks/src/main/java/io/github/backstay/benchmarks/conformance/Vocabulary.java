package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Axis;
import io.github.backstay.core.ClassWeights;
import io.github.backstay.core.CrossEntropyOptions;
import io.github.backstay.core.Ties;
import io.github.backstay.core.Triangle;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.regularizers.DiagonalL2;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.NuclearNorm;
import io.github.backstay.regularizers.Orthogonality;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.RowL2;
import io.github.backstay.regularizers.SpectralNorm;
import io.github.backstay.regularizers.SpectralNormSquared;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the name of every op means here: a function of operands and parameters, written with
 * Backstay's public operations. Immutable; may be shared between threads.
 */
final class Vocabulary {

  /** As many operands as are given, but at least one. */
  private static final int ANY = -1;

  private record Meaning(int operands, Function<Call, Variable> function) {}

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Map<String, Meaning> meanings = new TreeMap<>();
  private final Map<String, Function<Call, Penalty>> penalties = new TreeMap<>();

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
    op("leaky_relu", 1, c -> c.x().leakyRelu(c.number("slope", 0.01)));
    op("elu", 1, c -> c.x().elu(c.number("alpha", 1.0)));
    unary("erf", Variable::erf);
    unary("silu", Variable::silu);
    unary("softsign", Variable::softsign);
    op("gelu", 1, c -> gelu(c));
    op("softplus", 1, c -> c.x().softplus(c.number("beta", 1.0), c.number("threshold", 20.0)));
    op("clamp", 1, c -> c.x().clamp(c.number("min", -INFINITY), c.number("max", INFINITY)));
    op("hardtanh", 1, c -> c.x().hardTanh(c.number("min", -1.0), c.number("max", 1.0)));
    op("pow", 1, c -> c.x().power(c.number("exponent")));
    op("add_scalar", 1, c -> c.x().plus(c.number("value")));
    op("mul_scalar", 1, c -> c.x().scale(c.number("value")));
  }

  private void defineArithmetic() {
    binary("add", Variable::plus);
    binary("sub", Variable::minus);
    binary("mul", Variable::elementMult);
    binary("div", Variable::elementDiv);
    binary("pow_tensor", Variable::power);
    binary("maximum", Variable::maximum);
    binary("minimum", Variable::minimum);
    binary("hypot", Variable::hypot);
    binary("atan2", Variable::atan2);
    op("where", 3, c -> c.stretched(c.x()).where(c.stretched(c.y()), c.stretched(c.z())));
    op("constant", 0, c -> c.tape().constant(c.attrs().asMatrix()));
  }

  private void defineReductions() {
    op("sum", 1, c -> c.x().sum(c.axis()));
    op("mean", 1, c -> c.x().mean(c.axis()));
    op("prod", 1, c -> c.x().prod(c.axis()));
    op("max", 1, c -> c.x().max(c.axis(), ties(c.axis())));
    op("min", 1, c -> c.x().min(c.axis(), ties(c.axis())));
    op("amax", 1, c -> c.x().max(c.axis(), Ties.SHARED));
    op("amin", 1, c -> c.x().min(c.axis(), Ties.SHARED));
    op("var", 1, c -> c.x().var(c.axis(), c.attrs().integer("correction", 1)));
    op("std", 1, c -> c.x().std(c.axis(), c.attrs().integer("correction", 1)));
    op("norm", 1, c -> norm(c));
    op("cumsum", 1, c -> c.x().cumulativeSum(c.axis()));
    op("logsumexp", 1, c -> c.x().logSumExp(c.axis()));
    op("softmax", 1, c -> c.x().softmax(c.axis()));
    op("log_softmax", 1, c -> c.x().logSoftmax(c.axis()));
    op("layer_norm", 3, c -> layerNorm(c));
  }

  private void defineLinearAlgebra() {
    op("matmul", 2, c -> c.x().mult(c.y()));
    op("matmul_nt", 2, c -> c.x().multTransB(c.y()));
    op("matmul_tn", 2, c -> c.x().multTransA(c.y()));
    op("dot", 2, c -> c.x().dot(c.y()));
    unary("transpose", Variable::transpose);
    op("outer", 2, c -> c.x().outer(c.y()));
    unary("trace", x -> x.rows() == x.cols() ? x.trace() : x.diagonal().sum());
    unary("inverse", Variable::inverse);
    op("solve", 2, c -> c.x().solve(c.y()));
    op("solve_triangular", 2, c -> c.x().solveTriangular(c.y(), triangle(c)));
    unary("det", Variable::det);
    unary("logdet", Variable::logDet);
    op("slogdet", 1, c -> logAbsDet(c));
    unary("cholesky", Variable::cholesky);
    op("quadform", 2, c -> c.x().quadraticForm(c.y()));
    op("bilinear_form", 3, c -> c.x().bilinearForm(c.y(), c.z()));
  }

  private void defineIndexing() {
    op(
        "slice",
        1,
        c -> c.x().slice(c.integer("r0"), c.integer("r1"), c.integer("c0"), c.integer("c1")));
    op("hcat", ANY, c -> c.x().concatCols(c.others()));
    op("vcat", ANY, c -> c.x().concatRows(c.others()));
    op("stack_rows", ANY, c -> c.x().stackRows(c.others()));
    op("row", 1, c -> c.x().row(c.integer("index")));
    op("col", 1, c -> c.x().col(c.integer("index")));
    op("element", 1, c -> c.x().element(c.integer("row"), c.integer("col")));
    unary("diag", Variable::diag);
    unary("diagonal", Variable::diagonal);
    op("tril", 1, c -> c.x().tril(c.attrs().integer("k", 0)));
    op("triu", 1, c -> c.x().triu(c.attrs().integer("k", 0)));
    op("tile", 1, c -> c.x().tile(c.integer("rows"), c.integer("cols")));
    op("repeat_rows", 1, c -> c.x().repeatRows(c.integer("times")));
    op("pad", 1, c -> pad(c));
    op("reshape", 1, c -> c.x().reshape(c.integer("rows"), c.integer("cols")));
    op("broadcast_to", 1, c -> c.x().broadcastTo(c.integer("rows"), c.integer("cols")));
    op("gather_rows", 1, c -> gatherRows(c));
    op("gather_cols", 1, c -> c.x().gatherCols(c.indices("indices")));
    op("scatter_add_rows", 2, c -> c.x().scatterAddRows(c.y(), c.indices("indices")));
  }

  private void defineLosses() {
    op("mse_loss", 2, c -> Losses.squaredError(c.x(), c.y(), c.reduction()));
    op("l1_loss", 2, c -> Losses.absoluteError(c.x(), c.y(), c.reduction()));
    op(
        "smooth_l1_loss",
        2,
        c -> Losses.smoothL1(c.x(), c.y(), c.number("beta", 1.0), c.reduction()));
    op("huber_loss", 2, c -> Losses.huber(c.x(), c.y(), c.number("delta", 1.0), c.reduction()));
    op("bce_loss", 2, c -> Losses.binaryCrossEntropy(c.x(), c.y(), c.reduction()));
    op("bce_with_logits_loss", 2, c -> binaryCrossEntropyWithLogits(c));
    op("kl_div", 2, c -> klDivergence(c));
    op("nll_loss", 1, c -> negativeLogLikelihood(c));
    op("cross_entropy", 1, c -> crossEntropy(c));
    op(
        "cross_entropy_soft",
        2,
        c -> Losses.softCrossEntropy(c.x(), c.y(), c.classOptions(), c.reduction()));
    op("multi_margin_loss", 1, c -> multiMargin(c));
    op("hinge_loss", 2, c -> Losses.hinge(c.x(), c.y(), c.number("margin", 1.0), c.reduction()));
    op(
        "hinge_embedding_loss",
        2,
        c -> Losses.hingeEmbedding(c.x(), c.y(), c.number("margin", 1.0), c.reduction()));
    op("soft_margin_loss", 2, c -> Losses.softMargin(c.x(), c.y(), c.reduction()));
    op(
        "margin_ranking_loss",
        3,
        c -> Losses.marginRanking(c.x(), c.y(), c.z(), c.number("margin", 0.0), c.reduction()));
    op("cosine_similarity", 2, c -> Losses.cosineSimilarity(c.x(), c.y(), c.number("eps", 1e-8)));
    op(
        "cosine_embedding_loss",
        3,
        c -> Losses.cosineEmbedding(c.x(), c.y(), c.z(), c.number("margin", 0.0), c.reduction()));
    op("triplet_margin_loss", 3, c -> tripletMargin(c));
  }

  private void definePenalties() {
    penalty("l2", c -> new L2(c.number("lambda")));
    penalty("l1", c -> new L1(c.number("lambda")));
    penalty("elastic_net", c -> new ElasticNet(c.number("l1"), c.number("l2")));
    penalty("group_lasso", c -> groupLasso(c));
    penalty("orthogonality", c -> orthogonality(c));
    penalty("spectral_norm", c -> new SpectralNorm(c.number("lambda")));
    penalty("spectral_norm_squared", c -> new SpectralNormSquared(c.number("lambda")));
    penalty("nuclear_norm", c -> new NuclearNorm(c.number("lambda")));
    anchored("anchor_l2", 2, c -> new L2(c.number("lambda")));
    anchored("anchor_l1", 2, c -> new L1(c.number("lambda")));
    anchored("anchor_elastic_net", 2, c -> new ElasticNet(c.number("l1"), c.number("l2")));
    anchored("anchor_group_lasso", 2, c -> groupLasso(c));
    anchored("anchor_fisher", 3, c -> new DiagonalL2(c.number("lambda"), c.z().toMatrix()));
    anchored("anchor_l2_row_weights", 3, c -> new RowL2(c.number("lambda"), c.z().toMatrix()));
    op("l2_of_all", ANY, c -> sumOfAll(c, new L2(c.number("lambda"))));
    op("sum_of_squares", 1, c -> c.x().square().sum());
    op("norm_then_square", 2, c -> c.x().minus(c.y()).norm().square());
    op("norm_of_difference", 2, c -> c.x().minus(c.y()).norm());
    op("sqrt_of_sum_of_squares", 2, c -> c.x().minus(c.y()).square().sum().sqrt());
  }

  // ---- what takes more than a line ------------------------------------------------------------

  private static Variable gelu(Call c) {
    String approximate = c.attrs().text("approximate", "none");
    return switch (approximate) {
      case "none" -> c.x().gelu();
      case "tanh" -> c.x().geluTanh();
      default -> throw CaseException.unknown("approximation", approximate);
    };
  }

  /** PyTorch's {@code max} gives the gradient to the first entry, except over everything. */
  private static Ties ties(Axis axis) {
    return axis == Axis.ALL ? Ties.SHARED : Ties.FIRST;
  }

  /** PyTorch's norm for p = 0 counts the entries that are not 0. */
  private static Variable norm(Call c) {
    double p = c.number("p", 2.0);
    return p == 0.0 ? c.x().sign().abs().sum(c.axis()) : c.x().norm(c.axis(), p);
  }

  private static Variable layerNorm(Call c) {
    Variable y = c.x().standardize(Axis.ROWS, c.number("eps", 1e-5));
    return y.elementMult(c.y()).plus(c.z());
  }

  private static Triangle triangle(Call c) {
    return c.attrs().flag("upper", false) ? Triangle.UPPER : Triangle.LOWER;
  }

  /** The logarithm has no sign; where the case tells it, the determinant must have it. */
  private static Variable logAbsDet(Call c) {
    if (c.attrs().has("sign")) {
      double sign = Math.signum(c.x().detach().det().toDouble());
      if (sign != c.number("sign")) {
        throw CaseException.at(
            c.attrs().place("sign"), "the determinant has the sign " + sign + ".");
      }
    }
    return c.x().logAbsDet();
  }

  private static Variable pad(Call c) {
    return c.x()
        .pad(
            c.integer("left"),
            c.integer("right"),
            c.integer("top"),
            c.integer("bottom"),
            c.number("value"));
  }

  private static Variable gatherRows(Call c) {
    return c.attrs().has("padding_idx")
        ? c.x().gatherRows(c.indices("indices"), c.integer("padding_idx"))
        : c.x().gatherRows(c.indices("indices"));
  }

  private static Variable binaryCrossEntropyWithLogits(Call c) {
    ClassWeights positive = ClassWeights.EQUAL;
    if (c.attrs().has("pos_weight")) {
      double[] weights = c.attrs().numbers("pos_weight");
      if (weights.length == 1) { // stretched as PyTorch does
        double weight = weights[0];
        weights = new double[c.x().cols()];
        Arrays.fill(weights, weight);
      }
      positive = ClassWeights.of(weights);
    }
    return Losses.binaryCrossEntropyWithLogits(c.x(), c.y(), positive, c.reduction());
  }

  private static Variable klDivergence(Call c) {
    return c.attrs().flag("log_target", false)
        ? Losses.klDivergenceOfLogs(c.x(), c.y(), c.reduction())
        : Losses.klDivergence(c.x(), c.y(), c.reduction());
  }

  private static Variable negativeLogLikelihood(Call c) {
    CrossEntropyOptions options = c.classOptions().withIgnoredIndex(c.noClass());
    return Losses.negativeLogLikelihood(c.x(), c.targets(), options, c.reduction());
  }

  private static Variable crossEntropy(Call c) {
    CrossEntropyOptions options = c.classOptions().withIgnoredIndex(c.noClass());
    return Losses.crossEntropy(c.x(), c.targets(), options, c.reduction());
  }

  private static Variable multiMargin(Call c) {
    return Losses.multiMargin(
        c.x(),
        c.indices("target"),
        c.attrs().integer("p", 1),
        c.number("margin", 1.0),
        c.reduction());
  }

  private static Variable tripletMargin(Call c) {
    return Losses.tripletMargin(
        c.x(), c.y(), c.z(), c.number("margin", 1.0), c.number("eps", 1e-6), c.reduction());
  }

  private static Penalty groupLasso(Call c) {
    String name = c.attrs().text("groups");
    Groups groups =
        switch (name) {
          case "rows" -> Groups.ROWS;
          case "cols" -> Groups.COLS;
          case "all" -> Groups.ALL;
          default -> throw CaseException.unknown("kind of groups", name);
        };
    GroupLasso lasso = GroupLasso.of(c.number("lambda"), groups);
    return c.attrs().flag("sizeWeighted", false) ? lasso.withSizeWeights() : lasso;
  }

  private static Penalty orthogonality(Call c) {
    String name = c.attrs().text("side");
    Orthogonality.Side side =
        switch (name) {
          case "columns" -> Orthogonality.Side.COLUMNS;
          case "rows" -> Orthogonality.Side.ROWS;
          default -> throw CaseException.unknown("side", name);
        };
    return new Orthogonality(c.number("lambda"), side);
  }

  private static Variable sumOfAll(Call c, Penalty penalty) {
    Variable sum = penalty.of(c.x(), null);
    for (Variable more : c.others()) {
      sum = sum.plus(penalty.of(more, null));
    }
    return sum;
  }

  // ---- definitions ----------------------------------------------------------------------------

  private void penalty(String name, Function<Call, Penalty> penalty) {
    op(name, 1, c -> penalty.apply(c).of(c.x(), null));
    penalties.put(name, penalty);
  }

  private void anchored(String name, int operands, Function<Call, Penalty> penalty) {
    op(name, operands, c -> penalty.apply(c).of(c.x(), c.y()));
    penalties.put(name, penalty);
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

  /**
   * The penalty of an op that is one, for its gradient in closed form.
   *
   * @return null for other ops
   */
  @Nullable Penalty penalty(String name, Call call) {
    Function<Call, Penalty> penalty = penalties.get(name);
    return penalty == null ? null : penalty.apply(call);
  }

  /** The names of all ops. */
  Set<String> names() {
    return meanings.keySet();
  }

  /**
   * Applies an op.
   *
   * @param name its name
   * @param call its operands and parameters
   * @throws CaseException if there is no such op, the operands are too few or too many, or the
   *     parameters are not those of the op
   */
  Variable apply(String name, Call call) {
    Meaning meaning = meanings.get(name);
    if (meaning == null) {
      throw CaseException.unknown("op", name);
    }
    boolean fits =
        meaning.operands == ANY ? !call.args().isEmpty() : meaning.operands == call.args().size();
    if (!fits) {
      throw CaseException.at(
          "",
          "\""
              + name
              + "\" takes "
              + (meaning.operands == ANY ? "at least 1" : meaning.operands)
              + " operands, got "
              + call.args().size()
              + ".");
    }
    Variable result = meaning.function.apply(call);
    call.attrs().requireAllRead("\"" + name + "\"");
    return result;
  }
}
