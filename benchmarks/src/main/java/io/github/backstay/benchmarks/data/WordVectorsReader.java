package io.github.backstay.benchmarks.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one file of word vectors; see {@link WordVectors#read(Path)}. */
final class WordVectorsReader {

  private static final String NEED = " (need lines of a word and its numbers).";

  /**
   * How many numbers a piece of the table holds at most. A piece and its header of 16 bytes fill 8
   * MiB, which G1 puts in regions of their own and so never copies.
   */
  private static final int PIECE_DOUBLES = (1 << 20) - 2;

  private static final int ROWS_AT_FIRST = 256;

  /** What a word costs beside its numbers: the string, its bytes, two references, a map entry. */
  private static final long BYTES_PER_WORD = 160;

  private final TextLines lines;
  private final Path file;
  private final @Nullable Set<String> wanted;

  private final List<String> words = new ArrayList<>();
  private final Map<String, Integer> index = new HashMap<>();
  private final List<double[]> pieces = new ArrayList<>();

  /** The line of each word. */
  private long[] lineOf = new long[1024];

  /** Where the fields of the current line begin and end. */
  private int[] starts = new int[512];

  private int[] ends = new int[512];
  private int fields;

  private int width;
  private int rowsPerPiece;
  private double[] row = {};
  private long rows;

  /** The number of words that the first line promises, or −1. */
  private long promised = -1;

  private WordVectorsReader(TextLines lines, Path file, @Nullable Set<String> wanted) {
    this.lines = lines;
    this.file = file;
    this.wanted = wanted;
  }

  static WordVectors read(Path file, @Nullable Set<String> wanted) {
    try (TextLines lines = TextLines.open(file, Long.MAX_VALUE)) {
      return new WordVectorsReader(lines, file, wanted).read();
    }
  }

  private WordVectors read() {
    if (!lines.next()) {
      throw DataException.in(file, "holds nothing but empty lines" + NEED);
    }
    split();
    if (isHeader()) {
      readHeader();
      if (!lines.next()) {
        throw DataException.in(
            file, "has a first line " + promised + " " + width + " and nothing after it" + NEED);
      }
    } else {
      width = fields - 1;
      if (width < 1) {
        throw lines.error(
            "not word vectors: the line is " + DataException.quote(lines.text()) + NEED);
      }
    }
    row = new double[width];
    rowsPerPiece = Math.max(1, PIECE_DOUBLES / width);
    do {
      readRow();
      if (!lines.terminated()) {
        throw lines.error(
            "the last line has no line end, so its last number may be cut off."
                + " If the file is complete, add a line end.");
      }
    } while (lines.next());
    return finish();
  }

  private void split() {
    byte[] bytes = lines.bytes();
    int length = lines.length();
    fields = 0;
    if (length > 0 && isSeparator(bytes[0])) {
      throw lines.error("starts with a space: the word is missing" + NEED);
    }
    int at = 0;
    while (at < length) {
      int from = at;
      while (at < length && !isSeparator(bytes[at])) {
        at++;
      }
      if (fields == starts.length) {
        starts = Arrays.copyOf(starts, 2 * fields);
        ends = Arrays.copyOf(ends, 2 * fields);
      }
      starts[fields] = from;
      ends[fields] = at;
      fields++;
      while (at < length && isSeparator(bytes[at])) {
        at++;
      }
    }
  }

  private static boolean isSeparator(byte b) {
    return b == ' ' || b == '\t';
  }

  private boolean isHeader() {
    return fields == 2 && isWhole(0) && isWhole(1);
  }

  private boolean isWhole(int field) {
    for (int i = starts[field]; i < ends[field]; i++) {
      if (lines.bytes()[i] < '0' || lines.bytes()[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private void readHeader() {
    double count = number(0);
    double columns = number(1);
    if (count < 1 || count > Integer.MAX_VALUE || columns < 1 || columns > 1e6) {
      throw lines.error(
          "promises "
              + ascii(0)
              + " words × "
              + ascii(1)
              + " numbers (need at least 1 of each, and not more than 2147483647 × 1000000).");
    }
    promised = (long) count;
    width = (int) columns;
  }

  private void readRow() {
    int wordEnd = readPlainRow();
    if (wordEnd < 0) {
      split();
      wordEnd = readSplitRow();
    }
    rows++;
    if (promised >= 0 && rows > promised) {
      throw lines.error("is one word too many: the first line promises " + promised + " words.");
    }
    String word = lines.text(0, wordEnd);
    if (wanted == null || wanted.contains(word)) {
      keep(word);
    }
  }

  /**
   * Reads a line of one word without spaces and {@code width} finite numbers in one go.
   *
   * @return the end of the word, or −1 if the line is not so
   */
  private int readPlainRow() {
    byte[] bytes = lines.bytes();
    int length = lines.length();
    int wordEnd = 0;
    while (wordEnd < length && !isSeparator(bytes[wordEnd])) {
      wordEnd++;
    }
    int end = Decimals.parseRow(bytes, wordEnd, length, row);
    while (end >= 0 && end < length && isSeparator(bytes[end])) {
      end++;
    }
    return wordEnd > 0 && end == length ? wordEnd : -1;
  }

  /** Reads a line that was split, says what is wrong with it, and gives the end of the word. */
  private int readSplitRow() {
    int surplus = fields - 1 - width;
    for (int i = 1; i <= surplus; i++) {
      if (!Double.isNaN(number(i))) {
        throw wrongWidth();
      }
    }
    if (surplus < 0) {
      throw wrongWidth();
    }
    for (int i = 0; i < width; i++) {
      double value = number(fields - width + i);
      if (!Double.isFinite(value)) {
        throw badNumber(i);
      }
      row[i] = value;
    }
    return ends[surplus];
  }

  private DataException wrongWidth() {
    String needed =
        promised >= 0 ? "the first line promises " + width : "the first word has " + width;
    return lines.error(
        "the word "
            + DataException.quote(lines.text(0, ends[0]))
            + " has "
            + (fields - 1)
            + " numbers, "
            + needed
            + " (all must have the same)."
            + (lines.terminated() ? "" : " The file seems to be cut off."));
  }

  private DataException badNumber(int i) {
    int field = fields - width + i;
    double value = number(field);
    String text = DataException.quote(lines.text(starts[field], ends[field]));
    boolean tooLarge = Double.isInfinite(value);
    String what = " is " + text + (tooLarge ? ", too large for a double" : ", not a finite number");
    return lines.error("number " + (i + 1) + what + NEED);
  }

  private void keep(String word) {
    int size = words.size();
    Integer before = index.putIfAbsent(word, size);
    if (before != null) {
      throw lines.error(
          "the word "
              + DataException.quote(word)
              + " stands already in line "
              + lineOf[before]
              + ".");
    }
    System.arraycopy(row, 0, pieceFor(size), size % rowsPerPiece * width, width);
    if (size == lineOf.length) {
      lineOf = Arrays.copyOf(lineOf, 2 * size);
    }
    lineOf[size] = lines.number();
    words.add(word);
  }

  /** The piece of the next row, with room for it. The first piece grows, the others are whole. */
  private double[] pieceFor(int size) {
    int last = size / rowsPerPiece;
    if (last == pieces.size()) {
      requireMemory();
      int rowsAtFirst = last == 0 ? Math.min(ROWS_AT_FIRST, rowsPerPiece) : rowsPerPiece;
      pieces.add(new double[rowsAtFirst * width]);
    }
    double[] piece = pieces.get(last);
    if (piece.length == size % rowsPerPiece * width) {
      piece = Arrays.copyOf(piece, Math.min(2 * piece.length, rowsPerPiece * width));
      pieces.set(last, piece);
    }
    return piece;
  }

  /** Refuses early what would end in an OutOfMemoryError. */
  private void requireMemory() {
    long next = words.size() + (long) rowsPerPiece;
    long heap = Runtime.getRuntime().maxMemory();
    boolean tooMany = next * width > Integer.MAX_VALUE - 8L;
    if (tooMany || next * ((long) Double.BYTES * width + BYTES_PER_WORD) > 0.9 * heap) {
      throw lines.error(
          words.size()
              + " words × "
              + width
              + " numbers and more do not fit "
              + (tooMany ? "into one matrix." : "into " + (heap >> 20) + " MiB of memory.")
              + " Keep only the words that are needed"
              + (tooMany ? "." : ", or start Java with a larger -Xmx."));
    }
  }

  private double number(int field) {
    return Decimals.parse(lines.bytes(), starts[field], ends[field]);
  }

  private String ascii(int field) {
    return new String(
        lines.bytes(), starts[field], ends[field] - starts[field], StandardCharsets.US_ASCII);
  }

  private WordVectors finish() {
    if (promised >= 0 && rows < promised) {
      throw DataException.in(
          file,
          "the first line promises " + promised + " words, found " + rows + ": it is cut off.");
    }
    if (words.isEmpty()) {
      throw DataException.in(file, "none of its " + rows + " words is needed here.");
    }
    int last = pieces.size() - 1;
    int left = (words.size() - last * rowsPerPiece) * width;
    pieces.set(last, Arrays.copyOf(pieces.get(last), left));
    return WordVectors.adopt(words, index, width, rowsPerPiece, pieces.toArray(double[][]::new));
  }
}
