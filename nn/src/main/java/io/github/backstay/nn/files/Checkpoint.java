package io.github.backstay.nn.files;

import io.github.backstay.core.StateDict;
import io.github.backstay.core.Stateful;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A training as one file: the states of its parts, each under a name of its own, and what the
 * training loop itself has to remember, such as the number of the next step.
 *
 * <pre>{@code
 * Checkpoint checkpoint =
 *     Checkpoint.of("model", model).plus("optimizer", optimizer).plus("anchor", pull);
 * checkpoint.save(file, StateDict.builder().integer("step", step).build());
 *
 * long next = checkpoint.load(file).integer("step");
 * }</pre>
 *
 * <p>To go on, make the same parts as at first, whatever their first values are, and load. With
 * random numbers that derive from the step ({@link io.github.backstay.nn.Seeds}) the training then
 * goes on as if it had not been interrupted, to the bit. An optimizer brings the regularizers that
 * it applies itself; those in the loss must be named here. What is not state must be made as
 * before: the hyper-parameters of rules, the strengths of penalties, what is frozen.
 *
 * <p>Immutable, but loading changes the parts.
 */
public final class Checkpoint {

  /** Under which name the file keeps what the training loop remembers. */
  private static final String RUN = "run";

  private final Map<String, Stateful> parts;

  private Checkpoint(Map<String, Stateful> parts) {
    this.parts = parts;
  }

  /**
   * A checkpoint of one part.
   *
   * @param name under which the file keeps it: not blank, without dots, not {@code run}
   * @param part a module, an optimizer, a regularizer
   * @return the checkpoint
   * @throws IllegalArgumentException if the name does not do
   */
  public static Checkpoint of(String name, Stateful part) {
    return new Checkpoint(Map.of()).plus(name, part);
  }

  /**
   * A checkpoint with one part more.
   *
   * @param name under which the file keeps it: not blank, without dots, not {@code run}, not used
   *     before
   * @param part a module, an optimizer, a regularizer
   * @return a new checkpoint
   * @throws IllegalArgumentException if the name does not do
   */
  public Checkpoint plus(String name, Stateful part) {
    if (name.isBlank() || name.indexOf('.') >= 0 || name.equals(RUN)) {
      throw new IllegalArgumentException(
          "checkpoint: a part must not be named \""
              + name
              + "\" (need a name without dots, and \""
              + RUN
              + "\" is the checkpoint's own).");
    }
    Map<String, Stateful> more = new LinkedHashMap<>(parts);
    if (more.put(name, part) != null) {
      throw new IllegalArgumentException(
          "checkpoint: there is a part named \"" + name + "\" already. Give each its own name.");
    }
    return new Checkpoint(more);
  }

  /**
   * Writes the states of all parts to a file, as a whole or not at all ({@link Safetensors#write}).
   *
   * @param file the file; replaced if there is one
   * @param run what the training loop remembers
   * @throws StateFileException if it cannot be written; a file that was there is left as it was
   */
  public void save(Path file, StateDict run) {
    StateDict.Builder all = StateDict.builder().putAll(RUN, run);
    parts.forEach((name, part) -> all.putAll(name, part.stateDict()));
    Safetensors.write(file, all.build());
  }

  /**
   * Takes up the states of all parts. Everything is checked before the first part is changed.
   *
   * @param file a file that {@link #save} has written
   * @return what the training loop remembers
   * @throws StateFileException if the file cannot be read, or is not what it should be
   * @throws IllegalArgumentException if it does not have exactly what the parts need; nothing has
   *     been changed then
   */
  public StateDict load(Path file) {
    StateDict all = Safetensors.read(file);
    List<String> names = new ArrayList<>(parts.keySet());
    names.add(RUN);
    all.requireOnlyBelow(names);
    parts.forEach((name, part) -> part.requireFitting(all.below(name)));
    parts.forEach((name, part) -> part.load(all.below(name)));
    return all.below(RUN);
  }

  @Override
  public String toString() {
    return "checkpoint of " + String.join(", ", parts.keySet());
  }
}
