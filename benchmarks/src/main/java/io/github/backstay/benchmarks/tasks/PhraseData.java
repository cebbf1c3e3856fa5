package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.PhrasePairs;
import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Task;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.benchmarks.training.Trainer;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.NegativeSampling;
import io.github.backstay.nn.ParaphraseLoss;
import io.github.backstay.nn.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of phrases that mean the same. Two equal parts are held out, always the same ones, to
 * choose the epoch by and to report on; what is measured is how often a phrase finds its partner
 * among all the phrases of the part. Of the training pairs, as many are measured.
 */
public final class PhraseData implements TaskData {

  private final Network network;
  private final ParaphraseLoss loss;
  private final NegativeSampling sampling;
  private final Words words;
  private final double coverage;
  private final TextPairs train;
  private final int heldOut;
  private final Map<Part, TextPairs> parts = new EnumMap<>(Part.class);

  /**
   * Reads the data.
   *
   * @param file pairs of phrases, one pair a line
   * @param vectors word vectors as text, plain or gzipped
   * @param similarityFiles a directory of word-similarity files, or null
   * @param unknown what words without a vector start from
   * @param network the encoder
   * @param loss the margin
   * @param sampling how negatives are found
   * @param heldOut how many pairs are held out for each of the two parts, at least 1
   * @throws DataException if a file is missing or is not what it should be, or there are too few
   *     pairs
   */
  public PhraseData(
      Path file,
      Path vectors,
      @Nullable Path similarityFiles,
      UnknownWords unknown,
      Network network,
      ParaphraseLoss loss,
      NegativeSampling sampling,
      int heldOut) {
    PhrasePairs pairs = PhrasePairs.read(file);
    if (pairs.size() < 2L * heldOut + 2) {
      throw DataException.in(
          file,
          "has "
              + pairs.size()
              + " pairs, too few to hold out "
              + heldOut
              + " twice and train on at least 2. Hold out fewer.");
    }
    this.network = network;
    this.loss = loss;
    this.sampling = sampling;
    this.heldOut = heldOut;
    Set<String> wanted = Vocabulary.wordsIn(pairs.texts());
    this.words = Words.read(vectors, similarityFiles, wanted, unknown, file);
    this.coverage = words.vocabulary().coverageOf(pairs.texts());
    int[] order = Choice.all(pairs.size());
    Trainer.shuffle(order, new Seeds(0).generator(0, "held out"));
    TextPairs all = texts(pairs);
    parts.put(Part.DEV, all.choose(Arrays.copyOfRange(order, 0, heldOut)));
    parts.put(Part.TEST, all.choose(Arrays.copyOfRange(order, heldOut, 2 * heldOut)));
    int[] rest = Arrays.copyOfRange(order, 2 * heldOut, order.length);
    Arrays.sort(rest); // as in the file
    this.train = all.choose(rest);
    parts.put(Part.TRAIN, train.range(0, Math.min(heldOut, train.size())));
  }

  private TextPairs texts(PhrasePairs pairs) {
    List<Indices> first = new ArrayList<>(pairs.size());
    List<Indices> second = new ArrayList<>(pairs.size());
    for (PhrasePairs.Pair pair : pairs.pairs()) {
      first.add(Indices.of(words.vocabulary().ids(pair.first())));
      second.add(Indices.of(words.vocabulary().ids(pair.second())));
    }
    return new TextPairs(first, second);
  }

  @Override
  public Task task(long seed, int limit) {
    TextPairs some = train.choose(Choice.ofAny(train.size(), limit, seed));
    return new Paraphrasing(network, loss, sampling, words.table(), some, parts, seed);
  }

  @Override
  public Sizes sizes() {
    return new Sizes(
        train.size(), heldOut, heldOut, words.table().numRows, words.table().numCols, coverage);
  }

  @Override
  public Limits limits() {
    return new Limits(2, train.size(), "pairs");
  }

  @Override
  public List<Indices> encoded() {
    List<Indices> all = new ArrayList<>(train.all());
    parts.values().forEach(part -> all.addAll(part.all()));
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
    return List.of();
  }
}
