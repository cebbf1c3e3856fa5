package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.data.WordVectors;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The table of word vectors that a task starts from: the words of its data, and of the similarity
 * files if given, that have a vector, rows for those of the task that have none if each is to have
 * its own, and one row for all others.
 *
 * @param vocabulary which word has which row
 * @param table the vectors
 * @param similarities the similarity files
 */
public record Words(Vocabulary vocabulary, DMatrixRMaj table, List<WordSimilarity> similarities) {

  /** Copies the list. */
  public Words {
    similarities = List.copyOf(similarities);
  }

  /**
   * Reads them.
   *
   * @param vectors word vectors as text, plain or gzipped
   * @param similarityFiles a directory of word-similarity files, or null
   * @param ofTask the normalized words of the task
   * @param unknown what words of the task without a vector start from
   * @param data where these come from, for the message if no word has a vector
   * @return the table
   * @throws DataException if a file is missing or is not what it should be
   */
  public static Words read(
      Path vectors,
      @Nullable Path similarityFiles,
      Set<String> ofTask,
      UnknownWords unknown,
      Path data) {
    List<WordSimilarity> similarities =
        similarityFiles == null ? List.of() : WordSimilarity.readAll(similarityFiles);
    Set<String> wanted = new LinkedHashSet<>(ofTask);
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
    Vocabulary vocabulary = Vocabulary.of(words, ofTask, unknown);
    return new Words(vocabulary, vocabulary.embeddings(), similarities);
  }
}
