package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.benchmarks.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many points, some of them with a name, as an SVG file of its own: counts from left to right, at
 * {@code log(1 + n)}, a measure from 0 upwards. Names never lie over one another; one for which
 * there is no room is left out. To be filled and then written. For one thread.
 */
public final class ScatterPicture {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int LEFT = 76;
  private static final int RIGHT = WIDTH - 26;
  private static final int TOP = 74;
  private static final int BOTTOM = HEIGHT - 64;

  private static final double LETTER = 7.6; // a generous guess at the width of one, in pixels
  private static final double LINE = 15.0; // the height of a name
  private static final double NEAR = 9.0; // how far a name is from its point without a line
  private static final double DOT = 5.0; // how far from a point nothing is written
  private static final int GRID = 2; // dots of the crowd are set so far apart

  /** On which sides of its point a name is tried, in degrees: right, left, above, below, aslant. */
  private static final int[] SIDES = {
    0, 180, 270, 90, 315, 225, 45, 135, 340, 200, 20, 160, 290, 250, 70, 110
  };

  private record Point(double count, double measure, String name) {}

  /** What the axes reach from and to. */
  private record Scale(double least, double most, double up) {
    double x(double count) {
      return LEFT + (RIGHT - LEFT) * (Math.log1p(count) - least) / (most - least);
    }

    double y(double measure) {
      return BOTTOM - (BOTTOM - TOP) * measure / up;
    }
  }

  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  private final String title;
  private final String subtitle;
  private final String countLabel;
  private final String measureLabel;
  private final List<Point> points = new ArrayList<>();

  /**
   * Begins a picture.
   *
   * @param title what it shows
   * @param subtitle a line below the title
   * @param countLabel what the horizontal axis counts
   * @param measureLabel what the vertical axis measures
   */
  public ScatterPicture(String title, String subtitle, String countLabel, String measureLabel) {
    this.title = title;
    this.subtitle = subtitle;
    this.countLabel = countLabel;
    this.measureLabel = measureLabel;
  }

  /**
   * Adds a point without a name.
   *
   * @param count at least 0
   * @param measure finite, at least 0
   * @return this picture
   * @throws IllegalArgumentException if a number is not in its range
   */
  @CanIgnoreReturnValue
  public ScatterPicture point(int count, double measure) {
    return point(count, measure, "");
  }

  /**
   * Adds a point with a name; the first ones are the first to get room.
   *
   * @param count at least 0
   * @param measure finite, at least 0
   * @param name what is written beside it
   * @return this picture
   * @throws IllegalArgumentException if a number is not in its range
   */
  @CanIgnoreReturnValue
  public ScatterPicture point(int count, double measure, String name) {
    if (count < 0 || !(measure >= 0.0) || Double.isInfinite(measure)) {
      throw new IllegalArgumentException(
          "point: count and measure must be finite and at least 0, got "
              + count
              + " and "
              + measure
              + ".");
    }
    points.add(new Point(count, measure, name));
    return this;
  }

  /**
   * Writes the picture, as a whole or not at all.
   *
   * @param file the file; replaced if there is one; missing directories are made
   * @throws DataException if the file cannot be written
   */
  public void write(Path file) {
    OutputFiles.write(file, toSvg());
  }

  /**
   * The picture as text.
   *
   * @return an SVG document
   */
  public String toSvg() {
    double mostCounted = points.stream().mapToDouble(Point::count).max().orElse(0.0);
    double largest = points.stream().mapToDouble(Point::measure).max().orElse(0.0);
    double step = roundStep(largest > 0.0 ? largest : 1.0);
    double up = step * Math.ceil(1.02 * Math.max(largest, step) / step);
    double least = Math.log1p(points.stream().mapToDouble(Point::count).min().orElse(0.0));
    double most = Math.max(Math.log1p(mostCounted), least + 1.0);
    double room = 0.05 * (most - least);
    Scale scale = new Scale(Math.max(0.0, least - room), most + room, up);

    StringBuilder svg = new StringBuilder();
    add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", WIDTH, HEIGHT);
    add(svg, " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#333\">\n");
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT);
    text(svg, LEFT, 30, "font-size=\"19\" font-weight=\"bold\"", title);
    text(svg, LEFT, 52, "font-size=\"14\"", subtitle);
    for (double at = 0.0; at <= up + step / 2; at += step) {
      double y = scale.y(at);
      add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#e3e3e3\"/>\n", LEFT, y, RIGHT);
      text(svg, LEFT - 8, y + 4.5, "text-anchor=\"end\"", shortest(at, step));
    }
    countTick(svg, scale, 0);
    for (long unit = 1; unit <= mostCounted; unit *= 10) {
      countTick(svg, scale, unit);
      countTick(svg, scale, 2 * unit);
      countTick(svg, scale, 5 * unit);
    }
    add(svg, "<path d=\"M%d %dH%d\" stroke=\"#999\"/>\n", LEFT, BOTTOM, RIGHT);
    String middle = "text-anchor=\"middle\" font-size=\"14\"";
    text(svg, (LEFT + RIGHT) / 2.0, HEIGHT - 18, middle, countLabel);
    String turned = " transform=\"rotate(-90 22 " + (TOP + BOTTOM) / 2 + ")\"";
    text(svg, 22, (TOP + BOTTOM) / 2.0, middle + turned, measureLabel);

