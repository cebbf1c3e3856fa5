package io.github.backstay.benchmarks.conformance;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Attention;
import io.github.backstay.nn.AveragingEncoder;
import io.github.backstay.nn.BatchNorm;
import io.github.backstay.nn.ChildSumTreeLstm;
import io.github.backstay.nn.Direction;
import io.github.backstay.nn.Dropout;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Gru;
import io.github.backstay.nn.GruCell;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.LayerNorm;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Lstm;
import io.github.backstay.nn.LstmCell;
import io.github.backstay.nn.LstmState;
import io.github.backstay.nn.MultiHeadAttention;
import io.github.backstay.nn.NaryTreeLstm;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Recurrent;
import io.github.backstay.nn.RecurrentCell;
import io.github.backstay.nn.Rnn;
import io.github.backstay.nn.RnnCell;
import io.github.backstay.nn.Texts;
import io.github.backstay.nn.Tree;
import io.github.backstay.nn.TreeLstm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A layer with explicit parameters: its outputs, and the gradients under several cotangents at
 * once. The layers are Backstay's modules, whose parameters take the values of the case.
 */
final class LayerRunner implements Runner {

  private static final int MOST_LAYERS = 100;

  private final Map<String, Consumer<Wiring>> layers = new TreeMap<>();

  LayerRunner() {
    layers.put("linear", w -> w.output("y", linear(w, w.input("x"), "weight", "bias")));
    layers.put("tied_autoencoder", LayerRunner::tiedAutoencoder);
    layers.put("mlp", LayerRunner::mlp);
    layers.put("embedding", LayerRunner::embedding);
    layers.put("embedding_bag", LayerRunner::embeddingBag);
    layers.put("dan", LayerRunner::averagingNetwork);
    layers.put("layer_norm", LayerRunner::layerNorm);
    layers.put("batch_norm_1d", LayerRunner::batchNorm);
    layers.put("dropout", LayerRunner::dropout);
    layers.put("dropout_given_mask", LayerRunner::dropoutWithMask);
    layers.put("rnn_cell", LayerRunner::rnnCell);
    layers.put("gru_cell", LayerRunner::gruCell);
    layers.put("lstm_cell", LayerRunner::lstmCell);
    layers.put("rnn_sequence", LayerRunner::rnn);
    layers.put("gru_sequence", LayerRunner::gru);
    layers.put("lstm_sequence", LayerRunner::lstm);
    layers.put("scaled_dot_product_attention", LayerRunner::attention);
    layers.put("multihead_attention", LayerRunner::multiHeadAttention);
    layers.put("self_attention_residual_norm", LayerRunner::selfAttention);
    layers.put("child_sum_tree_lstm", LayerRunner::childSumTreeLstm);
    layers.put("binary_tree_lstm", LayerRunner::binaryTreeLstm);
  }

  @Override
  public void run(Case reference, Comparison check) {
    Consumer<Wiring> layer = layers.get(reference.op());
    if (layer == null) {
      throw CaseException.unknown("layer", reference.op());
    }
    Fields fields = reference.fields();
    Fields attrs = reference.attrs();
    try (Tape tape = Tape.create()) {
      Wiring wiring = new Wiring(tape, attrs, reference.inputs("inputs"));
      layer.accept(wiring);
      attrs.requireAllRead("\"" + reference.op() + "\"");
      wiring.compare(
          check, fields.object("outputs"), fields.object("upstreams"), fields.object("grads"));
    }
  }

  /** Draws the first values, which are then replaced. */
  private static RandomGenerator random() {
    return new Random(0);
  }

  private static boolean hasBias(Wiring w) {
    return w.attrs().flag("bias", true);
  }

  // ---- dense layers -------------------------------------------------------------------------

  private static Variable linear(Wiring w, Variable x, String weight, String bias) {
    Linear linear;
    if (hasBias(w)) {
      linear = new Linear(w.value(weight), w.value(bias));
      w.set(Objects.requireNonNull(linear.bias()), bias);
    } else {
      var shape = w.value(weight);
      linear = Linear.withoutBias(shape.numCols, shape.numRows, Initializer.zeros(), random());
    }
    w.set(linear.weight(), weight);
    return linear.forward(x, Pass.evaluation());
  }

