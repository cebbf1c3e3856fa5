package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvgFileTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void writesOneElementThatLoadsNothing() throws IOException {
    LineChart chart =
        new LineChart("t", "x", "y").line("a", new double[] {2, 1}, new double[] {1, 2});
    Path file = folder.resolve("new/picture.svg");
    assertTrue(SvgFile.write(file, chart));
    String svg = Files.readString(file);
    assertTrue(svg.startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""), svg);
    assertTrue(svg.endsWith("</svg>\n"));
    assertFalse(svg.contains("href="));
  }

  @Test
  void writesNothingWhereThereIsNothingToDraw() throws IOException {
    LineChart chart =
        new LineChart("t", "x", "y").line("a", new double[] {1}, new double[] {Double.NaN});
    Path file = Files.writeString(folder.resolve("picture.svg"), "before");
    assertFalse(SvgFile.write(file, chart));
    assertEquals("before", Files.readString(file));
  }
}
