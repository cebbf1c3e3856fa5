package io.github.backstay.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.SvgFile;
import io.github.backstay.benchmarks.training.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backstay curves}: the learning curves of several trainings in one picture. */
@Command(
    name = "curves",
    description = {
      "Draws the learning curves of several trainings in one picture, from the files that train … --json"
          + " has written: mean and spread over the seeds of each."
    })
final class CurvesCommand implements Runnable {

  private static final long MAX_BYTES = 256L << 20;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "What train … --json FILE has written.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the picture goes, as SVG.")
  private Path out = Path.of("");

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Which scores are drawn, dev or test (default: ${DEFAULT-VALUE}).")
  private String part = "test";

  @Override
  public void run() {
    if (!part.equals("dev") && !part.equals("test")) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--part must be dev or test, got " + part);
    }
    LineChart chart = null;
    String measured = "";
    for (Path file : files) {
      JsonNode runs = read(file).path("runs");
      String measure = measure(file, runs);
      if (chart == null) {
        measured = measure;
        chart = new LineChart(part + ", " + measure, "epoch", part + ", " + measure);
      } else if (!measure.equals(measured)) {
        throw DataException.in(
            file,
            "measures "
                + measure
                + ", the files before it "
                + measured
                + " (must be the same in one picture).");
      }
      add(chart, file, runs, measure);
    }
    if (chart != null && !SvgFile.write(out, chart)) {
      Objects.requireNonNull(spec)
          .commandLine()
          .getOut()
          .println("This Java has no fonts to draw with, so there is no picture.");
    }
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw DataException.in(file, "is too large to be the results of a training.");
      }
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw DataException.in(file, "is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /** The first figure of the part, by which epochs are chosen. */
  private String measure(Path file, JsonNode runs) {
    JsonNode figures = runs.path(0).path("epochs").path(0).path(part).path("figures");
    if (!figures.fieldNames().hasNext()) {
      throw DataException.in(
          file, "has no epochs with scores (need what train … --json has written).");
    }
    return figures.fieldNames().next();
  }

  private void add(LineChart chart, Path file, JsonNode runs, String measure) {
    int epochs = Integer.MAX_VALUE;
    for (JsonNode run : runs) {
      epochs = Math.min(epochs, run.path("epochs").size());
    }
    double[] x = new double[epochs];
    double[] mean = new double[epochs];
    double[] spread = new double[epochs];
    for (int e = 0; e < epochs; e++) {
      List<Double> scores = new ArrayList<>();
      for (JsonNode run : runs) {
        JsonNode figures = run.path("epochs").path(e).path(part).path("figures");
        scores.add(figures.path(measure).asDouble(Double.NaN));
      }
      Spread over = Spread.of(scores);
      x[e] = e + 1.0;
      mean[e] = over.mean();
      spread[e] = over.deviation();
    }
    try {
      chart.line(name(file), x, mean, spread);
    } catch (IllegalArgumentException e) {
      throw DataException.in(file, "cannot be drawn: " + e.getMessage(), e);
    }
  }

  /** The name of the file without its ending. */
  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.toLowerCase(Locale.ROOT).endsWith(".json")
        ? name.substring(0, name.length() - 5)
        : name;
  }
}
