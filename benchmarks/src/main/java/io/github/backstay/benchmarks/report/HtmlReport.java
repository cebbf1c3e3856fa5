package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.benchmarks.data.DataException;
import java.nio.file.Path;
import java.util.List;

/**
 * A report as one HTML file that needs no other: the style and the pictures are inside, and a
 * policy in its head forbids the browser to fetch anything. All text is escaped. To be filled from
 * top to bottom and then written. For one thread.
 */
public final class HtmlReport {

  private static final String STYLE =
      """
      :root { color-scheme: light; }
      * { box-sizing: border-box; }
      body { margin: 0; background: #f4f5f7; color: #222; line-height: 1.55;
        font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
      main { max-width: 60rem; margin: 2rem auto; padding: 2.2rem 2.8rem 3rem; background: #fff;
        border: 1px solid #e3e5e8; border-radius: 8px; }
      h1 { margin: 0 0 1rem; font-size: 1.9rem; line-height: 1.25; }
      h2 { margin: 2.4rem 0 .7rem; padding-bottom: .3rem; font-size: 1.3rem;
        border-bottom: 1px solid #e3e5e8; }
      p { max-width: 46rem; margin: .7rem 0; }
      pre { margin: 1rem 0; padding: .8rem 1rem; overflow-x: auto; background: #f4f5f7;
        border-radius: 6px; font: .9rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
      .scroll { margin: 1.4rem 0; overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      caption { padding-bottom: .5rem; text-align: left; font-weight: 600; }
      th, td { padding: .38rem 1.1rem .38rem .2rem; text-align: left; vertical-align: baseline;
        border-bottom: 1px solid #e3e5e8; }
      thead th { border-bottom: 2px solid #9aa1a9; font-weight: 600; vertical-align: bottom; }
      tbody tr:hover { background: #f4f5f7; }
      .n { padding: .38rem .4rem .38rem 1.1rem; text-align: right; white-space: nowrap; }
      figure { margin: 1.6rem 0; }
      figcaption { font-weight: 600; }
      svg { display: block; width: 100%; height: auto; }
      @media (max-width: 40rem) { main { margin: 0; padding: 1.2rem; border: 0; } }
      @media print { body { background: #fff; } main { margin: 0; padding: 0; border: 0; }
        figure, table { break-inside: avoid; } }
      """;

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private int charts;

  /**
   * Begins a report.
   *
   * @param title its title
   */
  public HtmlReport(String title) {
    this.title = title;
  }

  /**
   * Adds a heading.
   *
   * @param text the heading
   * @return this report
   */
  @CanIgnoreReturnValue
  public HtmlReport heading(String text) {
    return element("h2", text);
  }

  /**
   * Adds a paragraph.
   *
   * @param text the paragraph
   * @return this report
   */
  @CanIgnoreReturnValue
  public HtmlReport paragraph(String text) {
    return element("p", text);
  }

  /**
   * Adds text whose spaces and line ends count, such as a command line.
   *
   * @param text the text
   * @return this report
   */
  @CanIgnoreReturnValue
  public HtmlReport preformatted(String text) {
    return element("pre", text);
  }

  @CanIgnoreReturnValue
  private HtmlReport element(String name, String text) {
    body.append('<').append(name).append('>').append(escape(text));
    body.append("</").append(name).append(">\n");
    return this;
  }

  /**
   * Adds a table as it is now.
   *
   * @param table the table
   * @return this report
   */
  @CanIgnoreReturnValue
  public HtmlReport table(Table table) {
    body.append("<div class=\"scroll\"><table>\n");
    if (!table.caption().isEmpty()) {
      element("caption", table.caption());
    }
    List<Table.Column> columns = table.columns();
    body.append("<thead><tr>");
    for (Table.Column column : columns) {
      cell("th scope=\"col\"", "th", column, column.heading());
    }
    body.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      body.append("<tr>");
      for (int c = 0; c < columns.size(); c++) {
        cell("td", "td", columns.get(c), row.get(c));
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table></div>\n");
    return this;
  }

  private void cell(String start, String end, Table.Column column, String text) {
    body.append('<').append(start).append(column.number() ? " class=\"n\">" : ">");
    body.append(escape(text)).append("</").append(end).append('>');
  }

  /**
   * Adds a chart as it is now. If this JVM cannot draw text, because the machine has no fonts, a
   * line says so in the picture's place.
   *
   * @param chart the chart
   * @return this report
   */
  @CanIgnoreReturnValue
  public HtmlReport chart(LineChart chart) {
    charts++;
    body.append("<figure role=\"img\" aria-label=\"").append(escape(chart.title())).append("\">\n");
    element("figcaption", chart.title());
    String picture;
    try {
      picture =
          ChartPicture.svg(chart, "c" + charts).orElse("<p>There is no finite value to draw.</p>");
    } catch (Error e) {
      if (!comesFromFonts(e)) {
        throw e;
      }
      picture =
          "<p>This Java has no fonts to draw with (on Linux, install fontconfig and a font"
              + " package), so the picture is missing.</p>";
    }
    body.append(picture).append("\n</figure>\n");
    return this;
  }

  /** Whether an error is one of the several that the JDK has for a machine without fonts. */
  static boolean comesFromFonts(Error e) {
    for (StackTraceElement frame : e.getStackTrace()) {
      String name = frame.getClassName();
      if (name.startsWith("sun.font.") || name.startsWith("java.awt.Font")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The report so far.
   *
   * @return a complete HTML document
   */
  public String toHtml() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>"""
        + escape(title)
        + "</title>\n<style>\n"
        + STYLE
        + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + escape(title)
        + "</h1>\n"
        + body
        + "</main>\n</body>\n</html>\n";
  }

  /**
   * Writes the report so far, as a whole or not at all.
   *
   * @param file the file; replaced if there is one; missing directories are made
   * @throws DataException if the file cannot be written
   */
  public void write(Path file) {
    OutputFiles.write(file, toHtml());
  }

  /** Text as HTML shows it, in elements and in attributes in double quotes. */
  static String escape(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> result.append("&amp;");
        case '<' -> result.append("&lt;");
        case '>' -> result.append("&gt;");
        case '"' -> result.append("&quot;");
        case '\'' -> result.append("&#39;");
        default -> {
          boolean shown = !Character.isISOControl(c) || c == '\n' || c == '\t';
          result.append(shown ? c : '\ufffd');
        }
      }
    }
    return result.toString();
  }
}
