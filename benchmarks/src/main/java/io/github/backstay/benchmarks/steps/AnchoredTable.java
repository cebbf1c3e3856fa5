package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W3: a table of vectors held where it was. Each text of a batch is the mean of the rows of its
 * tokens, then {@code σ(X·Hᵀ + 1·b)}, then {@code X·Oᵀ + 1·d}; softmax cross-entropy, its mean over
 * the texts, plus {@code strength/2·‖W − W₀‖²} over the whole table, where W₀ are its first values;
 * one step of Adam of the table, H, O and their biases, which start at 0. Step k takes batch k
 * modulo their number. The value is the loss with the penalty.
 *
 * <p>Tokens come from equally many rows however high the table is, spread evenly over it.
 *
 * @param height rows of the table
 * @param width columns of the table
 * @param length tokens per text
 * @param batches rows of the tokens of all texts of a batch, one text after the other
 * @param classes the class of each text of each batch
 * @param hidden H, first values
 * @param output O, first values
 * @param strength of the penalty
 * @param learningRate of Adam
 */
public record AnchoredTable(
    int height,
    int width,
    int length,
    List<Indices> batches,
    List<Indices> classes,
    DMatrixRMaj hidden,
    DMatrixRMaj output,
    double strength,
    double learningRate)
    implements Problem {

  private static final int BATCHES = 16;
  private static final int HIDDEN = 50;
  private static final int CLASSES = 2;

  /**
   * Copies the lists.
   *
   * @param height rows of the table
   * @param width columns of the table
   * @param length tokens per text
   * @param batches rows of the tokens of all texts of a batch
   * @param classes the class of each text of each batch
   * @param hidden H, first values
   * @param output O, first values
   * @param strength of the penalty
   * @param learningRate of Adam
   */
  public AnchoredTable {
    batches = List.copyOf(batches);
    classes = List.copyOf(classes);
  }

  /**
   * Draws texts and first weights.
   *
   * @param random where from
   * @param height rows of the table
   * @param width columns of the table
   * @param touched how many rows the texts use, at most {@code height}
   * @param texts how many in a batch
   * @param length tokens per text
   * @return the problem
   */
  public static AnchoredTable random(
      RandomGenerator random, int height, int width, int touched, int texts, int length) {
    List<Indices> batches = new ArrayList<>();
    List<Indices> classes = new ArrayList<>();
    int apart = height / touched;
    int used = 0;
    for (int b = 0; b < BATCHES; b++) {
      int[] rows = new int[texts * length];
      for (int k = 0; k < rows.length; k++) {
        // every row once, then at random
        rows[k] = apart * (used < touched ? used++ : random.nextInt(touched));
      }
      batches.add(Indices.of(rows));
      classes.add(Matrices.indices(random, texts, CLASSES));
    }
    return new AnchoredTable(
        height,
        width,
        length,
        batches,
        classes,
        Matrices.gaussian(random, HIDDEN, width, Math.sqrt(1.0 / width)),
        Matrices.gaussian(random, CLASSES, HIDDEN, Math.sqrt(1.0 / HIDDEN)),
        1e-3,
        1e-3);
  }

  /**
   * The table's first values, W₀: made anew, so that whoever asks may keep them and write to them.
   *
   * @return height×width, the same numbers in every call, uniform from −½ to ½
   */
  public DMatrixRMaj table() {
    DMatrixRMaj table = new DMatrixRMaj(height, width);
    long state = 42;
    for (int i = 0; i < table.data.length; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      table.data[i] = (state >>> 11) * 0x1p-53 - 0.5;
    }
    return table;
  }

  /**
   * How many texts a batch has.
   *
   * @return the same for every batch
   */
  public int texts() {
    return classes.get(0).size();
  }

  @Override
  public String description() {
    return "anchored embedding "
        + height
        + "×"
        + width
        + ", "
        + texts()
        + "×"
        + length
        + " tokens, Adam";
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.anchoredTable(this, threads);
  }
}
