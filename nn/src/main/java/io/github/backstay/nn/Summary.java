package io.github.backstay.nn;

import io.github.backstay.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a module as a table; {@link #toString()} prints it:
 *
 * <pre>
 * parameter      kind       shape  count  state
 * words.weight   Embedding  100×8    800  frozen
 * hidden.weight  Linear       8×8     64  trainable
 * hidden.bias    Linear       1×8      8  trainable
 * output.weight  Linear     100×8         same as words.weight
 * total 872: 72 trainable, 800 frozen
 * </pre>
 *
 * @param rows one row per path, in the order in which the parameters were registered
 */
public record Summary(List<Row> rows) {

  /**
   * Copies the list.
   *
   * @param rows one row per path
   */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * One parameter or statistic under one of its paths.
   *
   * @param path from the module that was summarized
   * @param kind the class of the module that holds it
   * @param shape its shape
   * @param state what becomes of it in training
   * @param sameAs the path of an earlier row that shows the same one, or null; such rows do not
   *     count
   */
  public record Row(String path, String kind, Shape shape, State state, @Nullable String sameAs) {

    private boolean counts() {
      return sameAs == null && state != State.STATISTIC;
    }

    private String remark() {
      return sameAs != null ? "same as " + sameAs : state.toString();
    }
  }

  /** What becomes of the numbers of a row in training. */
  public enum State {
    /** A parameter that is trained. */
    TRAINABLE,
    /** A parameter that is left out of training. */
    FROZEN,
    /** A {@link Statistic}: no parameter, and counted nowhere. */
    STATISTIC;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How many numbers there are, shared ones counted once.
   *
   * @return trainable and frozen
   */
  public long total() {
    return trainable() + frozen();
  }

  /**
   * How many numbers are trained, shared ones counted once.
   *
   * @return those of trainable parameters
   */
  public long trainable() {
    return count(State.TRAINABLE);
  }

  /**
   * How many numbers are left out of training, shared ones counted once.
   *
   * @return those of frozen parameters
   */
  public long frozen() {
    return count(State.FROZEN);
  }

  private long count(State state) {
    return rows.stream()
        .filter(row -> row.counts() && row.state() == state)
        .mapToLong(row -> row.shape().size())
        .sum();
  }

  @Override
  public String toString() {
    List<String[]> table = new ArrayList<>();
    table.add(new String[] {"parameter", "kind", "shape", "count", "state"});
    for (Row row : rows) {
      String count = row.counts() ? number(row.shape().size()) : "";
      table.add(new String[] {row.path(), row.kind(), row.shape().toString(), count, row.remark()});
    }
    int[] widths = new int[4];
    for (String[] cells : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cells[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] cells : table) {
      for (int i = 0; i < widths.length; i++) {
        String space = " ".repeat(widths[i] - cells[i].length());
        boolean right = i >= 2; // shapes and counts
        text.append(right ? space + cells[i] : cells[i] + space).append("  ");
      }
      text.append(cells[4]).append('\n');
    }
    return text.append("total ")
        .append(number(total()))
        .append(": ")
        .append(number(trainable()))
        .append(" trainable, ")
        .append(number(frozen()))
        .append(" frozen")
        .toString();
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
