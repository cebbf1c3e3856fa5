package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.SickPairs;
import io.github.backstay.benchmarks.data.SickPairs.Pair;
import io.github.backstay.benchmarks.data.SickPairs.Split;
import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Task;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.core.Indices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sentence pairs of SICK: how similar they are, or what follows from what. */
public final class SickData implements TaskData {

  private static final int JUDGMENTS = SickPairs.Judgment.values().length;

  private final SickPairs sick;
  private final Network network;
  private final boolean similarity;
  private final int hidden;
  private final Words words;
  private final double coverage;
  private final RatedPairs train;
  private final Map<Part, RatedPairs> parts = new EnumMap<>(Part.class);

  /**
   * Reads the data.
   *
   * @param directory a directory with the three files of SICK
   * @param vectors word vectors as text, plain or gzipped
   * @param similarityFiles a directory of word-similarity files, or null
   * @param unknown what words without a vector start from
   * @param network the encoder
   * @param similarity whether similarity is learnt, or entailment
   * @param hidden width of the sigmoid layer of the head
   * @throws io.github.backstay.benchmarks.data.DataException if a file is missing or is not what it
   *     should be
   */
  public SickData(
      Path directory,
      Path vectors,
      @Nullable Path similarityFiles,
      UnknownWords unknown,
      Network network,
      boolean similarity,
      int hidden) {
    this.sick = SickPairs.read(directory);
    this.network = network;
    this.similarity = similarity;
    this.hidden = hidden;
    Set<String> wanted = new LinkedHashSet<>();
    for (Split split : Split.values()) {
      wanted.addAll(Vocabulary.wordsIn(sick.texts(split)));
    }
    this.words = Words.read(vectors, similarityFiles, wanted, unknown, directory);
    this.coverage = words.vocabulary().coverageOf(sick.texts(Split.TRAIN));
    this.train = rated(sick.pairs(Split.TRAIN));
    parts.put(Part.TRAIN, train);
    parts.put(Part.DEV, rated(sick.pairs(Split.DEV)));
    parts.put(Part.TEST, rated(sick.pairs(Split.TEST)));
  }

  private static int classOf(SickPairs.Judgment judgment) {
    return switch (judgment) {
      case NEUTRAL -> 0;
      case ENTAILMENT -> 1;
      case CONTRADICTION -> 2;
    };
  }

  private RatedPairs rated(List<Pair> pairs) {
    List<Indices> first = new ArrayList<>(pairs.size());
    List<Indices> second = new ArrayList<>(pairs.size());
    List<Double> ratings = new ArrayList<>(pairs.size());
    int[] judgments = new int[pairs.size()];
    for (int i = 0; i < judgments.length; i++) {
      Pair pair = pairs.get(i);
      first.add(Indices.of(words.vocabulary().ids(pair.first())));
      second.add(Indices.of(words.vocabulary().ids(pair.second())));
      ratings.add(pair.relatedness());
      judgments[i] = classOf(pair.judgment());
    }
    return new RatedPairs(new TextPairs(first, second), ratings, Indices.of(judgments));
  }

  @Override
  public Task task(long seed, int limit) {
    int[] chosen =
        similarity
            ? Choice.ofAny(train.size(), limit, seed)
            : Choice.ofEachClass(train.judgments(), JUDGMENTS, limit, seed);
    return new PairScoring(
        network, similarity, words.table(), hidden, train.choose(chosen), parts, seed);
  }

  @Override
  public Sizes sizes() {
    return new Sizes(
        train.size(),
        sick.pairs(Split.DEV).size(),
        sick.pairs(Split.TEST).size(),
        words.table().numRows,
        words.table().numCols,
        coverage);
  }

  @Override
  public Limits limits() {
    return similarity
        ? new Limits(1, train.size(), "pairs")
        : new Limits(
            JUDGMENTS,
            Choice.most(train.judgments(), JUDGMENTS),
            "pairs, as many of each judgment");
  }

  @Override
  public List<Indices> encoded() {
    List<Indices> all = new ArrayList<>();
    for (RatedPairs part : parts.values()) {
      all.addAll(part.pairs().all());
      all.add(part.judgments());
      for (double rating : part.ratings()) {
        long bits = Double.doubleToLongBits(rating);
        all.add(Indices.of((int) (bits >>> 33), (int) (bits >>> 2) & Integer.MAX_VALUE));
      }
    }
    return all;
  }

  @Override
  public Vocabulary vocabulary() {
    return words.vocabulary();
  }

  @Override
  public List<WordSimilarity> similarities() {
    return words.similarities();
  }

  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Split split : Split.values()) {
      int found = sick.pairs(split).size();
      warnings.addAll(Published.shortfall(split.fileName(), found, split.published(), "pairs"));
    }
    return warnings;
  }
}
