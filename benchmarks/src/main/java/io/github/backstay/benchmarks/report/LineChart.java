package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Curves over a common axis, to be filled line by line and then shown by a report. Points with a
 * value that is not finite or beyond ±1e100 are gaps; on a logarithmic axis, so are points below
 * 1e−100. For one thread.
 */
public final class LineChart {

  /** Larger values are not drawn: they would squeeze all others into one line. */
  static final double LARGEST = 1e100;

  /** A curve; the arrays are its own. */
  static final class Line {
    final String name;
    final double[] x;
    final double[] y;
    final double @Nullable [] error;

    private Line(String name, double[] x, double[] y, double @Nullable [] error) {
      this.name = name;
      this.x = x.clone();
      this.y = y.clone();
      this.error = error == null ? null : error.clone();
    }
  }

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Line> lines = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private boolean logarithmic;
  private boolean logarithmicAcross;
  private boolean fromZero;

  /**
   * Creates a chart without lines.
   *
   * @param title what it shows
   * @param xLabel what the horizontal axis counts
   * @param yLabel what the vertical axis measures
   */
  public LineChart(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /**
   * Makes the vertical axis logarithmic.
   *
   * @return this chart
   */
  @CanIgnoreReturnValue
  public LineChart logarithmic() {
    logarithmic = true;
    return this;
  }

  /**
   * Makes the horizontal axis logarithmic.
   *
   * @return this chart
   */
  @CanIgnoreReturnValue
  public LineChart logarithmicAcross() {
    logarithmicAcross = true;
    return this;
  }

  /**
   * Lets the vertical axis begin at 0, so that small differences look small.
   *
   * @return this chart
   */
  @CanIgnoreReturnValue
  public LineChart fromZero() {
    fromZero = true;
    return this;
  }

  /**
   * Adds a curve.
   *
   * @param name its name in the legend, which no other has
   * @param x where the points are, finite
   * @param y their values, as many
   * @return this chart
   * @throws IllegalArgumentException if the name is taken or the lengths differ
   */
  @CanIgnoreReturnValue
  public LineChart line(String name, double[] x, double[] y) {
    return add(name, x, y, null);
  }

  /**
   * Adds a curve with error bars.
   *
   * @param name its name in the legend, which no other has
   * @param x where the points are, finite
   * @param y their values, as many
   * @param error how far a bar reaches up and down at each point, as many, at least 0
   * @return this chart
   * @throws IllegalArgumentException if the name is taken or the lengths differ
   */
  @CanIgnoreReturnValue
  public LineChart line(String name, double[] x, double[] y, double[] error) {
    return add(name, x, y, error);
  }

  private LineChart add(String name, double[] x, double[] y, double @Nullable [] error) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("line: the name must not be blank.");
    }
    if (x.length == 0 || x.length != y.length || (error != null && error.length != y.length)) {
      throw new IllegalArgumentException(
          "line \""
              + name
              + "\": there are "
              + x.length
              + " x, "
              + y.length
              + " y"
              + (error == null ? "" : ", " + error.length + " errors")
              + " (need as many of each, and at least one).");
    }
    for (double value : x) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "line \"" + name + "\": an x is " + value + " (must be finite).");
      }
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException("line: the name \"" + name + "\" is taken already.");
    }
    lines.add(new Line(name, x, y, error));
    return this;
  }

  /**
   * What the chart shows.
   *
   * @return the title
   */
  public String title() {
    return title;
  }

  String xLabel() {
    return xLabel;
  }

  String yLabel() {
    return yLabel;
  }

  List<Line> lines() {
    return lines;
  }

  boolean isLogarithmicAcross() {
    return logarithmicAcross;
  }

  boolean isFromZero() {
    return fromZero;
  }

  boolean isLogarithmic() {
    return logarithmic;
  }
}
