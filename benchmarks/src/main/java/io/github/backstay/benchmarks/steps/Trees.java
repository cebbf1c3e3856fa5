package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W4: a Child-Sum Tree-LSTM (Tai et al. 2015, equations 2 to 8) over trees of irregular shape. With
 * h̃ the sum of the children's hidden states, the gates i, f, u, o below one another in both
 * weights and beside one another in the bias:
 *
 * <pre>
 * i = σ(W_i·x + U_i·h̃ + b_i)      o = σ(W_o·x + U_o·h̃ + b_o)
 * u = tanh(W_u·x + U_u·h̃ + b_u)   f_k = σ(W_f·x + U_f·h_k + b_f) for every child k
 * c = i ⊙ u + Σ f_k ⊙ c_k         h = o ⊙ tanh(c)
 * </pre>
 *
 * <p>Then {@code h·Oᵀ + d} at the root; softmax cross-entropy, its mean over the trees; one step of
 * Adam along the gradient of all trees. Biases start at 0. The value is the loss.
 *
 * @param trees the trees, each with one root, which is its last node
 * @param inputs x of every node of each tree, nodes×in
 * @param classes the class of each tree
 * @param weightIh W, (4·hidden)×in
 * @param weightHh U, (4·hidden)×hidden
 * @param output O, classes×hidden
 * @param learningRate of Adam
 */
public record Trees(
    List<Tree> trees,
    List<DMatrixRMaj> inputs,
    Indices classes,
    DMatrixRMaj weightIh,
    DMatrixRMaj weightHh,
    DMatrixRMaj output,
    double learningRate)
    implements Problem {

  private static final int CLASSES = 5;
  private static final int FARTHEST = 6;

  /**
   * Copies the lists.
   *
   * @param trees the trees
   * @param inputs x of every node of each tree
   * @param classes the class of each tree
   * @param weightIh W, (4·hidden)×in
   * @param weightHh U, (4·hidden)×hidden
   * @param output O, classes×hidden
   * @param learningRate of Adam
   */
  public Trees {
    trees = List.copyOf(trees);
    inputs = List.copyOf(inputs);
  }

  /**
   * Draws trees, inputs and first weights.
   *
   * @param random where from
   * @param count how many trees
   * @param nodes how many nodes a tree has on average, at least 2
   * @param in columns of the inputs
   * @param hidden columns of the states
   * @return the problem
   */
  public static Trees random(RandomGenerator random, int count, int nodes, int in, int hidden) {
    List<Tree> trees = new ArrayList<>();
    List<DMatrixRMaj> inputs = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      int size = nodes - nodes / 2 + random.nextInt(2 * (nodes / 2) + 1);
      trees.add(tree(random, size));
      inputs.add(Matrices.gaussian(random, size, in, 1.0));
    }
    return new Trees(
        trees,
        inputs,
        Matrices.indices(random, count, CLASSES),
        Matrices.gaussian(random, 4 * hidden, in, Math.sqrt(1.0 / in)),
        Matrices.gaussian(random, 4 * hidden, hidden, Math.sqrt(1.0 / hidden)),
        Matrices.gaussian(random, CLASSES, hidden, Math.sqrt(1.0 / hidden)),
        1e-3);
  }

  /** Hangs every node under one of the next few. */
  private static Tree tree(RandomGenerator random, int size) {
    List<List<Integer>> children = new ArrayList<>();
    for (int node = 0; node < size; node++) {
      children.add(new ArrayList<>());
    }
    for (int node = 0; node < size - 1; node++) {
      int last = Math.min(size - 1, node + FARTHEST);
      children.get(random.nextInt(node + 1, last + 1)).add(node);
    }
    return Tree.of(
        children.stream()
            .map(below -> below.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new));
  }

  /**
   * The width of the states.
   *
   * @return columns of weightHh
   */
  public int hidden() {
    return weightHh.numCols;
  }

  @Override
  public String description() {
    int nodes = trees.stream().mapToInt(Tree::size).sum();
    return trees.size()
        + " Child-Sum trees, "
        + nodes
        + " nodes, "
        + weightIh.numCols
        + "/"
        + hidden()
        + ", Adam";
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.trees(this, threads);
  }
}
