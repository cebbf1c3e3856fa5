package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of text, to be filled row by row and then shown by a report. For one thread. */
public final class Table {

  /**
   * A column.
   *
   * @param heading what stands above it
   * @param number whether its cells are numbers, which are set to the right
   */
  public record Column(String heading, boolean number) {

    /**
     * A column of words.
     *
     * @param heading what stands above it
     * @return the column
     */
    public static Column text(String heading) {
      return new Column(heading, false);
    }

    /**
     * A column of numbers.
     *
     * @param heading what stands above it
     * @return the column
     */
    public static Column number(String heading) {
      return new Column(heading, true);
    }
  }

  private final String caption;
  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Creates a table without rows.
   *
   * @param caption what it shows; may be empty
   * @param columns its columns, at least one
   */
  public Table(String caption, Column... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("table: there are no columns (need at least one).");
    }
    this.caption = caption;
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells one text a column
   * @return this table
   * @throws IllegalArgumentException if there are more or fewer cells than columns
   */
  @CanIgnoreReturnValue
  public Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "row: there are "
              + cells.length
              + " cells, the table has "
              + columns.size()
              + " columns (must be the same).");
    }
    rows.add(List.of(cells));
    return this;
  }

  /**
   * What the table shows.
   *
   * @return the caption
   */
  public String caption() {
    return caption;
  }

  /**
   * The columns.
   *
   * @return from left to right
   */
  public List<Column> columns() {
    return columns;
  }

  /**
   * The rows.
   *
   * @return a view of the rows so far
   */
  public List<List<String>> rows() {
    return Collections.unmodifiableList(rows);
  }
}
