package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.StringLength;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class UnknownWordsTest {

  private static final WordVectors VECTORS =
      WordVectors.of(
          List.of("film", "the"), new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, 6}}));

  @Test
  void sharedRowIsZeroAndTheDefault() {
    Vocabulary shared = Vocabulary.of(VECTORS, Set.of("shark", "whale"), UnknownWords.SHARED_ZERO);
    Vocabulary plain = new Vocabulary(VECTORS);
    assertEquals(plain.size(), shared.size());
    assertEquals(2, shared.id("shark"));
    assertEquals(2, shared.id("whale"));
    assertArrayEquals(plain.embeddings().data, shared.embeddings().data);
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 0, 0, 0}, shared.embeddings().data);
  }

  @Test
  void ownRowsStandBetweenTheWordsAndTheRowOfAllOthers() {
    Set<String> words = new LinkedHashSet<>(List.of("whale", "film", "shark"));
    Vocabulary own = Vocabulary.of(VECTORS, words, UnknownWords.own(7));
    assertEquals(5, own.size());
    assertEquals(4, own.unknown());
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4}, own.ids(List.of("Film", "the", "Whale", "SHARK", "tuna")));
    assertEquals(
        List.of("film", "the", "whale", "shark", "<unknown>"),
        List.of(own.word(0), own.word(1), own.word(2), own.word(3), own.word(4)));
    DMatrixRMaj embeddings = own.embeddings();
    UnknownWords.Own drawn = new UnknownWords.Own(7, 0.05);
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, Arrays.copyOf(embeddings.data, 6));
    assertArrayEquals(drawn.vector("whale", 3), Arrays.copyOfRange(embeddings.data, 6, 9));
    assertArrayEquals(drawn.vector("shark", 3), Arrays.copyOfRange(embeddings.data, 9, 12));
    assertArrayEquals(new double[3], Arrays.copyOfRange(embeddings.data, 12, 15));
    embeddings.set(0, 0, 9);
    assertArrayEquals(new double[] {9, 2, 3, 4, 5, 6}, own.wordVectors(embeddings).toMatrix().data);
  }

  @Test
  void drawnVectorsDoNotCountAsCoverage() {
    List<List<String>> texts = List.of(List.of("Film", "whale"), List.of("tuna", "the"));
    Vocabulary own = Vocabulary.of(VECTORS, Vocabulary.wordsIn(texts), UnknownWords.own(1));
    assertEquals(0.5, own.coverageOf(texts));
    assertEquals(0.5, new Vocabulary(VECTORS).coverageOf(texts));
  }

  @Property(tries = 200)
  void vectorDependsOnSeedAndWordAlone(
      @ForAll long seed,
      @ForAll @AlphaChars @StringLength(min = 1, max = 9) String word,
      @ForAll @NotEmpty Set<@AlphaChars @StringLength(min = 1, max = 9) String> others) {
    String lower = "#" + word.toLowerCase(Locale.ROOT);
    Set<String> before = new LinkedHashSet<>(Set.of(lower));
    before.addAll(others);
    Set<String> after = new LinkedHashSet<>(others);
    after.add(lower);
    UnknownWords choice = UnknownWords.own(seed);
    double[] alone = vector(Vocabulary.of(VECTORS, Set.of(lower), choice), lower);
    assertArrayEquals(alone, vector(Vocabulary.of(VECTORS, before, choice), lower));
    assertArrayEquals(alone, vector(Vocabulary.of(VECTORS, after, choice), lower));
    WordVectors more = WordVectors.of(List.of("a", "b", "c"), new DMatrixRMaj(3, 3));
    assertArrayEquals(alone, vector(Vocabulary.of(more, after, choice), lower));
  }

  @Property(tries = 200)
  void otherSeedsAndOtherWordsGiveOtherVectors(
      @ForAll long seed, @ForAll long otherSeed, @ForAll @NotBlank String word) {
    double[] vector = new UnknownWords.Own(seed, 1).vector(word, 4);
    if (seed != otherSeed) {
      assertTrue(!Arrays.equals(vector, new UnknownWords.Own(otherSeed, 1).vector(word, 4)));
    }
    assertTrue(!Arrays.equals(vector, new UnknownWords.Own(seed, 1).vector(word + "s", 4)));
  }

  @Property(tries = 200)
  void entriesAreWithinTheBoundAndScaleWithIt(
      @ForAll long seed,
      @ForAll String word,
      @ForAll @DoubleRange(min = 1e-6, max = 1e6) @Scale(6) double bound,
      @ForAll @IntRange(max = 400) int width) {
    double[] vector = new UnknownWords.Own(seed, bound).vector(word, width);
    double[] unit = new UnknownWords.Own(seed, 1).vector(word, width);
    assertEquals(width, vector.length);
    for (int i = 0; i < width; i++) {
      assertTrue(-bound <= vector[i] && vector[i] < bound);
      assertEquals(bound * unit[i], vector[i]);
    }
  }

  @Property(tries = 20)
  void entriesAreUniformAcrossWordsAndWithinThem(@ForAll long seed) {
    int words = 2000;
    int width = 10;
    UnknownWords.Own drawn = new UnknownWords.Own(seed, 1);
    double sum = 0;
    double squares = 0;
    double product = 0;
    int[] tenths = new int[10];
    double[] before = new double[width];
    for (int i = 0; i < words; i++) {
      double[] vector = drawn.vector("w" + i, width);
      for (int j = 0; j < width; j++) {
        sum += vector[j];
        squares += vector[j] * vector[j];
        product += vector[j] * before[j];
        tenths[(int) (5 * (vector[j] + 1))]++;
      }
      before = vector;
    }
    double n = words * width;
    // Six standard errors of the mean of n numbers, whose variances are those of u, u², uu′ and of
    // falling into a tenth.
    assertEquals(0, sum / n, 6 * Math.sqrt(1.0 / 3 / n));
    assertEquals(1.0 / 3, squares / n, 6 * Math.sqrt(4.0 / 45 / n));
    assertEquals(0, product / n, 6 * Math.sqrt(1.0 / 9 / n));
    for (int tenth : tenths) {
      assertEquals(0.1, tenth / n, 6 * Math.sqrt(0.09 / n));
    }
  }

  @Test
  void vectorsStayAsTheyAre() {
    // Whoever has kept a training's seed gets its vectors again; made once with this program.
    double[] vector = new UnknownWords.Own(42, 0.05).vector("snowboarder", 3);
    double[] golden = {-0.04138679077451847, -0.010820789287295907, 0.03837364248800711};
    assertArrayEquals(golden, vector);
  }

  @Test
  void boundMustBePositiveAndFinite() {
    for (double bound : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "unknownWords: the bound must be positive and finite, got " + bound + ".",
          assertThrows(IllegalArgumentException.class, () -> UnknownWords.own(1, bound))
              .getMessage());
    }
  }

  private static double[] vector(Vocabulary vocabulary, String word) {
    DMatrixRMaj embeddings = vocabulary.embeddings();
    int row = vocabulary.id(word);
    assertNotEquals(vocabulary.unknown(), row);
    return Arrays.copyOfRange(embeddings.data, 3 * row, 3 * row + 3);
  }
}
