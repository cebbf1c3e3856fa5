package io.github.backstay.benchmarks.experiments;

import io.github.backstay.benchmarks.tasks.LabelledTexts;
import io.github.backstay.benchmarks.training.Trainer;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Artificial word vectors that are mostly right. 2,000 words lie in 50 clusters, each vector a
 * cluster's centre plus noise of half its deviation, 25 dimensions. A cluster has a polarity, and
 * its words share it, but for one word in ten, which has the opposite one: the pre-trained vectors
 * are wrong about it. A text is 8 words; its class is the sign of the sum of their polarities (a
 * tie is drawn again). Training texts use 30 % of the vocabulary only.
 *
 * @param table the pre-trained vectors, one row per word
 * @param train 600 texts of seen words
 * @param seen 2,000 other texts of seen words
 * @param all 2,000 texts of any words
 */
public record ClusteredWords(
    DMatrixRMaj table, LabelledTexts train, LabelledTexts seen, LabelledTexts all) {

  private static final int WORDS = 2000;
  private static final int CLUSTERS = 50;
  private static final int WIDTH = 25;
  private static final int LENGTH = 8;
  private static final double NOISE = 0.5;
  private static final double FLIPPED = 0.1;
  private static final double SEEN = 0.3;
  private static final int TRAIN = 600;
  private static final int TEST = 2000;

  /**
   * Draws a vocabulary and its texts.
   *
   * @param seed the same seed gives the same data
   * @return the data
   */
  public static ClusteredWords draw(long seed) {
    Seeds seeds = new Seeds(seed);
    RandomGenerator random = seeds.generator(0, "vocabulary");
    DMatrixRMaj centres = new DMatrixRMaj(CLUSTERS, WIDTH);
    int[] polarityOfCluster = new int[CLUSTERS];
    for (int c = 0; c < CLUSTERS; c++) {
      polarityOfCluster[c] = random.nextBoolean() ? 1 : -1;
      for (int j = 0; j < WIDTH; j++) {
        centres.set(c, j, random.nextGaussian() / Math.sqrt(WIDTH));
      }
    }
    DMatrixRMaj table = new DMatrixRMaj(WORDS, WIDTH);
    int[] polarity = new int[WORDS];
    int[] vocabulary = new int[WORDS];
    for (int w = 0; w < WORDS; w++) {
      int cluster = w % CLUSTERS;
      boolean flipped = random.nextDouble() < FLIPPED;
      polarity[w] = flipped ? -polarityOfCluster[cluster] : polarityOfCluster[cluster];
      vocabulary[w] = w;
      for (int j = 0; j < WIDTH; j++) {
        table.set(w, j, centres.get(cluster, j) + NOISE * random.nextGaussian() / Math.sqrt(WIDTH));
      }
    }
    Trainer.shuffle(vocabulary, random);
    int seen = (int) (SEEN * WORDS);
    return new ClusteredWords(
        table,
        texts(seeds.generator(0, "train"), TRAIN, vocabulary, seen, polarity),
        texts(seeds.generator(0, "seen"), TEST, vocabulary, seen, polarity),
        texts(seeds.generator(0, "all"), TEST, vocabulary, WORDS, polarity));
  }

  private static LabelledTexts texts(
      RandomGenerator random, int count, int[] vocabulary, int size, int[] polarity) {
    List<Indices> words = new ArrayList<>(count);
    int[] labels = new int[count];
    while (words.size() < count) {
      int[] text = new int[LENGTH];
      int sum = 0;
      for (int i = 0; i < LENGTH; i++) {
        text[i] = vocabulary[random.nextInt(size)];
        sum += polarity[text[i]];
      }
      if (sum != 0) {
        labels[words.size()] = sum > 0 ? 1 : 0;
        words.add(Indices.of(text));
      }
    }
    return new LabelledTexts(words, Indices.of(labels));
  }
}