    crowd(svg, scale);
    names(svg, scale);
    return svg.append("</svg>\n").toString();
  }

  /** Points without names, darker where there are more of them. */
  private void crowd(StringBuilder svg, Scale scale) {
    Map<Long, Integer> cells = new TreeMap<>();
    for (Point point : points) {
      if (point.name.isEmpty()) {
        long column = Math.round(scale.x(point.count) / GRID);
        long row = Math.round(scale.y(point.measure) / GRID);
        cells.merge(column * HEIGHT + row, 1, Integer::sum);
      }
    }
    String[] colors = {"#a9cde6", "#5ba3d0", "#1f6fa8"};
    for (int shade = 0; shade < colors.length; shade++) {
      StringBuilder dots = new StringBuilder();
      for (Map.Entry<Long, Integer> cell : cells.entrySet()) {
        int many = cell.getValue() == 1 ? 0 : cell.getValue() < 4 ? 1 : 2;
        if (many == shade) {
          dots.append('M').append(GRID * (cell.getKey() / HEIGHT));
          dots.append(' ').append(GRID * (cell.getKey() % HEIGHT)).append("h0");
        }
      }
      add(svg, "<path d=\"%s\" stroke=\"%s\"", dots, colors[shade]);
      add(svg, " stroke-width=\"4\" stroke-linecap=\"round\"/>\n");
    }
  }

  private void names(StringBuilder svg, Scale scale) {
    List<Box> taken = new ArrayList<>();
    for (Point point : points) {
      if (!point.name.isEmpty()) {
        double x = scale.x(point.count);
        double y = scale.y(point.measure);
        add(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"", x, y);
        add(svg, " fill=\"#d55e00\" stroke=\"#fff\"/>\n");
        taken.add(around(x, y, DOT, DOT));
      }
    }
    for (Point point : points) {
      if (!point.name.isEmpty()) {
        name(svg, point.name, scale.x(point.count), scale.y(point.measure), taken);
      }
    }
  }

  /** Writes a name where it finds room first, near its point rather than far from it. */
  private static void name(
      StringBuilder svg, String name, double fromX, double fromY, List<Box> taken) {
    double half = name.codePointCount(0, name.length()) * LETTER / 2;
    for (double far = NEAR; far < 120.0; far += 8.0) {
      for (int side : SIDES) {
        double x = fromX + Math.cos(Math.toRadians(side)) * (far + half);
        double y = fromY + Math.sin(Math.toRadians(side)) * (far + LINE / 4);
        Box box = around(x, y, half, LINE / 2);
        double toX = Math.max(box.left, Math.min(box.right, fromX));
        double toY = Math.max(box.top, Math.min(box.bottom, fromY));
        List<Box> line = far > NEAR ? line(fromX, fromY, toX, toY) : List.of();
        if (box.left > LEFT
            && box.right < RIGHT
            && box.top > TOP
            && box.bottom < BOTTOM
            && isFree(box, taken)
            && line.stream().allMatch(piece -> isFree(piece, taken))) {
          taken.add(box);
          taken.addAll(line);
          if (far > NEAR) {
            add(svg, "<path d=\"M%.1f %.1fL%.1f %.1f\"", fromX, fromY, toX, toY);
            add(svg, " stroke=\"#d55e00\" stroke-width=\".8\"/>\n");
          }
          // A letter's width is a guess: the end that is next to the point must be right.
          String anchor = box.left > fromX ? "start" : box.right < fromX ? "end" : "middle";
          double at = box.left > fromX ? box.left : box.right < fromX ? box.right : x;
          // A white rim, so that it can be read over the crowd.
          String rim = " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";
          text(svg, at, y + 4.5, "text-anchor=\"" + anchor + "\"" + rim, name);
          return;
        }
      }
    }
  }

  private static boolean isFree(Box box, List<Box> taken) {
    return taken.stream().noneMatch(box::meets);
  }

  /** The room that a line takes between the dot that it comes from and the name. */
  private static List<Box> line(double fromX, double fromY, double toX, double toY) {
    double length = Math.hypot(toX - fromX, toY - fromY);
    List<Box> pieces = new ArrayList<>();
    for (double at = 2 * DOT; at < length; at += 2.0) {
      double share = at / length;
      pieces.add(around(fromX + share * (toX - fromX), fromY + share * (toY - fromY), 1.0, 1.0));
    }
    return pieces;
  }

  private static void countTick(StringBuilder svg, Scale scale, long count) {
    double x = scale.x((double) count);
    if (x >= LEFT && x <= RIGHT) {
      String label = String.format(Locale.ROOT, "%,d", count);
      add(svg, "<path d=\"M%.1f %dv5\" stroke=\"#999\"/>\n", x, BOTTOM);
      text(svg, x, BOTTOM + 20, "text-anchor=\"middle\"", label);
    }
  }

  private static Box around(double x, double y, double halfWidth, double halfHeight) {
    return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
  }

  /** The distance of lines, 1, 2 or 5 times a power of ten, of which four to nine fit. */
  private static double roundStep(double largest) {
    double power = Math.pow(10.0, Math.floor(Math.log10(largest / 4)));
    double ratio = largest / 4 / power;
    return power * (ratio < 2 ? 1 : ratio < 5 ? 2 : 5);
  }

  private static String shortest(double value, double step) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step)));
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static void text(StringBuilder svg, double x, double y, String how, String text) {
    add(svg, "<text x=\"%.1f\" y=\"%.1f\" ", x, y);
    svg.append(how).append('>').append(HtmlReport.escape(text)).append("</text>\n");
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