  private static void tiedAutoencoder(Wiring w) {
    Linear encoder = new Linear(w.value("weight"), w.value("b_enc"));
    w.set(encoder.weight(), "weight");
    w.set(Objects.requireNonNull(encoder.bias()), "b_enc");
    Variable code = encoder.forward(w.input("x"), Pass.evaluation()).tanh();
    w.output("y", code.mult(encoder.weight().on(w.tape())).plus(w.input("b_dec")));
  }

  private static void mlp(Wiring w) {
    UnaryOperator<Variable> activation = function(w.attrs().text("activation"));
    int layers = w.attrs().integer("layers");
    Variable x = w.input("x");
    for (int i = 0; i < layers; i++) {
      x = linear(w, x, "w" + i, "b" + i);
      x = i + 1 < layers ? activation.apply(x) : x;
    }
    w.output("y", x);
  }

  private static UnaryOperator<Variable> function(String name) {
    return switch (name) {
      case "tanh" -> Variable::tanh;
      case "sigmoid" -> Variable::sigmoid;
      case "relu" -> Variable::relu;
      case "silu" -> Variable::silu;
      case "gelu" -> Variable::gelu;
      case "softplus" -> Variable::softplus;
      case "identity" -> x -> x;
      case "elu" -> x -> x.elu(1.0);
      case "leaky_relu" -> x -> x.leakyRelu(0.01);
      case "log_sigmoid" -> Variable::logSigmoid;
      case "softsign" -> Variable::softsign;
      case "sin" -> Variable::sin;
      case "cos" -> Variable::cos;
      case "erf" -> Variable::erf;
      case "abs" -> Variable::abs;
      default -> throw CaseException.unknown("activation", name);
    };
  }

  // ---- tables of vectors --------------------------------------------------------------------

  private static void embedding(Wiring w) {
    Fields attrs = w.attrs();
    Embedding embedding =
        attrs.has("padding_idx")
            ? Embedding.padded(w.value("weight"), attrs.integer("padding_idx"))
            : new Embedding(w.value("weight"));
    w.set(embedding.weight(), "weight");
    w.output("y", embedding.lookUp(w.tape(), Indices.of(attrs.integers("indices"))));
  }

  private static Texts bags(Wiring w) {
    return Texts.of(w.attrs().integerLists("bags").toArray(int[][]::new));
  }

  private static void embeddingBag(Wiring w) {
    Embedding embedding = new Embedding(w.value("weight"));
    w.set(embedding.weight(), "weight");
    Indices tokens = bags(w).tokens();
    Indices ends = bags(w).ends();
    String mode = w.attrs().text("mode");
    w.output(
        "y",
        switch (mode) {
          case "mean" -> embedding.lookUpMean(w.tape(), tokens, ends);
          case "sum" -> embedding.lookUpSum(w.tape(), tokens, ends);
          case "max" -> embedding.lookUpMax(w.tape(), tokens, ends);
          default -> throw CaseException.unknown("mode", mode);
        });
  }

  private static void averagingNetwork(Wiring w) {
    Embedding embedding = new Embedding(w.value("embedding"));
    w.set(embedding.weight(), "embedding");
    int width = w.value("w1").numRows;
    AveragingEncoder encoder =
        AveragingEncoder.deep(embedding, 1, width, Activation.SIGMOID, random());
    w.set(encoder.parameters().get(1), "w1");
    w.set(encoder.parameters().get(2), "b1");
    Variable hidden = encoder.encode(w.tape(), bags(w), Pass.evaluation());
    w.output("logits", linear(w, hidden, "w2", "b2"));
  }

  // ---- norms and dropout --------------------------------------------------------------------

