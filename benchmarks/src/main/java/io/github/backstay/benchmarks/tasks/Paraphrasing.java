package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Batch;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Workers;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.NegativeSampling;
import io.github.backstay.nn.ParaphraseLoss;
import io.github.backstay.nn.Pass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Phrases that mean the same get vectors that point the same way (Wieting et al. 2016, section 3).
 * The negatives of a batch are chosen by the model as it is before the step; then every piece of
 * the batch encodes its pairs and their negatives.
 */
final class Paraphrasing extends TextTask<Paraphrasing.Nothing> {

  private final ParaphraseLoss loss;
  private final NegativeSampling sampling;
  private final TextPairs train;
  private final Map<Part, TextPairs> parts;

  /** An output module that there is not. */
  static final class Nothing extends Module {}

  /** A task with a new model. */
  Paraphrasing(
      Network network,
      ParaphraseLoss loss,
      NegativeSampling sampling,
      DMatrixRMaj table,
      TextPairs train,
      Map<Part, TextPairs> parts,
      long seed) {
    super(network, table, (in, random) -> new Nothing(), seed);
    this.loss = loss;
    this.sampling = sampling;
    this.train = train;
    this.parts = parts;
  }

  @Override
  public int size() {
    return train.size();
  }

  /** The cosines of all texts of some pairs, the first ones and then the second ones. */
  private DMatrixRMaj similarities(Workers workers, TextPairs pairs) {
    return workers
        .map(
            1,
            (tape, k) ->
                ParaphraseLoss.similarities(
                    encode(tape, pairs.first(), Pass.evaluation()),
                    encode(tape, pairs.second(), Pass.evaluation())))
        .get(0);
  }

  @Override
  public Batch batch(int[] examples, Workers workers, RandomGenerator random) {
    TextPairs pairs = train.choose(examples);
    TextPairs pool = pairs.size() > 1 ? pairs : withAnother(examples[0], random);
    Indices negatives = sampling.choose(similarities(workers, pool), random);
    List<Indices> texts = pool.all();
    List<Indices> unlike = new ArrayList<>(); // those of all first texts, then of all second ones
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < pairs.size(); i++) {
        unlike.add(texts.get(negatives.get(side * pool.size() + i)));
      }
    }
    return new Batch() {
      @Override
      public int size() {
        return pairs.size();
      }

      @Override
      public Variable loss(Tape tape, int from, int to, Pass pass) {
        return pieceLoss(tape, pairs, unlike, from, to, pass);
      }
    };
  }

  /** A last batch of one pair finds its negatives in another pair. */
  private TextPairs withAnother(int pair, RandomGenerator random) {
    int other = random.nextInt(train.size() - 1);
    return train.choose(new int[] {pair, other < pair ? other : other + 1});
  }

  /** Encodes the first texts of the piece, the second ones, and the negatives of both. */
  private Variable pieceLoss(
      Tape tape, TextPairs pairs, List<Indices> unlike, int from, int to, Pass pass) {
    int count = to - from;
    List<Indices> read = new ArrayList<>(pairs.range(from, to).all());
    read.addAll(unlike.subList(from, to));
    read.addAll(unlike.subList(pairs.size() + from, pairs.size() + to));
    Variable vectors = encode(tape, read, pass);
    int width = vectors.cols();
    return loss.of(
        vectors.slice(0, count, 0, width),
        vectors.slice(count, 2 * count, 0, width),
        vectors.slice(2 * count, 4 * count, 0, width),
        Reduction.MEAN);
  }

  @Override
  public Scores score(Part part, Workers workers) {
    TextPairs pairs = parts.getOrDefault(part, train);
    int count = pairs.size();
    DMatrixRMaj cosines = similarities(workers, pairs);
    int found = 0;
    double ranks = 0.0;
    for (int text = 0; text < 2 * count; text++) {
      int partner = text < count ? text + count : text - count;
      double own = cosines.get(text, partner);
      int before = 0;
      for (int other = 0; other < 2 * count; other++) {
        before += other != text && other != partner && cosines.get(text, other) >= own ? 1 : 0;
      }
      found += before == 0 ? 1 : 0;
      ranks += 1.0 / (before + 1);
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy of the nearest", found / (2.0 * count));
    figures.put("mean reciprocal rank", ranks / (2.0 * count));
    return new Scores(figures);
  }
}
