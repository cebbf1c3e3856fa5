package io.github.backstay.benchmarks.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Pairs of phrases that mean the same, such as those of the paraphrase database PPDB (Ganitkevitch,
 * Van Durme and Callison-Burch 2013) that Wieting et al. (ICLR 2016) train on. Immutable.
 *
 * @param pairs the pairs, in the order of the file
 */
public record PhrasePairs(List<Pair> pairs) {

  /** A file with more text than this is not read. */
  private static final long MAX_BYTES = 4L << 30;

  private static final Pattern SPACES = Pattern.compile("\\s+");

  /** What PPDB puts between columns. */
  private static final String BARS = "|||";

  /** What a pair costs beside its tokens (a record, two lists), and a token in it. */
  private static final long BYTES_PER_PAIR = 128;

  private static final long BYTES_PER_TOKEN = 8;

  /** What a word costs that had not occurred before: the string, its bytes, a map entry. */
  private static final long BYTES_PER_WORD = 128;

  /** How many pairs are read before the memory is looked at again. */
  private static final int PAIRS_PER_LOOK = 4096;

  /** Copies the list. */
  public PhrasePairs {
    pairs = List.copyOf(pairs);
  }

  /**
   * Two phrases.
   *
   * @param first the tokens of one, as written, not empty
   * @param second the tokens of the other, as written, not empty
   */
  public record Pair(List<String> first, List<String> second) {

    /** Copies the tokens and checks that there are some. */
    public Pair {
      first = List.copyOf(first);
      second = List.copyOf(second);
      if (first.isEmpty() || second.isEmpty()) {
        throw new IllegalArgumentException("phrasePairs: a phrase has 0 tokens.");
      }
    }
  }

  /**
   * Reads a file, plain or in gzip, of one pair a line, in one of two forms. The first line tells
   * which, all others must have the same.
   *
   * <ul>
   *   <li>{@code phrase TAB phrase}, as Wieting et al. give them; what comes after a further tab,
   *       such as their scores, is passed over.
   *   <li>{@code [X] ||| phrase ||| phrase ||| …}, PPDB's own; what comes after the phrases is
   *       passed over. Gaps of syntactic rules, such as {@code [NP,1]}, are tokens.
   * </ul>
   *
   * <p>Phrases are tokenized already: they are cut at ASCII white space and nowhere else. Empty
   * lines are passed over; a pair may occur more than once.
   *
   * @param file the file
   * @return its pairs, at least one
   * @throws DataException if the file cannot be read, a line is not of this form, or the pairs do
   *     not fit into memory
   */
  public static PhrasePairs read(Path file) {
    return new PhrasePairs(new Reading(file).read());
  }

  /**
   * How many pairs there are.
   *
   * @return their number
   */
  public int size() {
    return pairs.size();
  }

  /**
   * All phrases, for {@link Vocabulary#wordsIn}.
   *
   * @return the tokens of both phrases of the first pair, of the second, and so on
   */
  public List<List<String>> texts() {
    List<List<String>> texts = new ArrayList<>(2 * size());
    for (Pair pair : pairs) {
      texts.add(pair.first());
      texts.add(pair.second());
    }
    return List.copyOf(texts);
  }

  /** What is known in the middle of a file. */
  private static final class Reading {

    private final Path file;
    private final List<Pair> pairs = new ArrayList<>();

    /** One string for all occurrences of a word. */
    private final Map<String, String> words = new HashMap<>();

    private long tokens;

    Reading(Path file) {
      this.file = file;
    }

    List<Pair> read() {
      try (TextLines lines = TextLines.open(file, MAX_BYTES)) {
        boolean barred = false;
        while (lines.next()) {
          String line = lines.text();
          if (pairs.isEmpty()) {
            barred = line.startsWith("[") && line.contains(BARS);
          }
          pairs.add(barred ? barred(lines, line) : tabbed(lines, line));
          if (pairs.size() % PAIRS_PER_LOOK == 0) {
            requireMemory(lines);
          }
        }
      }
      if (pairs.isEmpty()) {
        throw DataException.in(
            file, "holds nothing but empty lines (need lines of phrase, tab, phrase).");
      }
      return pairs;
    }

    private Pair tabbed(TextLines lines, String line) {
      int tab = line.indexOf('\t');
      if (tab < 0) {
        throw lines.error(
            "not a pair of phrases: "
                + DataException.quote(line)
                + " (need phrase, tab, phrase, or PPDB's own [X] ||| phrase ||| phrase in all"
                + " lines).");
      }
      int end = line.indexOf('\t', tab + 1);
      return pair(
          lines, 1, line.substring(0, tab), line.substring(tab + 1, end < 0 ? line.length() : end));
    }

    private Pair barred(TextLines lines, String line) {
      int first = line.indexOf(BARS);
      int second = first < 0 ? -1 : line.indexOf(BARS, first + BARS.length());
      if (second < 0 || !line.startsWith("[")) {
        throw lines.error(
            "not a pair of phrases: "
                + DataException.quote(line)
                + " (need [X] ||| phrase ||| phrase, as in the first line).");
      }
      int from = second + BARS.length();
      int end = line.indexOf(BARS, from);
      return pair(
          lines,
          2,
          line.substring(first + BARS.length(), second),
          line.substring(from, end < 0 ? line.length() : end));
    }

    private Pair pair(TextLines lines, int column, String first, String second) {
      return new Pair(tokens(lines, column, first), tokens(lines, column + 1, second));
    }

    private List<String> tokens(TextLines lines, int column, String phrase) {
      String stripped = phrase.strip();
      if (stripped.isEmpty()) {
        throw lines.error("the phrase in column " + column + " is empty (need at least one word).");
      }
      List<String> found = new ArrayList<>();
      for (String token : SPACES.split(stripped, -1)) {
        String known = words.putIfAbsent(token, token);
        found.add(known == null ? token : known);
      }
      tokens += found.size();
      return found;
    }

    /** Refuses early what would end in an OutOfMemoryError. */
    private void requireMemory(TextLines lines) {
      long need =
          pairs.size() * BYTES_PER_PAIR + tokens * BYTES_PER_TOKEN + words.size() * BYTES_PER_WORD;
      long heap = Runtime.getRuntime().maxMemory();
      if (need > 0.9 * heap) {
        throw lines.error(
            pairs.size()
                + " pairs and more do not fit into "
                + (heap >> 20)
                + " MiB of memory. Keep only a part of the file, or start Java with a larger"
                + " -Xmx.");
      }
    }
  }
}
