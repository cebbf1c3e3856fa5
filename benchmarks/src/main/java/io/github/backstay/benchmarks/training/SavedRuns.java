package io.github.backstay.benchmarks.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.core.StateDict;
import io.github.backstay.nn.files.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file per seed, written after every epoch: the {@linkplain Trainer#save training}, what it has
 * reported so far, how it was set up, and the words of the table.
 */
public final class SavedRuns {

  /** What the files hold beside weights and state, below {@code run.more}. */
  static final String SETUP = "setup";

  static final String WORDS = "words";
  private static final String EPOCHS = "epochs";
  private static final String RUN = "run";
  private static final String MORE = "more";

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

  /**
   * The file of a seed.
   *
   * @param seeds all seeds of the experiment
   * @param seed one of them
   * @return the file that was chosen, or one beside it
   */
  public Path of(List<Long> seeds, long seed) {
    if (seeds.size() == 1) {
      return file;
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String own =
        dot <= 0 ? name + "-" + seed : name.substring(0, dot) + "-" + seed + name.substring(dot);
    return file.resolveSibling(own);
  }

  /**
   * Refuses to write over trainings that are not to be taken up.
   *
   * @param seeds all seeds of the experiment
   * @throws DataException if there is such a file
   */
  public void requireNew(List<Long> seeds) {
    for (long seed : seeds) {
      Path own = of(seeds, seed);
      if (!takesUp && Files.exists(own)) {
        throw DataException.in(
            own, "is there already. Go on from it with --resume, or save to another file.");
      }
    }
  }

  void save(
      Trainer training,
      Path own,
      Map<String, String> setup,
      List<Experiment.Measured> epochs,
      Vocabulary vocabulary) {
    StateDict.Builder more = StateDict.builder();
    more.text(SETUP, JsonFile.format(setup));
    more.text(EPOCHS, JsonFile.format(epochs));
    more.text(WORDS, Pretrained.text(vocabulary));
    training.save(own, more.build());
  }

  /**
   * Takes up a training if it is to be and there is one. Everything is looked at before the first
   * weight is changed.
   *
   * @param training a new training of the same task
   * @param own its file
   * @param setup all that makes it what it is
   * @param seed its seed
   * @param most how many epochs it may have
   * @return what it has reported so far
   * @throws DataException if the file is of another training, or not of one
   */
  List<Experiment.Measured> resume(
      Trainer training, Path own, Map<String, String> setup, long seed, int most) {
    if (!takesUp || !Files.exists(own)) {
      return List.of();
    }
    StateDict run = Safetensors.read(own).below(RUN);
    StateDict more = run.below(MORE);
    Map<String, String> before =
        parsed(own, more, SETUP, new TypeReference<Map<String, @Nullable String>>() {});
    requireSame(own, before, setup);
    List<Experiment.Measured> epochs =
        parsed(own, more, EPOCHS, new TypeReference<List<Experiment.@Nullable Measured>>() {});
    long done = integer(own, run, "epoch");
    if (integer(own, run, "seed") != seed) {
      throw DataException.in(
          own, "was saved with seed " + integer(own, run, "seed") + ", not " + seed + ".");
    }
    if (done > most) {
      throw DataException.in(
          own, "has " + done + " epochs already (so --epochs must be at least that).");
    }
    if (done != epochs.size() || !areInOrder(epochs)) {
      throw DataException.in(own, "does not tell what its " + done + " epochs have reported.");
    }
    try {
      training.resume(own);
    } catch (IllegalArgumentException e) {
      throw DataException.in(own, "is of another training: " + e.getMessage(), e);
    }
    return epochs;
  }

  private static long integer(Path own, StateDict run, String name) {
    if (!run.texts().containsKey(name)) {
      throw DataException.in(own, "has no " + name + " (need what train … --save has written).");
    }
    try {
      return run.integer(name);
    } catch (IllegalArgumentException e) {
      throw DataException.in(own, "does not tell its " + name + ": " + e.getMessage(), e);
    }
  }

  private static <T> T parsed(Path own, StateDict more, String name, TypeReference<T> type) {
    if (!more.texts().containsKey(name)) {
      throw DataException.in(own, "has no " + name + " (need what train … --save has written).");
    }
    try {
      T value = new ObjectMapper().readValue(more.text(name), type);
      if (value == null) {
        throw DataException.in(own, "does not tell its " + name + ".");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw DataException.in(own, "does not tell its " + name + ": " + e.getOriginalMessage(), e);
    }
  }

  /** Whether each is there, whole, and has its number. */
  @SuppressWarnings("ConstantValue") // what was read may lack parts
  private static boolean areInOrder(List<Experiment.Measured> epochs) {
    for (int e = 0; e < epochs.size(); e++) {
      Experiment.@Nullable Measured epoch = epochs.get(e);
      if (epoch == null
          || epoch.training() == null
          || epoch.dev() == null
          || epoch.test() == null
          || epoch.training().number() != e + 1) {
        return false;
      }
    }
    return true;
  }

  private static void requireSame(Path file, Map<String, String> before, Map<String, String> now) {
    Set<String> names = new LinkedHashSet<>(now.keySet());
    names.addAll(before.keySet());
    for (String name : names) {
      String then = before.getOrDefault(name, "none");
      String here = now.getOrDefault(name, "none");
      if (!here.equals(then)) {
        throw DataException.in(
            file,
            "was saved by a training with "
                + name
                + " "
                + then
                + ", not "
                + here
                + ". Go on with the same data and options, or save to another file.");
      }
    }
  }
}
