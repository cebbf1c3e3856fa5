package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.benchmarks.data.DataException;
import java.nio.file.Path;
import java.util.Optional;

/** A chart as a picture of its own, for pages that show files. */
public final class SvgFile {

  private SvgFile() {}

  /**
   * Writes a chart, without its title, as a whole or not at all.
   *
   * @param file the file; replaced if there is one; missing directories are made
   * @param chart the chart
   * @return false if nothing was written, because no point can be drawn or this Java has no fonts
   * @throws DataException if the file cannot be written
   */
  @CanIgnoreReturnValue
  public static boolean write(Path file, LineChart chart) {
    Optional<String> picture;
    try {
      picture = ChartPicture.svg(chart, "p");
    } catch (Error e) {
      if (!HtmlReport.comesFromFonts(e)) {
        throw e;
      }
      return false;
    }
    picture.ifPresent(svg -> OutputFiles.write(file, svg + "\n"));
    return picture.isPresent();
  }
}
