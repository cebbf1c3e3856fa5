package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {

  private final WordVectors vectors =
      WordVectors.of(
          List.of("film", "(", "and/or"), new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
  private final Vocabulary vocabulary = new Vocabulary(vectors);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "Film,film",
        "-LRB-,(",
        "-rrb-,)",
        "and\\/or,and/or",
        "F\\*\\*K,f**k",
        "É,é",
        "``,``",
        "2\u00a01\\/2,2\u00a01/2"
      })
  void tokensAreSpelledAsWordVectorsSpellThem(String token, String word) {
    assertEquals(word, Vocabulary.normalize(token));
  }

  @Test
  void spellingDoesNotDependOnTheLanguageOfTheMachine() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertEquals("titanic", Vocabulary.normalize("TITANIC"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void unknownTokensShareOneRowAfterTheWords() {
    assertEquals(4, vocabulary.size());
    assertEquals(3, vocabulary.unknown());
    assertArrayEquals(
        new int[] {0, 3, 1, 2, 3},
        vocabulary.ids(List.of("FILM", "shark", "-LRB-", "and\\/or", "whale")));
    assertEquals("film", vocabulary.word(0));
    assertEquals("<unknown>", vocabulary.word(3));
  }

  @Test
  void embeddingsAreTheVectorsAndAZeroRow() {
    DMatrixRMaj embeddings = vocabulary.embeddings();
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 0, 0}, embeddings.data);
    embeddings.set(0, 0, 9);
    embeddings.set(3, 1, 7);
    WordVectors moved = vocabulary.wordVectors(embeddings);
    assertEquals(vectors.words(), moved.words());
    assertArrayEquals(new double[] {9, 2, 3, 4, 5, 6}, moved.toMatrix().data);
    assertEquals(1, vectors.vector(0)[0]);
    assertEquals(
        "wordVectors: the embedding has 3 rows, the vocabulary 4 (must be the same).",
        assertThrows(
                IllegalArgumentException.class, () -> vocabulary.wordVectors(new DMatrixRMaj(3, 2)))
            .getMessage());
  }

  @Test
  void coverageCountsTokensAndWordsOfNamesThem() {
    List<Sentence> sentences =
        List.of(
            new Sentence(List.of("Film", "shark"), 1), new Sentence(List.of("film", "-LRB-"), 0));
    assertEquals(0.75, vocabulary.coverage(sentences));
    assertEquals(Double.NaN, vocabulary.coverage(List.of()));
    assertEquals(Set.of("film", "shark", "("), Vocabulary.wordsOf(sentences));
  }
}
