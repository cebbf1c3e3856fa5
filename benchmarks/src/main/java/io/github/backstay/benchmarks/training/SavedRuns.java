package io.github.backstay.benchmarks.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.core.StateDict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One file per seed, written after every epoch: the {@linkplain Trainer#save training}, what it has
 * reported so far, how it was set up, and the words of the table.
 */
public final class SavedRuns {

  private final Path file;
  private final boolean takesUp;

  /**
   * Chooses the files.
   *
   * @param file the file; with several seeds, {@code -SEED} is put before its extension
   * @param takesUp whether to go on where such a file is there already
   */
  public SavedRuns(Path file, boolean takesUp) {
    this.file = file;
    this.takesUp = takesUp;
  }

  /** The file of a seed. */
  Path of(Experiment.Plan plan, long seed) {
    if (plan.seeds().size() == 1) {
      return file;
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String own =
        dot <= 0 ? name + "-" + seed : name.substring(0, dot) + "-" + seed + name.substring(dot);
    return file.resolveSibling(own);
  }

  void save(
      Trainer training,
      Experiment.Plan plan,
      long seed,
      List<Experiment.Measured> epochs,
      Vocabulary vocabulary) {
    StateDict.Builder more = StateDict.builder();
    more.text("setup", JsonFile.format(setup(plan)));
    more.text("epochs", JsonFile.format(epochs));
    more.text("words", Pretrained.text(vocabulary));
    training.save(of(plan, seed), more.build());
  }

  /** Takes up the training if it is to be, and tells what it has reported so far. */
  List<Experiment.Measured> resume(Trainer training, Experiment.Plan plan, long seed) {
    Path own = of(plan, seed);
    if (!takesUp || !Files.exists(own)) {
      return List.of();
    }
    StateDict more;
    try {
      more = training.resume(own);
    } catch (IllegalArgumentException e) {
      throw DataException.in(own, "is of another training: " + e.getMessage(), e);
    }
    try {
      ObjectMapper mapper = new ObjectMapper();
      Map<String, String> before =
          mapper.readValue(more.text("setup"), new TypeReference<Map<String, String>>() {});
      requireSame(own, before, setup(plan));
      return mapper.readValue(
          more.text("epochs"), new TypeReference<List<Experiment.Measured>>() {});
    } catch (JsonProcessingException e) {
      throw DataException.in(own, "does not tell its epochs: " + e.getOriginalMessage(), e);
    }
  }

  /** All that makes a training what it is, but for the number of epochs. */
  private static Map<String, String> setup(Experiment.Plan plan) {
    Map<String, String> setup = new LinkedHashMap<>(plan.description());
    setup.put("regularization", plan.regularization().toString());
    setup.put("optimization", plan.optimization().toString());
    setup.put("limit", String.valueOf(plan.limit()));
    return setup;
  }

  private static void requireSame(Path file, Map<String, String> before, Map<String, String> now) {
    for (Map.Entry<String, String> entry : now.entrySet()) {
      String then = before.getOrDefault(entry.getKey(), "nothing");
      if (!then.equals(entry.getValue())) {
        throw DataException.in(
            file,
            "was saved by a training with "
                + entry.getKey()
                + " "
                + then
                + ", not "
                + entry.getValue()
                + ". Go on with the same options, or save to another file.");
      }
    }
  }
}