  private static void layerNorm(Wiring w) {
    Variable x = w.input("x");
    double epsilon = w.attrs().number("eps", 1e-5);
    LayerNorm norm;
    if (w.attrs().flag("affine", true)) {
      norm = new LayerNorm(x.cols(), epsilon);
      w.set(Objects.requireNonNull(norm.weight()), "weight");
      w.set(Objects.requireNonNull(norm.bias()), "bias");
    } else {
      norm = LayerNorm.withoutAffine(x.cols(), epsilon);
    }
    w.output("y", norm.forward(x, Pass.evaluation()));
  }

  private static void batchNorm(Wiring w) {
    Fields attrs = w.attrs();
    BatchNorm.Options options = BatchNorm.Options.standard().withEpsilon(attrs.number("eps", 1e-5));
    if (attrs.has("momentum")) {
      options = options.withMomentum(attrs.number("momentum"));
    } else if (attrs.names().contains("momentum")) { // null; without any it is the standard one
      options = options.withPlainAverage();
    }
    boolean affine = attrs.flag("affine", true);
    BatchNorm norm =
        new BatchNorm(w.value("x0").numCols, affine ? options : options.withoutAffine());
    if (affine) {
      w.set(Objects.requireNonNull(norm.weight()), "weight");
      w.set(Objects.requireNonNull(norm.bias()), "bias");
    }
    norm.runningMean().set(w.value("running_mean"));
    norm.runningVar().set(w.value("running_var"));
    for (int i = 0; i < 2; i++) {
      w.output("y" + i, norm.forward(w.input("x" + i), Pass.training(random())));
      w.output("running_mean" + i, norm.runningMean().toMatrix());
      w.output("running_var" + i, norm.runningVar().toMatrix());
    }
    w.output("y2", norm.forward(w.input("x2"), Pass.evaluation()));
  }

  private static void dropout(Wiring w) {
    boolean training = w.attrs().flag("training", true);
    Pass pass = training ? Pass.training(random()) : Pass.evaluation();
    w.output("y", new Dropout(w.attrs().number("p")).forward(w.input("x"), pass));
  }

  private static void dropoutWithMask(Wiring w) {
    Dropout dropout = new Dropout(w.attrs().number("p"));
    w.output("y", dropout.forward(w.input("x"), w.value("mask")));
  }

  // ---- recurrent layers ---------------------------------------------------------------------

  @CanIgnoreReturnValue
  private static <C extends RecurrentCell<?>> C wired(Wiring w, C cell, String suffix) {
    w.set(cell.weightIh(), "weight_ih" + suffix);
    w.set(cell.weightHh(), "weight_hh" + suffix);
    if (cell.biasIh() != null && cell.biasHh() != null) {
      w.set(cell.biasIh(), "bias_ih" + suffix);
      w.set(cell.biasHh(), "bias_hh" + suffix);
    }
    return cell;
  }

  /** No module is made larger than the weights that it is to take. */
  private static int hidden(Wiring w) {
    String weight = w.has("weight_hh") ? "weight_hh" : "weight_hh_l0";
    return w.attrs().count("hidden", w.value(weight).numCols);
  }

  private static RnnCell newRnnCell(Wiring w, int in) {
    int hidden = hidden(w);
    String nonlinearity = w.attrs().text("nonlinearity", "tanh");
    Activation activation =
        switch (nonlinearity) {
          case "tanh" -> Activation.TANH;
          case "relu" -> Activation.RELU;
          default -> throw CaseException.unknown("nonlinearity", nonlinearity);
        };
    return hasBias(w)
        ? new RnnCell(in, hidden, activation, random())
        : RnnCell.withoutBias(in, hidden, activation, random());
  }

  private static GruCell newGruCell(Wiring w, int in) {
    int hidden = hidden(w);
    return hasBias(w)
        ? new GruCell(in, hidden, random())
        : GruCell.withoutBias(in, hidden, random());
  }

  private static LstmCell newLstmCell(Wiring w, int in) {
    int hidden = hidden(w);
    return hasBias(w)
        ? new LstmCell(in, hidden, random())
        : LstmCell.withoutBias(in, hidden, random());
  }

