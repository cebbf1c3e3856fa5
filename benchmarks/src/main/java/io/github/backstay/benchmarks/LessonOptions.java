package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.SvgFile;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all lessons have in common. */
final class LessonOptions {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the picture goes (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("backstay-lessons");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Other data and weights: added to all seeds (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  /** Looks at everything that could fail in the end, before the work begins. */
  void requireSensible() {
    if (seed < 0 || seed > Integer.MAX_VALUE) {
      throw wrong("--seed must be from 0 to " + Integer.MAX_VALUE + ", got " + seed);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw DataException.in(out, "is a file (need a directory for the picture).");
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
  }

  void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw wrong(option + " must be at least 1, got " + value);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  PrintWriter console() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  long seed() {
    return seed;
  }

  /** Writes picture and numbers, and says where they are. */
  void write(String name, LineChart chart, Object findings, double seconds) {
    Path picture = out.resolve(name + ".svg");
    boolean drawn = SvgFile.write(picture, chart);
    if (json != null) {
      JsonFile.write(json, findings);
    }
    console()
        .printf(
            Locale.ROOT,
            "%n%.0f s. %s%n",
            seconds,
            drawn
                ? "The picture is " + picture + "."
                : "This Java has no fonts to draw with, so there is no picture.");
  }
}
