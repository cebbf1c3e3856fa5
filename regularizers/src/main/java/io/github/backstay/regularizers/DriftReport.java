package io.github.backstay.regularizers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which rows of a parameter went how far from their start, and how often and how hard the gradient
 * pushed them; made by a {@link DriftRecorder}. A row has moved if one of its entries differs from
 * the start. {@code toString()} is a table.
 *
 * <p>The share q of the moved rows is at most as far as a quantile says; it is the distance of one
 * of them, and 0 if there are none.
 *
 * @param parameter the name of the parameter
 * @param rows how many rows it has
 * @param cols how many columns
 * @param steps how many gradients the recorder was told of
 * @param penalized whether one of them contained a penalty, whose pull counts as a touch
 * @param moved how many rows are not at their start
 * @param touched how many rows had a gradient in some step
 * @param returned how many of the touched rows are exactly at their start all the same
 * @param total {@code ‖W − A‖ = √Σ‖d_r‖²}
 * @param median the quantile 1/2 of the distances of the moved rows
 * @param upperDecile the quantile 9/10
 * @param upperPercentile the quantile 99/100
 * @param top the rows that moved farthest, the farthest first, of equals the lower number first
 */
public record DriftReport(
    String parameter,
    int rows,
    int cols,
    int steps,
    boolean penalized,
    int moved,
    int touched,
    int returned,
    double total,
    double median,
    double upperDecile,
    double upperPercentile,
    List<RowDrift> top) {

  private static final String GAP = "  ";

  /**
   * Copies the list.
   *
   * @param parameter its name
   * @param rows its height
   * @param cols its width
   * @param steps gradients seen
   * @param penalized with a penalty in one
   * @param moved rows not at their start
   * @param touched rows with a gradient
   * @param returned rows of these at their start
   * @param total {@code ‖W − A‖}
   * @param median quantile 1/2
   * @param upperDecile quantile 9/10
   * @param upperPercentile quantile 99/100
   * @param top the farthest rows
   */
  public DriftReport {
    top = List.copyOf(top);
  }

  /**
   * The same report with fewer rows listed; all other figures stay.
   *
   * @param k how many rows to list at most, at least 0
   * @return a report
   * @throws IllegalArgumentException if k is negative
   */
  public DriftReport top(int k) {
    requireCount(k);
    return new DriftReport(
        parameter,
        rows,
        cols,
        steps,
        penalized,
        moved,
        touched,
        returned,
        total,
        median,
        upperDecile,
        upperPercentile,
        top.subList(0, Math.min(k, top.size())));
  }

  static void requireCount(int k) {
    if (k < 0) {
      throw new IllegalArgumentException("driftReport: k must be at least 0, got " + k + ".");
    }
  }

  /**
   * What was found, and a table of the rows that moved farthest.
   *
   * @return several lines, each with LF at its end
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "drift of \"%s\", %d×%d: ‖W−W0‖ %.4g\n"
                + "rows: %d moved, %d at their start; %d touched, %d of them at their start; steps:"
                + " %d%s\n"
                + "‖d‖ of the rows that moved: median %.4g, 90 %% up to %.4g, 99 %% up to %.4g\n",
            oneLine(parameter),
            rows,
            cols,
            total,
            moved,
            rows - moved,
            touched,
            returned,
            steps,
            penalized ? " (touches by a penalty count)" : "",
            median,
            upperDecile,
            upperPercentile));
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("row", "token", "‖d‖", "touches", "Σ‖g‖", "‖Σg‖", "cos(W,W0)"));
    for (RowDrift row : top) {
      table.add(
          List.of(
              Integer.toString(row.row()),
              oneLine(row.token()),
              format("%.4g", row.distance()),
              Integer.toString(row.touches()),
              format("%.4g", row.gradient()),
              format("%.4g", row.netGradient()),
              format("%.3f", row.cosine())));
    }
    append(text, table);
    return text.toString();
  }

  /** Columns as wide as their widest cell: numbers to the right, tokens to the left. */
  private static void append(StringBuilder text, List<List<String>> table) {
    int[] widths = new int[table.get(0).size()];
    for (List<String> line : table) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], width(line.get(c)));
      }
    }
    for (List<String> line : table) {
      for (int c = 0; c < widths.length; c++) {
        String cell = line.get(c);
        String padding = " ".repeat(widths[c] - width(cell));
        text.append(c == 0 ? "" : GAP).append(c == 1 ? cell + padding : padding + cell);
      }
      text.append('\n');
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String format(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
