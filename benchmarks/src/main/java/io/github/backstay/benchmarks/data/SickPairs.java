package io.github.backstay.benchmarks.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SICK, pairs of sentences with people's judgement of how related they are and whether one follows
 * from the other (Marelli et al., LREC 2014), in the split of SemEval-2014 Task 1: three
 * tab-separated files with a header line. Immutable.
 */
public final class SickPairs {

  /** A file larger than this is not SICK; the published test file has half a MiB. */
  private static final long MAX_BYTES = 32L << 20;

  private static final double LEAST_RELATED = 1;
  private static final double MOST_RELATED = 5;

  /** The columns that are read, as the header names them. */
  private static final List<String> COLUMNS =
      List.of("pair_ID", "sentence_A", "sentence_B", "relatedness_score", "entailment_judgment");

  /** The three parts. */
  public enum Split {
    /** To train on. */
    TRAIN("SICK_train.txt", 4500),
    /** To choose by. */
    DEV("SICK_trial.txt", 500),
    /** To report on. */
    TEST("SICK_test_annotated.txt", 4927);

    private final String fileName;
    private final int published;

    Split(String fileName, int published) {
      this.fileName = fileName;
      this.published = published;
    }

    /**
     * The name of the file.
     *
     * @return for instance {@code SICK_train.txt}
     */
    public String fileName() {
      return fileName;
    }

    /**
     * How many pairs the published file has. A file with fewer is a part of it, or was cut off
     * between two lines, which its format does not show.
     *
     * @return the number of lines without the header
     */
    public int published() {
      return published;
    }
  }

  /** What the first sentence says about the second. */
  public enum Judgment {
    /** Neither of the other two. */
    NEUTRAL,
    /** The second follows from the first. */
    ENTAILMENT,
    /** They cannot both be true. */
    CONTRADICTION
  }

  /**
   * Two sentences and the judgement of them.
   *
   * @param id the number of the pair in the whole of SICK
   * @param first the tokens of sentence A, as written, not empty
   * @param second the tokens of sentence B, as written, not empty
   * @param relatedness from 1, unrelated, to 5, very related
   * @param judgment what A says about B
   */
  public record Pair(
      int id, List<String> first, List<String> second, double relatedness, Judgment judgment) {

    /** Copies the tokens and checks that there are some, and that the score is one. */
    public Pair {
      first = List.copyOf(first);
      second = List.copyOf(second);
      if (first.isEmpty() || second.isEmpty()) {
        throw new IllegalArgumentException(
            "sickPairs: pair " + id + " has a sentence of 0 tokens.");
      }
      if (!isScore(relatedness)) {
        throw new IllegalArgumentException(
            "sickPairs: the relatedness must be in 1..5, got " + relatedness + ".");
      }
    }
  }

  private final Map<Split, List<Pair>> pairs;

  private SickPairs(Map<Split, List<Pair>> pairs) {
    this.pairs = pairs;
  }

  private static boolean isScore(double value) {
    return value >= LEAST_RELATED && value <= MOST_RELATED;
  }

