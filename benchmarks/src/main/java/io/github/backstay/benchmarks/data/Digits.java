package io.github.backstay.benchmarks.data;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Digits of 8×8 pixels with their classes. The matrix is not to be changed.
 *
 * @param pixels one row of 64 numbers from 0 (paper) to 1 (ink) per digit, line by line
 * @param labels the class of each digit, 0 to 9
 */
public record Digits(DMatrixRMaj pixels, Indices labels) {

  /** How many pixels a digit has. */
  public static final int PIXELS = 64;

  /** How many classes there are. */
  public static final int CLASSES = 10;

  /** How much ink a pixel of a file can hold. */
  private static final int MOST_INK = 16;

  /** A file of digits larger than this is not one. */
  private static final long MAX_BYTES = 16L << 20;

  /** Checks that there is one label per digit, and that digits have 64 pixels. */
  public Digits {
    if (pixels.numRows != labels.size() || pixels.numCols != PIXELS) {
      throw new ShapeException(
          "digits: the pixels are "
              + Shape.of(pixels)
              + ", and there are "
              + labels.size()
              + " labels (need a row of "
              + PIXELS
              + " pixels for each label).");
    }
  }

  /**
   * Reads a file in the format of the UCI repository's optdigits (Alpaydin and Kaynak 1998): 65
   * whole numbers a line with commas between them, 64 counts of ink from 0 to 16, then the class.
   * Counts are divided by 16.
   *
   * @param file the file, plain or in gzip
   * @return its digits
   * @throws DataException if the file cannot be read or a line is not of this form
   */
  public static Digits read(Path file) {
    List<double[]> rows = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    try (TextLines lines = TextLines.open(file, MAX_BYTES)) {
      while (lines.next()) {
        String[] fields = lines.text().split(",", -1);
        if (fields.length != PIXELS + 1) {
          throw lines.error(
              "holds "
                  + fields.length
                  + (fields.length == 1 ? " field" : " fields")
                  + " (need 65 with commas between them: 64 counts of ink, then the class).");
        }
        double[] row = new double[PIXELS];
        for (int j = 0; j < PIXELS; j++) {
          row[j] = number(lines, "count " + (j + 1), fields[j], MOST_INK) / (double) MOST_INK;
        }
        rows.add(row);
        classes.add(number(lines, "the class", fields[PIXELS], CLASSES - 1));
      }
    }
    if (rows.isEmpty()) {
      throw DataException.in(file, "holds nothing but empty lines (need lines of 65 numbers).");
    }
    return new Digits(
        new DMatrixRMaj(rows.toArray(double[][]::new)),
        Indices.of(classes.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static int number(TextLines lines, String what, String field, int most) {
    String digits = field.strip();
    boolean plain = digits.length() == 1 || digits.length() == 2;
    int value = 0;
    for (int i = 0; plain && i < digits.length(); i++) {
      char c = digits.charAt(i);
      plain = c >= '0' && c <= '9';
      value = 10 * value + c - '0';
    }
    if (!plain || value > most) {
      throw lines.error(
          what
              + " is "
              + DataException.quote(field)
              + " (need a whole number from 0 to "
              + most
              + ").");
    }
    return value;
  }

  /**
   * How many digits there are.
   *
   * @return their number
   */
  public int size() {
    return labels.size();
  }

  /**
   * Some of the digits.
   *
   * @param order positions of digits
   * @param from the first entry of the order
   * @param to the entry after the last
   * @return those digits, in that order
   */
  public Digits choose(int[] order, int from, int to) {
    DMatrixRMaj rows = new DMatrixRMaj(to - from, PIXELS);
    int[] classes = new int[to - from];
    for (int i = from; i < to; i++) {
      System.arraycopy(pixels.data, order[i] * PIXELS, rows.data, (i - from) * PIXELS, PIXELS);
      classes[i - from] = labels.get(order[i]);
    }
    return new Digits(rows, Indices.of(classes));
  }

  /**
   * The same digits seen through a shuffled retina.
   *
   * @param order pixel j of the result is pixel {@code order[j]} of this
   * @return digits with the same classes
   */
  public Digits permuted(int[] order) {
    DMatrixRMaj moved = new DMatrixRMaj(size(), PIXELS);
    for (int i = 0; i < size(); i++) {
      for (int j = 0; j < PIXELS; j++) {
        moved.data[i * PIXELS + j] = pixels.data[i * PIXELS + order[j]];
      }
    }
    return new Digits(moved, labels);
  }

  /**
   * The same pixels with other classes.
   *
   * @param others one class per digit
   * @return the digits
   */
  public Digits labelled(Indices others) {
    return new Digits(pixels, others);
  }
}
