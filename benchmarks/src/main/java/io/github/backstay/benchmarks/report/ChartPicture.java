package io.github.backstay.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a chart as SVG that can stand inside an HTML page. Its text is drawn as outlines. */
final class ChartPicture {

  private static final String POWERS = "#,##0.##########"; // 10,000 and 0.001 in full

  private static final int WIDTH = 900;
  private static final int HEIGHT = 440;

  /** Curves of at most this many points show where the points are. */
  private static final int MARKED_POINTS = 30;

  private static final Pattern LONG_DECIMAL = Pattern.compile("-?\\d+\\.\\d{3,}(?:[eE]-?\\d+)?");
  private static final Pattern ROOT = Pattern.compile("<svg[^>]*>");
  private static final Pattern DEFINED = Pattern.compile("\\bid=\"");
  private static final Pattern USED = Pattern.compile("url\\(#");

  private ChartPicture() {}

  /**
   * Draws a chart.
   *
   * @param chart the chart
   * @param prefix what the identifiers in the picture begin with; letters and digits
   * @return an svg element, or nothing if no point can be drawn
   */
  static Optional<String> svg(LineChart chart, String prefix) {
    XYChart picture = new XYChart(WIDTH, HEIGHT);
    style(picture, chart);
    for (LineChart.Line line : chart.lines()) {
      addLine(picture, chart, line);
    }
    if (picture.getSeriesMap().isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(picture, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(inline(bytes.toString(StandardCharsets.UTF_8), prefix));
  }

  private static void style(XYChart picture, LineChart chart) {
    Color ink = new Color(0x33, 0x33, 0x33);
    Color faint = new Color(0xe3, 0xe3, 0xe3);
    picture.setXAxisTitle(chart.xLabel());
    picture.setYAxisTitle(chart.yLabel());
    XYStyler styler = picture.getStyler();
    styler.setChartTitleVisible(false);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderColor(faint);
    styler.setPlotGridLinesColor(faint);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setAxisTickMarksColor(faint);
    styler.setAxisTickLabelsColor(ink);
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    styler.setChartFontColor(ink);
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    // The legend's box lies over the lower edge of the axis title.
    styler.setLegendBackgroundColor(new Color(255, 255, 255, 0));
    styler.setLegendBorderColor(new Color(255, 255, 255, 0));
    styler.setLegendPadding(8);
    styler.setLegendSeriesLineLength(28);
    styler.setChartPadding(4);
    styler.setMarkerSize(6);
    styler.setErrorBarsColorSeriesColor(true);
    styler.setYAxisLogarithmic(chart.isLogarithmic());
    styler.setXAxisLogarithmic(chart.isLogarithmicAcross());
    if (chart.isLogarithmic()) {
      styler.setYAxisDecimalPattern(POWERS);
    }
    if (chart.isLogarithmicAcross()) {
      styler.setXAxisDecimalPattern(POWERS);
    }
    if (chart.isFromZero()) {
      styler.setYAxisMin(0.0);
    }
    styler.setLocale(Locale.ROOT);
    // Okabe and Ito's colours, which people with colour blindness can tell apart.
    styler.setSeriesColors(
        new Color[] {
          new Color(0x00, 0x72, 0xb2),
          new Color(0xd5, 0x5e, 0x00),
          new Color(0x00, 0x9e, 0x73),
          new Color(0xcc, 0x79, 0xa7),
          new Color(0xe6, 0x9f, 0x00),
          new Color(0x56, 0xb4, 0xe9),
          new Color(0x55, 0x55, 0x55)
        });
    styler.setSeriesMarkers(
        new Marker[] {
          SeriesMarkers.CIRCLE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN
        });
    // The dashes change when the colours begin anew.
    BasicStroke[] strokes = new BasicStroke[14];
    for (int i = 0; i < strokes.length; i++) {
      float @Nullable [] dashes = i < strokes.length / 2 ? null : new float[] {7, 4};
      strokes[i] =
          new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }
    styler.setSeriesLines(strokes);
  }

  private static void addLine(XYChart picture, LineChart chart, LineChart.Line line) {
    double[] y = new double[line.y.length];
    double @Nullable [] error = line.error == null ? null : new double[y.length];
    boolean any = false;
    for (int i = 0; i < y.length; i++) {
      double value = line.y[i];
      boolean drawn =
          Math.abs(value) <= LineChart.LARGEST
              && (value >= 1 / LineChart.LARGEST || !chart.isLogarithmic());
      y[i] = drawn ? value : Double.NaN;
      any |= drawn;
      if (error != null && line.error != null) {
        double reach = line.error[i];
        boolean fits = reach >= 0 && reach <= LineChart.LARGEST;
        boolean positive = value - reach >= 1 / LineChart.LARGEST || !chart.isLogarithmic();
        error[i] = drawn && fits && positive ? reach : 0;
      }
    }
    if (any) {
      XYSeries series = picture.addSeries(line.name, line.x, y, error);
      if (y.length > MARKED_POINTS) {
        series.setMarker(SeriesMarkers.NONE);
      }
    }
  }

  /** Drops what only a file of its own needs, rounds to a hundredth of a pixel, renames. */
  private static String inline(String document, String prefix) {
    String svg = document.substring(document.indexOf("<svg"));
    svg =
        ROOT.matcher(svg)
            .replaceFirst(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
                    + WIDTH
                    + " "
                    + HEIGHT
                    + "\" aria-hidden=\"true\">");
    svg = LONG_DECIMAL.matcher(svg).replaceAll(number -> rounded(number.group()));
    svg = DEFINED.matcher(svg).replaceAll("id=\"" + prefix);
    svg = USED.matcher(svg).replaceAll("url(#" + prefix);
    return svg.strip();
  }

  private static String rounded(String number) {
    BigDecimal value = new BigDecimal(number).setScale(2, RoundingMode.HALF_EVEN);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
