package io.github.backstay.benchmarks.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pairs of words with people's judgement of how similar they are. Immutable.
 *
 * @param name what to call the collection
 * @param pairs the pairs
 */
public record WordSimilarity(String name, List<Pair> pairs) {

  /** A similarity file larger than this is not one. */
  private static final long MAX_BYTES = 16L << 20;

  /** Copies the list. */
  public WordSimilarity {
    pairs = List.copyOf(pairs);
  }

  /**
   * One judgement.
   *
   * @param first a word
   * @param second a word
   * @param score higher for more similar; the scale is the collection's own
   */
  public record Pair(String first, String second, double score) {}

  /**
   * How well vectors agree with the judgements.
   *
   * @param name the collection
   * @param pairs how many pairs count: those where both words have a vector
   * @param missing how many were left out
   * @param spearman the rank correlation of scores and cosines; NaN if it is not defined
   */
  public record Agreement(String name, int pairs, int missing, double spearman) {}

  /**
   * Reads a file: {@code word1 TAB word2 TAB score} a line, no header, plain or in gzip.
   *
   * @param file the file
   * @return the collection, called as the file without its ending
   * @throws DataException if the file cannot be read or a line is not of this form
   */
  public static WordSimilarity read(Path file) {
    List<Pair> pairs = new ArrayList<>();
    try (TextLines lines = TextLines.open(file, MAX_BYTES)) {
      while (lines.next()) {
        pairs.add(pair(lines));
      }
    }
    if (pairs.isEmpty()) {
      throw DataException.in(
          file, "holds nothing but empty lines (need lines of word, word, score).");
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.');
    return new WordSimilarity(dot > 0 ? name.substring(0, dot) : name, pairs);
  }

  /**
   * Reads all {@code *.txt} files of a directory.
   *
   * @param directory the directory
   * @return the collections, in the order of the files' names
   * @throws DataException if there is no such directory, it has no such files, or one is bad
   */
  public static List<WordSimilarity> readAll(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw DataException.in(
          directory,
          (Files.exists(directory) ? "is not a directory" : "no such directory")
              + " (need one with word similarity files, *.txt).");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*.txt")) {
      stream.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw DataException.in(directory, "cannot be read: " + e.getMessage() + ".", e);
    }
    if (files.isEmpty()) {
      throw DataException.in(directory, "has no *.txt files (need word similarity files).");
    }
    return files.stream().sorted().map(WordSimilarity::read).toList();
  }

  private static Pair pair(TextLines lines) {
    String line = lines.text();
    String[] fields = line.split("\t", -1);
    if (fields.length != 3 || fields[0].isBlank() || fields[1].isBlank()) {
      throw lines.error(
          "not a word pair: " + DataException.quote(line) + " (need word, tab, word, tab, score).");
    }
    byte[] score = fields[2].strip().getBytes(StandardCharsets.UTF_8);
    double value = Decimals.parse(score, 0, score.length);
    if (!Double.isFinite(value)) {
      throw lines.error(
          "the score is " + DataException.quote(fields[2]) + " (need a finite number).");
    }
    return new Pair(fields[0].strip(), fields[1].strip(), value);
  }

  /**
   * Compares the scores with the cosines of the words' vectors. Words are looked up as {@link
   * Vocabulary#normalize} spells them.
   *
   * @param vectors the word vectors
   * @return the rank correlation, and how many pairs it rests on
   */
  public Agreement agreement(WordVectors vectors) {
    double[] scores = new double[pairs.size()];
    double[] cosines = new double[pairs.size()];
    int count = 0;
    for (Pair pair : pairs) {
      int first = vectors.indexOf(Vocabulary.normalize(pair.first()));
      int second = vectors.indexOf(Vocabulary.normalize(pair.second()));
      if (first >= 0 && second >= 0) {
        scores[count] = pair.score();
        cosines[count] = vectors.cosine(first, second);
        count++;
      }
    }
    double spearman =
        Correlation.spearman(Arrays.copyOf(scores, count), Arrays.copyOf(cosines, count));
    return new Agreement(name, count, pairs.size() - count, spearman);
  }
}
