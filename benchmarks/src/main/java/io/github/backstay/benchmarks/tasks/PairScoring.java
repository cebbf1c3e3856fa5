package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.Correlation;
import io.github.backstay.benchmarks.training.Batch;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Workers;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.nn.PairHead;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.RatingScale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * What two sentences have to do with each other, by one encoder for both and a {@link PairHead}:
 * how similar they are, with the Kullback–Leibler divergence of {@link RatingScale} for a loss, or
 * what follows from what, with the cross-entropy; means over the pairs, and of the divergence over
 * the five ratings too, as in the program of Wieting et al. (2016).
 */
final class PairScoring extends TextTask<PairHead> {

  private static final int AT_ONCE = 100;
  private static final int JUDGMENTS = 3;
  private static final RatingScale SCALE = new RatingScale(5);

  private final boolean similarity;
  private final RatedPairs train;
  private final Map<Part, RatedPairs> parts;

  /** A task with a new model. */
  PairScoring(
      Network network,
      boolean similarity,
      DMatrixRMaj table,
      int hidden,
      RatedPairs train,
      Map<Part, RatedPairs> parts,
      long seed) {
    super(
        network,
        table,
        (in, random) -> new PairHead(in, hidden, similarity ? SCALE.highest() : JUDGMENTS, random),
        seed);
    this.similarity = similarity;
    this.train = train;
    this.parts = parts;
  }

  @Override
  public int size() {
    return train.size();
  }

  /** One row per pair. */
  private Variable logits(Tape tape, TextPairs pairs, Pass pass) {
    Variable vectors = encode(tape, pairs.all(), pass);
    int count = pairs.size();
    return output()
        .forward(
            vectors.slice(0, count, 0, vectors.cols()),
            vectors.slice(count, 2 * count, 0, vectors.cols()));
  }

  @Override
  public Batch batch(int[] examples, Workers workers, RandomGenerator random) {
    RatedPairs chosen = train.choose(examples);
    return new Batch() {
      @Override
      public int size() {
        return chosen.size();
      }

      @Override
      public Variable loss(Tape tape, int from, int to, Pass pass) {
        RatedPairs some = chosen.range(from, to);
        Variable logits = logits(tape, some.pairs(), pass);
        return similarity
            ? SCALE.loss(logits, some.ratingValues(), Reduction.MEAN).scale(1.0 / SCALE.highest())
            : Losses.crossEntropy(logits, some.judgments(), Reduction.MEAN);
      }
    };
  }

  @Override
  public Scores score(Part part, Workers workers) {
    RatedPairs rated = parts.getOrDefault(part, train);
    if (!similarity) {
      return Classes.accuracy(
          rated.judgments(),
          AT_ONCE,
          workers,
          (tape, from, to) -> logits(tape, rated.pairs().range(from, to), Pass.evaluation()));
    }
    double[] predicted = new double[rated.size()];
    int pieces = (rated.size() + AT_ONCE - 1) / AT_ONCE;
    List<double[]> done =
        workers.map(pieces, (tape, k) -> predict(tape, rated.pairs(), k * AT_ONCE));
    for (int k = 0; k < pieces; k++) {
      System.arraycopy(done.get(k), 0, predicted, k * AT_ONCE, done.get(k).length);
    }
    double[] ratings = rated.ratingValues();
    double squares = 0.0;
    for (int i = 0; i < predicted.length; i++) {
      double error = predicted[i] - ratings[i];
      squares += error * error;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("Pearson", Correlation.pearson(predicted, ratings));
    figures.put("Spearman", Correlation.spearman(predicted, ratings));
    figures.put("mean squared error", squares / predicted.length);
    return new Scores(figures);
  }

  private double[] predict(Tape tape, TextPairs pairs, int from) {
    int to = Math.min(pairs.size(), from + AT_ONCE);
    Variable logits = logits(tape, pairs.range(from, to), Pass.evaluation());
    return SCALE.predict(logits).toMatrix().data;
  }
}
