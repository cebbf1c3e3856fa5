package io.github.backstay.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Tables for the console: columns as wide as their widest cell, two spaces apart. */
public final class TextTable {

  private static final String GAP = "  ";

  private TextTable() {}

  /**
   * Sets a table in lines.
   *
   * @param table the table
   * @return its caption if it has one, the headings, a rule, the rows; each line ends in LF and has
   *     no trailing spaces
   */
  public static String format(Table table) {
    List<Table.Column> columns = table.columns();
    int[] widths = new int[columns.size()];
    List<String> headings = new ArrayList<>();
    for (int c = 0; c < widths.length; c++) {
      headings.add(columns.get(c).heading());
      widths[c] = width(headings.get(c));
      for (List<String> row : table.rows()) {
        widths[c] = Math.max(widths[c], width(row.get(c)));
      }
    }
    StringBuilder text = new StringBuilder();
    if (!table.caption().isEmpty()) {
      text.append(oneLine(table.caption())).append('\n');
    }
    appendRow(text, columns, widths, headings);
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    appendRow(text, columns, widths, rule);
    for (List<String> row : table.rows()) {
      appendRow(text, columns, widths, row);
    }
    return text.toString();
  }

  private static void appendRow(
      StringBuilder text, List<Table.Column> columns, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = oneLine(cells.get(c));
      String padding = " ".repeat(widths[c] - width(cell));
      line.append(c == 0 ? "" : GAP);
      line.append(columns.get(c).number() ? padding + cell : cell + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String oneLine(String cell) {
    return cell.replaceAll("\\p{Cntrl}", " ");
  }
}
