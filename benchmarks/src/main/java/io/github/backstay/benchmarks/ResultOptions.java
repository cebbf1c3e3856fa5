package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.training.SavedRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a training leaves behind. */
final class ResultOptions {

  @Option(
      names = "--drift",
      paramLabel = "K",
      description = "Also list the K words that moved farthest with the first seed.")
  private int drift;

  @Option(
      names = "--drift-picture",
      paramLabel = "FILE",
      description =
          "Also draw how far each word moved, with the names of the K of --drift, as SVG.")
  private @Nullable Path driftPicture;

  @Option(
      names = "--curves",
      paramLabel = "FILE",
      description = "Draw the scores of every epoch, mean and spread over the seeds, as SVG.")
  private @Nullable Path curves;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Save each training after every epoch (safetensors); with several seeds, -SEED is put"
              + " before the extension.")
  private @Nullable Path save;

  @Option(
      names = "--resume",
      description =
          "Go on from the files of --save where they are there already, with the same bits as if"
              + " there had been no interruption.")
  private boolean resume;

  /** Looks at what could fail in the end; {@code from} must not be written over. */
  void requireSensible(OptionCheck check, List<Long> seeds, @Nullable Path from) {
    check.atLeast("--drift", drift, 0);
    if (driftPicture != null && drift == 0) {
      throw check.wrong("--drift-picture needs --drift K, the number of words to name in it");
    }
    if (resume && save == null) {
      throw check.wrong("--resume needs --save FILE, where the training was saved");
    }
    if (resume && drift > 0) {
      throw check.wrong("--drift looks at a training from its first step on: not with --resume");
    }
    Map<Path, String> taken = new LinkedHashMap<>();
    if (from != null) {
      taken.put(from.toAbsolutePath().normalize(), "--from");
    }
    requireOwn(check, taken, "--json", json);
    requireOwn(check, taken, "--curves", curves);
    requireOwn(check, taken, "--drift-picture", driftPicture);
    SavedRuns runs = savedRuns();
    if (runs != null) {
      for (long seed : seeds) {
        requireOwn(check, taken, "--save", runs.of(seeds, seed));
      }
      runs.requireNew(seeds);
    }
  }

  /** A file that is to be written must be one, and no other one. */
  private static void requireOwn(
      OptionCheck check, Map<Path, String> taken, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw DataException.in(file, "is a directory (need the name of a file to write).");
    }
    Path whole = file.toAbsolutePath().normalize();
    String other = taken.put(whole, option);
    if (other != null) {
      throw check.wrong(option + " and " + other + " are the same file, " + file);
    }
    Path above = whole.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      throw DataException.in(file, "cannot be written: " + above + " is no writable directory.");
    }
  }

  /** Where trainings are saved and taken up, or null. */
  @Nullable SavedRuns savedRuns() {
    return save == null ? null : new SavedRuns(save, resume);
  }

  /** How many of the words that moved farthest are named. */
  int drift() {
    return drift;
  }

  /** Of how many rows of a table the training has to remember how far they moved. */
  int driftRows(int rows) {
    return driftPicture == null ? drift : rows;
  }

  @Nullable Path driftPicture() {
    return driftPicture;
  }

  @Nullable Path curves() {
    return curves;
  }

  @Nullable Path json() {
    return json;
  }
}