  /**
   * Reads {@code SICK_train.txt}, {@code SICK_trial.txt} and {@code SICK_test_annotated.txt}.
   *
   * @param directory where they are
   * @return all pairs
   * @throws DataException if the directory or a file is missing or is not what it should be
   */
  public static SickPairs read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw DataException.in(
          directory,
          (Files.exists(directory) ? "is not a directory" : "no such directory")
              + " (need one with SICK_train.txt, SICK_trial.txt and SICK_test_annotated.txt).");
    }
    Map<Split, List<Pair>> pairs = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      pairs.put(split, readPairs(directory.resolve(split.fileName())));
    }
    return new SickPairs(pairs);
  }

  /**
   * Reads one file, plain or in gzip: a header line, which must name the columns {@code pair_ID},
   * {@code sentence_A}, {@code sentence_B}, {@code relatedness_score} and {@code
   * entailment_judgment} in any order, then one pair a line with as many columns. Other columns are
   * passed over, and so are empty lines. Sentences are taken apart by {@link EnglishTokens}.
   *
   * @param file the file
   * @return its pairs, at least one, in order
   * @throws DataException if the file cannot be read, the header lacks a column, a line is not of
   *     this form, or a pair occurs twice
   */
  public static List<Pair> readPairs(Path file) {
    List<Pair> pairs = new ArrayList<>();
    try (TextLines lines = TextLines.open(file, MAX_BYTES)) {
      if (!lines.next()) {
        throw DataException.in(file, "holds nothing but empty lines (need a header and pairs).");
      }
      Row row = new Row(lines);
      Map<Integer, Long> lineOf = new HashMap<>();
      while (lines.next()) {
        Pair pair = row.read();
        Long before = lineOf.putIfAbsent(pair.id(), lines.number());
        if (before != null) {
          throw lines.error("pair " + pair.id() + " stands already in line " + before + ".");
        }
        pairs.add(pair);
      }
    }
    if (pairs.isEmpty()) {
      throw DataException.in(file, "holds a header and nothing after it (need one pair a line).");
    }
    return List.copyOf(pairs);
  }

  /**
   * The pairs of a part.
   *
   * @param split which part
   * @return in the order of the file
   */
  public List<Pair> pairs(Split split) {
    return pairs.getOrDefault(split, List.of());
  }

  /**
   * The sentences of a part, for {@link Vocabulary#wordsIn}.
   *
   * @param split which part
   * @return the tokens of A and B of the first pair, of the second, and so on
   */
  public List<List<String>> texts(Split split) {
    List<List<String>> texts = new ArrayList<>();
    for (Pair pair : pairs(split)) {
      texts.add(pair.first());
      texts.add(pair.second());
    }
    return List.copyOf(texts);
  }

  /** The fields of one line after the other. */
  private static final class Row {

    private final TextLines lines;

    /** How many columns the header has, and where those of {@link #COLUMNS} are. */
    private final int width;

    private final int[] places = new int[COLUMNS.size()];

    private String[] fields = {};

    /** Reads the header, which is the present line. */
    Row(TextLines lines) {
      this.lines = lines;
      List<String> header = Arrays.stream(lines.text().split("\t", -1)).map(String::strip).toList();
      width = header.size();
      for (int i = 0; i < places.length; i++) {
        String column = COLUMNS.get(i);
        places[i] = header.indexOf(column);
        if (places[i] < 0 || places[i] != header.lastIndexOf(column)) {
          throw lines.error(
              "the header "
                  + DataException.quote(lines.text())
                  + (places[i] < 0 ? " has no column " : " has more than one column ")
                  + column
                  + " (need "
                  + String.join(", ", COLUMNS)
                  + " with tabs between them).");
        }
      }
    }

    Pair read() {
      fields = lines.text().split("\t", -1);
      if (fields.length != width) {
        throw lines.error(
            "holds "
                + fields.length
                + (fields.length == 1 ? " column" : " columns")
                + ", the header "
                + width
                + " (must be the same, with tabs between them)."
                + (lines.terminated() ? "" : " The file seems to be cut off."));
      }
      return new Pair(id(), tokens(1), tokens(2), relatedness(), judgment());
    }

    private int id() {
      String text = field(0);
      boolean plain = !text.isEmpty() && text.length() <= 9;
      int value = 0;
      for (int i = 0; plain && i < text.length(); i++) {
        char c = text.charAt(i);
        plain = c >= '0' && c <= '9';
        value = 10 * value + c - '0';
      }
      if (!plain) {
        throw wrong(0, "a whole number");
      }
      return value;
    }

    private List<String> tokens(int column) {
      List<String> tokens = EnglishTokens.of(field(column));
      if (tokens.isEmpty()) {
        throw wrong(column, "a sentence");
      }
      return tokens;
    }

    private double relatedness() {
      byte[] score = field(3).getBytes(StandardCharsets.UTF_8);
      double value = Decimals.parse(score, 0, score.length);
      if (!isScore(value)) {
        throw wrong(3, "a number from 1 to 5");
      }
      return value;
    }

    private Judgment judgment() {
      for (Judgment judgment : Judgment.values()) {
        if (judgment.name().equals(field(4))) {
          return judgment;
        }
      }
      throw wrong(4, "NEUTRAL, ENTAILMENT or CONTRADICTION");
    }

    private String field(int column) {
      return fields[places[column]].strip();
    }

    private DataException wrong(int column, String need) {
      return lines.error(
          "column "
              + (places[column] + 1)
              + ", "
              + COLUMNS.get(column)
              + ", is "
              + DataException.quote(fields[places[column]])
              + " (need "
              + need
              + ").");
    }
  }
}