  private static void rnnCell(Wiring w) {
    RnnCell cell = wired(w, newRnnCell(w, w.value("x").numCols), "");
    w.output("h_next", cell.step(w.input("x"), w.input("h")));
  }

  private static void gruCell(Wiring w) {
    GruCell cell = wired(w, newGruCell(w, w.value("x").numCols), "");
    w.output("h_next", cell.step(w.input("x"), w.input("h")));
  }

  private static void lstmCell(Wiring w) {
    LstmCell cell = wired(w, newLstmCell(w, w.value("x").numCols), "");
    LstmState next = cell.step(w.input("x"), new LstmState(w.input("h"), w.input("c")));
    w.output("h_next", next.hidden());
    w.output("c_next", next.memory());
  }

  private static Direction direction(Wiring w) {
    return w.attrs().flag("bidirectional", false) ? Direction.BOTH : Direction.FORWARD;
  }

  private static void rnn(Wiring w) {
    int layers = w.attrs().count("layers", MOST_LAYERS);
    int in = w.value("x0").numCols;
    sequence(w, new Rnn(in, layers, direction(w), width -> newRnnCell(w, width)));
  }

  private static void gru(Wiring w) {
    int layers = w.attrs().count("layers", MOST_LAYERS);
    int in = w.value("x0").numCols;
    sequence(w, new Gru(in, layers, direction(w), width -> newGruCell(w, width)));
  }

  private static void sequence(Wiring w, Recurrent<Variable> network) {
    List<Variable> initial = new ArrayList<>();
    for (int i = 0; i < network.cells().size(); i++) {
      initial.add(w.input("h0_" + i));
    }
    Recurrent.Result<Variable> result = read(w, network, initial);
    for (int i = 0; i < initial.size(); i++) {
      w.output("hn_" + i, result.states().get(i));
    }
  }

  private static void lstm(Wiring w) {
    int layers = w.attrs().count("layers", MOST_LAYERS);
    int in = w.value("x0").numCols;
    Lstm network = new Lstm(in, layers, direction(w), width -> newLstmCell(w, width));
    List<LstmState> initial = new ArrayList<>();
    for (int i = 0; i < network.cells().size(); i++) {
      initial.add(new LstmState(w.input("h0_" + i), w.input("c0_" + i)));
    }
    Recurrent.Result<LstmState> result = read(w, network, initial);
    for (int i = 0; i < initial.size(); i++) {
      w.output("hn_" + i, result.states().get(i).hidden());
      w.output("cn_" + i, result.states().get(i).memory());
    }
  }

  private static <S> Recurrent.Result<S> read(Wiring w, Recurrent<S> network, List<S> initial) {
    int directions = direction(w) == Direction.BOTH ? 2 : 1;
    for (int i = 0; i < network.cells().size(); i++) {
      String suffix = "_l" + i / directions + (i % directions == 0 ? "" : "_reverse");
      wired(w, network.cells().get(i), suffix);
    }
    List<Variable> steps = new ArrayList<>();
    for (int t = 0; t < w.attrs().integer("steps"); t++) {
      steps.add(w.input("x" + t));
    }
    Recurrent.Result<S> result = network.forward(steps, initial);
    for (int t = 0; t < steps.size(); t++) {
      w.output("y" + t, result.outputs().get(t));
    }
    return result;
  }

  // ---- attention ----------------------------------------------------------------------------

  private static @Nullable Variable mask(Wiring w, int queries, int keys) {
    return w.attrs().flag("causal", false) ? Attention.causalMask(w.tape(), queries, keys) : null;
  }

  private static void attention(Wiring w) {
    Variable q = w.input("q");
    Variable k = w.input("k");
    Attention found = Attention.scaledDotProduct(q, k, w.input("v"), mask(w, q.rows(), k.rows()));
    w.output("y", found.output());
    w.output("weights", found.weights());
  }

