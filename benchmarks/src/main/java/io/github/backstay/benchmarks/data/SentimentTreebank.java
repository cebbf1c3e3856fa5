package io.github.backstay.benchmarks.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The Stanford Sentiment Treebank (Socher et al., EMNLP 2013) in its published split: three files
 * with one bracketed tree a line. Note that the published training file is not shuffled: most of
 * its first half is positive, most of its second half negative. Immutable.
 */
public final class SentimentTreebank {

  /** A tree file larger than this is not one; the published training file has 2 MiB. */
  private static final long MAX_BYTES = 32L << 20;

  /** The three parts. */
  public enum Split {
    /** To train on. */
    TRAIN("train.txt", 8544),
    /** To choose by. */
    DEV("dev.txt", 1101),
    /** To report on. */
    TEST("test.txt", 2210);

    private final String fileName;
    private final int published;

    Split(String fileName, int published) {
      this.fileName = fileName;
      this.published = published;
    }

    /**
     * The name of the file.
     *
     * @return for instance {@code train.txt}
     */
    public String fileName() {
      return fileName;
    }

    /**
     * How many trees the published file has. A file with fewer is a part of it, or was cut off
     * between two lines, which its format does not show.
     *
     * @return the number of lines
     */
    public int published() {
      return published;
    }
  }

  private final Map<Split, List<SentimentTree>> trees;

  private SentimentTreebank(Map<Split, List<SentimentTree>> trees) {
    this.trees = trees;
  }

  /**
   * Reads {@code train.txt}, {@code dev.txt} and {@code test.txt}.
   *
   * @param directory where they are
   * @return the treebank
   * @throws DataException if the directory or a file is missing or is not what it should be
   */
  public static SentimentTreebank read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw DataException.in(
          directory,
          (Files.exists(directory) ? "is not a directory" : "no such directory")
              + " (need one with train.txt, dev.txt and test.txt).");
    }
    Map<Split, List<SentimentTree>> trees = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      trees.put(split, readTrees(directory.resolve(split.fileName())));
    }
    return new SentimentTreebank(trees);
  }

  /**
   * Reads a file of trees, plain or in gzip; empty lines are passed over.
   *
   * @param file the file
   * @return its trees, at least one, in order
   * @throws DataException if the file cannot be read or a line is not a tree
   */
  public static List<SentimentTree> readTrees(Path file) {
    List<SentimentTree> trees = new ArrayList<>();
    try (TextLines lines = TextLines.open(file, MAX_BYTES)) {
      while (lines.next()) {
        String line = lines.text();
        try {
          trees.add(SentimentTree.parse(line));
        } catch (IllegalArgumentException e) {
          throw lines.error(String.valueOf(e.getMessage()));
        }
      }
    }
    if (trees.isEmpty()) {
      throw DataException.in(file, "holds nothing but empty lines (need one tree a line).");
    }
    return List.copyOf(trees);
  }

  /**
   * The trees of a part.
   *
   * @param split which part
   * @return in the order of the file
   */
  public List<SentimentTree> trees(Split split) {
    return trees.getOrDefault(split, List.of());
  }

  /**
   * The sentences of a part, with the labels 0..4 of the roots.
   *
   * @param split which part
   * @return in the order of the file
   */
  public List<Sentence> sentences(Split split) {
    return trees(split).stream().map(SentimentTree::sentence).toList();
  }

  /**
   * The usual two-class task: without the neutral sentences; 0 and 1 become 0, negative; 3 and 4
   * become 1, positive.
   *
   * @param sentences sentences with labels 0..4
   * @return those with a polarity, in order
   */
  public static List<Sentence> binary(List<Sentence> sentences) {
    List<Sentence> polar = new ArrayList<>();
    for (Sentence sentence : sentences) {
      int label = sentence.label();
      if (label >= SentimentTree.LABELS) {
        throw new IllegalArgumentException("binary: the label must be in 0..4, got " + label + ".");
      }
      if (label != 2) {
        polar.add(new Sentence(sentence.tokens(), label > 2 ? 1 : 0));
      }
    }
    return List.copyOf(polar);
  }
}
