package io.github.backstay.benchmarks.experiments;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Sentence;
import io.github.backstay.benchmarks.data.SentimentTreebank;
import io.github.backstay.benchmarks.data.SentimentTreebank.Split;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.data.WordVectors;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Seeds;
import io.github.backstay.regularizers.DriftRecorder;
import io.github.backstay.regularizers.DriftReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The averaging classifier on the Stanford Sentiment Treebank: two classes, whole sentences, the
 * neutral ones left out. The table holds the words of these sentences, and of the similarity files
 * if given, that have a vector, and one row, zero at first, that all other tokens share.
 */
public final class SstExperiment {

  private static final int CLASSES = 2;

  /**
   * What to run.
   *
   * @param treatment what is done with the table
   * @param tableStrength λ of the table's penalty
   * @param networkStrength λ_C of the rest
   * @param hidden width of the sigmoid layer
   * @param learningRate of Adam
   * @param batchSize sentences per step
   * @param epochs how many
   * @param limit how many training sentences, half of each class, drawn per seed; 0 for all
   * @param driftRows how many of the words that moved farthest are listed for the first seed; 0 to
   *     record nothing
   * @param seeds the seeds to run
   */
  public record Plan(
      Treatment treatment,
      double tableStrength,
      double networkStrength,
      int hidden,
      double learningRate,
      int batchSize,
      int epochs,
      int limit,
      int driftRows,
      List<Long> seeds) {

    /** Copies the seeds. */
    public Plan {
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * What the data hold.
   *
   * @param train training sentences
   * @param dev development sentences
   * @param test test sentences
   * @param rows rows of the table
   * @param width columns of the table
   * @param coverage share of the training tokens that have a vector
   */
  public record Sizes(int train, int dev, int test, int rows, int width, double coverage) {}

  /**
   * One epoch of one seed.
   *
   * @param training what the training reports
   * @param dev accuracy on the development sentences
   * @param test accuracy on the test sentences
   */
  public record Epoch(Training.Epoch training, double dev, double test) {}

  /**
   * One seed.
   *
   * @param seed the seed
   * @param epochs every epoch
   * @param best the epoch with the highest dev accuracy, the first of equals, from 1
   * @param trainLast accuracy on all training sentences after the last epoch
   * @param similarity Spearman's correlation per similarity file after the last epoch
   * @param fingerprint SHA-256 of all weights after the last epoch
   * @param drift what happened to each word, after the last epoch, if the plan says so
   */
  public record Run(
      long seed,
      List<Epoch> epochs,
      int best,
      double trainLast,
      Map<String, Double> similarity,
      String fingerprint,
      @Nullable DriftReport drift) {

    /** Copies the epochs. */
    public Run {
      epochs = List.copyOf(epochs);
      similarity = Collections.unmodifiableMap(new LinkedHashMap<>(similarity));
    }

    Epoch bestEpoch() {
      return epochs.get(best - 1);
    }

    Epoch lastEpoch() {
      return epochs.get(epochs.size() - 1);
    }
  }

  /**
   * Mean and spread over the seeds.
   *
   * @param devBest dev accuracy at the chosen epoch
   * @param testBest test accuracy at the chosen epoch
   * @param bestEpoch the chosen epoch
   * @param testLast test accuracy at the last epoch
   * @param trainLast accuracy on all training sentences at the last epoch
   * @param driftBest {@code ‖W − W0‖} at the chosen epoch
   * @param driftLast {@code ‖W − W0‖} at the last epoch
   * @param secondsPerEpoch training time, without evaluation
   * @param similarity Spearman's correlation per similarity file at the last epoch
   */
  public record Summary(
      Spread devBest,
      Spread testBest,
      Spread bestEpoch,
      Spread testLast,
      Spread trainLast,
      Spread driftBest,
      Spread driftLast,
      Spread secondsPerEpoch,
      Map<String, Spread> similarity) {}

  private final SentimentTreebank treebank;
  private final List<WordSimilarity> similarities;
  private final Vocabulary vocabulary;
  private final DMatrixRMaj table;
  private final Texts train;
  private final Texts dev;
  private final Texts test;
  private final double coverage;

  /**
   * Reads the data.
   *
   * @param data a directory with {@code train.txt}, {@code dev.txt} and {@code test.txt}
   * @param vectors word vectors in GloVe's text format, plain or gzipped
   * @param similarityFiles a directory of word-similarity files, or null
   * @throws DataException if a file is missing or is not what it should be
   */
  public SstExperiment(Path data, Path vectors, @Nullable Path similarityFiles) {
    treebank = SentimentTreebank.read(data);
    similarities = similarityFiles == null ? List.of() : WordSimilarity.readAll(similarityFiles);
    Set<String> wanted = new LinkedHashSet<>();
    for (Split split : Split.values()) {
      wanted.addAll(Vocabulary.wordsOf(SentimentTreebank.binary(treebank.sentences(split))));
    }
    for (WordSimilarity similarity : similarities) {
      for (WordSimilarity.Pair pair : similarity.pairs()) {
        wanted.add(Vocabulary.normalize(pair.first()));
        wanted.add(Vocabulary.normalize(pair.second()));
      }
    }
    WordVectors words = WordVectors.read(vectors, wanted);
    if (words.size() == 0) {
      throw DataException.in(vectors, "has no vector for any word of " + data + ".");
    }
    vocabulary = new Vocabulary(words);
    table = vocabulary.embeddings();
    train = texts(Split.TRAIN);
    dev = texts(Split.DEV);
    test = texts(Split.TEST);
    coverage = vocabulary.coverage(SentimentTreebank.binary(treebank.sentences(Split.TRAIN)));
  }

  private Texts texts(Split split) {
    List<Sentence> sentences = SentimentTreebank.binary(treebank.sentences(split));
    List<Indices> words = new ArrayList<>(sentences.size());
    int[] labels = new int[sentences.size()];
    for (int i = 0; i < labels.length; i++) {
      words.add(Indices.of(vocabulary.ids(sentences.get(i).tokens())));
      labels[i] = sentences.get(i).label();
    }
    return new Texts(words, Indices.of(labels));
  }

  /**
   * What the data hold.
   *
   * @return numbers of sentences, words and columns
   */
  public Sizes sizes() {
    return new Sizes(train.size(), dev.size(), test.size(), table.numRows, table.numCols, coverage);
  }

  /**
   * Which of the three parts has fewer trees than the published one, and so may have been cut off.
   *
   * @return one line each
   */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Split split : Split.values()) {
      int found = treebank.trees(split).size();
      if (found < split.published()) {
        warnings.add(
            split.fileName()
                + " has "
                + found
                + " trees, the published file "
                + split.published()
                + ": a part of it, or cut off.");
      }
    }
    return warnings;
  }