  private static MultiHeadAttention newMultiHeadAttention(Wiring w, int width) {
    MultiHeadAttention attention =
        new MultiHeadAttention(width, w.attrs().integer("heads"), random());
    w.set(attention.weightIn(), "in_proj_weight");
    w.set(attention.weightOut(), "out_weight");
    if (hasBias(w)) { // else they stay 0
      w.set(attention.biasIn(), "in_proj_bias");
      w.set(attention.biasOut(), "out_bias");
    }
    return attention;
  }

  private static void multiHeadAttention(Wiring w) {
    Variable query = w.input("query");
    Variable key = w.input("key");
    MultiHeadAttention.Result found =
        newMultiHeadAttention(w, query.cols())
            .forward(query, key, w.input("value"), mask(w, query.rows(), key.rows()));
    w.output("y", found.output());
    w.output("weights", found.meanWeights());
  }

  private static void selfAttention(Wiring w) {
    Variable x = w.input("x");
    Variable found =
        newMultiHeadAttention(w, x.cols()).forward(x, mask(w, x.rows(), x.rows())).output();
    LayerNorm norm = LayerNorm.withoutAffine(x.cols(), w.attrs().number("eps", 1e-5));
    w.output("y", norm.forward(x.plus(found), Pass.evaluation()));
  }

  // ---- trees --------------------------------------------------------------------------------

  private static void childSumTreeLstm(Wiring w) {
    int hidden = w.attrs().count("hidden", w.value("w_i").numRows);
    ChildSumTreeLstm network = new ChildSumTreeLstm(w.value("w_i").numCols, hidden, random());
    w.setBelow(network.weightIh(), "w_i", "w_f", "w_u", "w_o");
    w.setBelow(network.weightHh(), "u_i", "u_f", "u_u", "u_o");
    w.set(network.bias(), List.of(List.of("b_i", "b_f", "b_u", "b_o")));
    tree(w, network);
  }

  private static void binaryTreeLstm(Wiring w) {
    int hidden = w.attrs().count("hidden", w.value("w_i").numRows);
    NaryTreeLstm network = NaryTreeLstm.binary(w.value("w_i").numCols, hidden, random());
    w.setBelow(network.weightIh(), "w_i", "w_f", "w_u", "w_o");
    w.set(
        network.weightHh(),
        List.of(
            List.of("u_i_l", "u_i_r"),
            List.of("u_f_ll", "u_f_lr"),
            List.of("u_f_rl", "u_f_rr"),
            List.of("u_u_l", "u_u_r"),
            List.of("u_o_l", "u_o_r")));
    w.set(network.bias(), List.of(List.of("b_i", "b_f", "b_u", "b_o")));
    tree(w, network);
  }

  private static void tree(Wiring w, TreeLstm network) {
    Tree tree = Tree.of(w.attrs().integerLists("children").toArray(int[][]::new));
    if (w.attrs().has("roots") && !tree.roots().equals(Indices.of(w.attrs().integers("roots")))) {
      throw CaseException.at(w.attrs().place("roots"), "the tree has " + tree.roots() + ".");
    }
    List<Variable> rows = new ArrayList<>();
    List<Integer> nodes = new ArrayList<>();
    List<@Nullable String> names = w.attrs().textsOrNulls("xOnNodes");
    if (names.size() != tree.size()) {
      throw CaseException.at(
          w.attrs().place("xOnNodes"),
          "has " + names.size() + " entries, the tree has " + tree.size() + " nodes.");
    }
    for (int node = 0; node < names.size(); node++) {
      String name = names.get(node);
      if (name != null) {
        rows.add(w.input(name));
        nodes.add(node);
      }
    }
    Variable x =
        rows.isEmpty()
            ? w.tape().zeros(0, network.weightIh().cols())
            : rows.get(0).concatRows(rows.subList(1, rows.size()).toArray(Variable[]::new));
    int[] places = nodes.stream().mapToInt(Integer::intValue).toArray();
    LstmState state = network.forward(tree, x, Indices.of(places));
    for (int node = 0; node < tree.size(); node++) {
      w.output("h" + node, state.hidden().row(node));
      w.output("c" + node, state.memory().row(node));
    }
  }
}
