package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.report.Table.Column;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class HtmlReportTest {

  private static final String HOSTILE = "<script src=\"http://x\">&'</script><img onerror=x>";

  @TempDir private Path directory = Path.of("");

  @Test
  void everyTextIsEscaped() {
    String html =
        new HtmlReport(HOSTILE)
            .heading(HOSTILE)
            .paragraph(HOSTILE)
            .preformatted(HOSTILE)
            .table(new Table(HOSTILE, Column.text(HOSTILE)).row(HOSTILE))
            .chart(chart(HOSTILE).line(HOSTILE, new double[] {1, 2}, new double[] {3, 4}))
            .toHtml();
    assertFalse(html.contains("<script"), html);
    assertFalse(html.contains("<img"), html);
    String escaped = HtmlReport.escape(HOSTILE);
    assertEquals(
        "&lt;script src=&quot;http://x&quot;&gt;&amp;&#39;&lt;/script&gt;&lt;img onerror=x&gt;",
        escaped);
    // Two titles, heading, paragraph, preformatted, caption, column, cell, label, caption.
    assertEquals(10, html.split(Pattern.quote(escaped), -1).length - 1);
  }

  @Property(tries = 300)
  void escapedTextIsReadBackByAParser(@ForAll String text) throws Exception {
    // What XML cannot hold at all is outside of what escaping can do.
    String plain =
        text.codePoints()
            .filter(c -> (c >= 0xa0 && c < 0xd800) || (c >= 0x20 && c < 0x7f))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    String escaped = HtmlReport.escape(plain);
    Document document = parse("<a b=\"" + escaped + "\">" + escaped + "</a>");
    assertEquals(plain, document.getDocumentElement().getTextContent());
    assertEquals(plain, document.getDocumentElement().getAttribute("b"));
  }

  @Test
  void reportNeedsNothingFromElsewhere() {
    String html = example().toHtml();
    assertTrue(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    for (String loader :
        List.of("src=", "href=", "@import", "<link", "<script", "<iframe", "<object", "DTD")) {
      assertFalse(html.contains(loader), loader);
    }
    // Of all addresses only the name of SVG's own language is there, and it is not fetched.
    assertEquals(
        html.split("http://www.w3.org/2000/svg\"", -1).length, html.split("https?:", -1).length);
    for (MatchResult use : Pattern.compile("url\\(([^)]*)").matcher(html).results().toList()) {
      assertTrue(use.group(1).startsWith("#"), use.group(1));
    }
  }

  @Test
  void picturesAreWellFormedAndShareNoIdentifiers() throws Exception {
    String html = example().toHtml();
    Set<String> identifiers = new HashSet<>();
    int pictures = 0;
    for (MatchResult svg : Pattern.compile("(?s)<svg .*?</svg>").matcher(html).results().toList()) {
      Document document = parse(svg.group());
      NodeList elements = document.getElementsByTagName("*");
      for (int i = 0; i < elements.getLength(); i++) {
        if (elements.item(i) instanceof Element element && element.hasAttribute("id")) {
          assertTrue(identifiers.add(element.getAttribute("id")), element.getAttribute("id"));
        }
      }
      assertTrue(document.getElementsByTagName("path").getLength() > 5);
      pictures++;
    }
    assertEquals(2, pictures);
    for (MatchResult use : Pattern.compile("url\\(#([^)]*)").matcher(html).results().toList()) {
      assertTrue(identifiers.contains(use.group(1)), use.group(1));
    }
  }

  @Test
  void sameContentGivesTheSameBytes() {
    assertEquals(example().toHtml(), example().toHtml());
  }

  @Test
  void curvesThatDifferGiveOtherPictures() {
    double[] x = {1, 2, 3};
    String rising = svg(chart("a").line("l", x, new double[] {1, 2, 3}));
    assertNotEquals(rising, svg(chart("a").line("l", x, new double[] {3, 2, 1})));
    assertNotEquals(rising, svg(chart("a").logarithmic().line("l", x, new double[] {1, 2, 3})));
    double[] error = {0.5, 0.5, 0.5};
    assertNotEquals(rising, svg(chart("a").line("l", x, new double[] {1, 2, 3}, error)));
  }

  @Property(tries = 60)
  void anyNumbersCanBeDrawn(@ForAll double first, @ForAll double second, @ForAll boolean log) {
    double[] x = {1, 2, 3, 4};
    double[] y = {first, second, Double.NaN, -first};
    LineChart chart = chart("a").line("l", x, y, new double[] {second, first, 1, Double.NaN});
    assertTrue(new HtmlReport("t").chart(log ? chart.logarithmic() : chart).toHtml().length() > 0);
  }

  @Test
  void chartWithoutFiniteValuesSaysSo() {
    LineChart chart = chart("a").line("l", new double[] {1}, new double[] {Double.NaN});
    String html = new HtmlReport("t").chart(chart).chart(chart("none")).toHtml();
    assertEquals(3, html.split("There is no finite value to draw\\.", -1).length);
    assertFalse(html.contains("<svg"));
  }

  @Test
  void linesAreChecked() {
    double[] one = {1};
    double[] two = {1, 2};
    LineChart chart = chart("a").line("l", one, one);
    assertEquals(
        "line: the name \"l\" is taken already.",
        assertThrows(IllegalArgumentException.class, () -> chart.line("l", one, one)).getMessage());
    assertEquals(
        "line \"m\": there are 2 x, 1 y, 2 errors (need as many of each, and at least one).",
        assertThrows(IllegalArgumentException.class, () -> chart.line("m", two, one, two))
            .getMessage());
    assertEquals(
        "line \"m\": an x is Infinity (must be finite).",
        assertThrows(
                IllegalArgumentException.class,
                () -> chart.line("m", new double[] {Double.POSITIVE_INFINITY}, one))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> chart.line("m", new double[0], new double[0]));
    assertThrows(IllegalArgumentException.class, () -> chart.line(" ", one, one));
  }

  @Test
  void writesWhatItHolds() throws IOException {
    Path file = directory.resolve("new/folder/report.html");
    HtmlReport report = example();
    report.write(file);
    assertEquals(report.toHtml(), Files.readString(file));
  }

  private static HtmlReport example() {
    double[] x = {1, 2, 3};
    double[] y = {0.5, 0.25, 0.125};
    return new HtmlReport("Title")
        .heading("One")
        .paragraph("Text")
        .chart(chart("first").line("a", x, y).line("b", x, x))
        .chart(chart("second").logarithmic().line("a", x, y, new double[] {0.1, 0.1, 0.1}))
        .table(new Table("", Column.text("a"), Column.number("b")).row("x", "1"));
  }

  private static String svg(LineChart chart) {
    return ChartPicture.svg(chart, "p").orElseThrow();
  }

  private static LineChart chart(String title) {
    return new LineChart(title, "step", "loss");
  }

  private static Document parse(String xml)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