  /**
   * Trains one model per seed.
   *
   * @param plan what to run
   * @param progress is told every epoch with its seed
   * @return one run per seed
   */
  public List<Run> run(Plan plan, BiConsumer<Long, Epoch> progress) {
    List<Run> runs = new ArrayList<>();
    for (long seed : plan.seeds) {
      runs.add(run(plan, seed, progress));
    }
    return runs;
  }

  private Run run(Plan plan, long seed, BiConsumer<Long, Epoch> progress) {
    Texts chosen = plan.limit == 0 ? train : train.choose(few(plan.limit, seed));
    Training training =
        new Training(
            new Training.Settings(
                plan.treatment,
                plan.tableStrength,
                plan.networkStrength,
                plan.hidden,
                plan.learningRate,
                plan.batchSize,
                seed),
            table,
            CLASSES,
            chosen);
    boolean recorded = plan.driftRows > 0 && seed == plan.seeds.get(0);
    DriftRecorder recorder = recorded ? training.recordDrift() : null;
    List<Epoch> epochs = new ArrayList<>();
    int best = 0;
    for (int e = 0; e < plan.epochs; e++) {
      Epoch epoch = new Epoch(training.epoch(), training.accuracy(dev), training.accuracy(test));
      epochs.add(epoch);
      best = epoch.dev > epochs.get(best).dev ? e : best;
      progress.accept(seed, epoch);
    }
    Map<String, Double> correlations = new LinkedHashMap<>();
    WordVectors trained = vocabulary.wordVectors(training.table());
    for (WordSimilarity similarity : similarities) {
      correlations.put(similarity.name(), similarity.agreement(trained).spearman());
    }
    return new Run(
        seed,
        epochs,
        best + 1,
        training.accuracy(train),
        correlations,
        training.fingerprint(),
        recorder == null ? null : recorder.report(plan.driftRows, vocabulary::word));
  }

  /** Half of each class, drawn without replacement. */
  private int[] few(int limit, long seed) {
    int[] order = new int[train.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Training.shuffle(order, new Seeds(seed).generator(0, "few"));
    int[] left = {limit / 2, limit - limit / 2};
    int[] chosen = new int[limit];
    int count = 0;
    for (int candidate : order) {
      int label = train.labels().get(candidate);
      if (left[label] > 0) {
        left[label]--;
        chosen[count++] = candidate;
      }
    }
    if (count < limit) {
      throw new IllegalArgumentException(
          "limit: there are not "
              + limit
              + " training sentences, half of each class (found "
              + count
              + "). Choose a smaller limit, or 0 for all.");
    }
    return chosen;
  }

  /**
   * Mean and spread over runs.
   *
   * @param runs at least one
   * @return the figures of the table
   */
  public static Summary summarize(List<Run> runs) {
    List<Double> seconds = new ArrayList<>();
    Map<String, List<Double>> correlations = new LinkedHashMap<>();
    for (Run run : runs) {
      run.epochs.forEach(epoch -> seconds.add(epoch.training.seconds()));
      run.similarity.forEach(
          (name, value) -> correlations.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    Map<String, Spread> similarity = new LinkedHashMap<>();
    correlations.forEach((name, values) -> similarity.put(name, Spread.of(values)));
    return new Summary(
        over(runs, run -> run.bestEpoch().dev),
        over(runs, run -> run.bestEpoch().test),
        over(runs, run -> run.best),
        over(runs, run -> run.lastEpoch().test),
        over(runs, Run::trainLast),
        over(runs, run -> run.bestEpoch().training.drift()),
        over(runs, run -> run.lastEpoch().training.drift()),
        Spread.of(seconds),
        similarity);
  }

  private static Spread over(List<Run> runs, ToDoubleFunction<Run> figure) {
    return Spread.of(runs.stream().mapToDouble(figure).toArray());
  }
}
