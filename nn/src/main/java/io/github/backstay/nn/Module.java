package io.github.backstay.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Stateful;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A part of a model that has parameters of its own, or children that have. A subclass registers
 * each of them in one statement, in its constructor, and adds whatever forward method suits it:
 *
 * <pre>{@code
 * final class Classifier extends Module {
 *   private final Embedding words;
 *   private final Linear output;
 *
 *   Classifier(int vocabulary, int width, int classes, RandomGenerator random) {
 *     words = child("words", new Embedding(vocabulary, width, Initializer.normal(0.1), random));
 *     output = child("output", new Linear(width, classes, random));
 *   }
 *
 *   Variable forward(Tape tape, Indices tokens, Indices ends, Pass pass) {
 *     return output.forward(words.lookUpMean(tape, tokens, ends), pass);
 *   }
 * }
 * }</pre>
 *
 * <h2>Names</h2>
 *
 * The path of a parameter is its name behind those of the modules that lead to it, {@code
 * output.weight}. Registering a child puts the child's name in front of the names of all parameters
 * below it, so that in the finished model {@link Parameter#name()} is the path from the top.
 *
 * <h2>Sharing</h2>
 *
 * The same module may be registered in several places, and {@link #share} registers a parameter
 * that another module has made (tied weights). It stays one parameter: listed once, counted once,
 * and called by the path that it got first. {@link #namedParameters()} shows it under all its
 * paths.
 *
 * <p>A module is tied to neither a tape nor a thread, and forward methods keep nothing, except for
 * what a module registers as a {@link Statistic} and moves while it is trained. Several threads may
 * use it at the same time, each with a tape of its own, as long as nobody registers anything or
 * writes to a parameter.
 *
 * <p>Beside {@code java.lang.Module} this class needs an import by its full name; {@code import
 * io.github.backstay.nn.*} alone is ambiguous.
 */
@SuppressWarnings(
    "JavaLangClash") // the field's word; who builds models does not meet the other one
public abstract class Module implements Parameterized, Stateful {

  /** What is registered under a name. */
  private sealed interface Member {}

  /** A parameter, made by this module or by another one that gave it its name. */
  private record Held(Parameter parameter, boolean made) implements Member {}

  /** A statistic of this module. */
  private record Kept(Statistic statistic) implements Member {}

  /** A module. */
  private record Child(Module module) implements Member {}

  private final Map<String, Member> members = new LinkedHashMap<>();
  private @Nullable Module parent; // the first module that this one was registered in
  private String name = ""; // and the name it got there

  /** Creates a module that has nothing yet. */
  protected Module() {}

  // ---- registering ----------------------------------------------------------------------------

  /**
   * Makes and registers a parameter.
   *
   * @param parameterName its name within this module: not blank, without dots, not used before
   * @param initial its first values, copied
   * @return the new parameter
   * @throws IllegalArgumentException if the name does not do, or a value is NaN or infinite
   */
  protected final Parameter parameter(String parameterName, DMatrixRMaj initial) {
    requireFree(parameterName);
    Parameter parameter = new Parameter(pathBelow(parameterName), initial);
    members.put(parameterName, new Held(parameter, true));
    return parameter;
  }

  /**
   * Makes and registers a parameter with random first values.
   *
   * @param parameterName its name within this module: not blank, without dots, not used before
   * @param rows number of rows; the fan-out, if it is a weight stored out×in
   * @param cols number of columns; the fan-in, if it is a weight stored out×in
   * @param initializer makes the first values
   * @param random where they come from
   * @return the new parameter
   * @throws IllegalArgumentException if the name does not do, or the initializer returns a matrix
   *     of another shape or with a value that is NaN or infinite
   */
  protected final Parameter parameter(
      String parameterName, int rows, int cols, Initializer initializer, RandomGenerator random) {
    requireFree(parameterName);
    DMatrixRMaj initial = initializer.of(rows, cols, random);
    if (initial.numRows != rows || initial.numCols != cols) {
      throw new IllegalArgumentException(
          describe()
              + ": the initializer of \""
              + parameterName
              + "\" returned "
              + Shape.of(initial)
              + " (needed "
              + new Shape(rows, cols)
              + ").");
    }
    return parameter(parameterName, initial);
  }

  /**
   * Registers a parameter that somebody else has made, so that both use the same values (tied
   * weights). Its {@link Parameter#name()} remains what it is.
   *
   * @param parameterName what it is called within this module: not blank, without dots, not used
   *     before
   * @param parameter the parameter
   * @return the same parameter
   * @throws IllegalArgumentException if the name does not do
   */
  @CanIgnoreReturnValue
  protected final Parameter share(String parameterName, Parameter parameter) {
    requireFree(parameterName);
    members.put(parameterName, new Held(parameter, false));
    return parameter;
  }

  /**
   * Makes and registers a statistic: a matrix that is no parameter and that this module writes
   * itself while it is trained.
   *
   * @param statisticName its name within this module: not blank, without dots, not used before
   * @param initial its first values, copied
   * @return the new statistic
   * @throws IllegalArgumentException if the name does not do, or a value is NaN or infinite
   */
  protected final Statistic statistic(String statisticName, DMatrixRMaj initial) {
    requireFree(statisticName);
    Statistic statistic = new Statistic(pathBelow(statisticName), initial);
    members.put(statisticName, new Kept(statistic));
    return statistic;
  }

  /**
   * Registers a module as a part of this one and puts the name in front of the names of all its
   * parameters, unless it has a place elsewhere already: then it is shared and keeps its names.
   *
   * @param childName its name within this module: not blank, without dots, not used before
   * @param module the part
   * @param <M> its class
   * @return the same module
   * @throws IllegalArgumentException if the name does not do, or the module contains this one
   */
  @CanIgnoreReturnValue
  protected final <M extends Module> M child(String childName, M module) {
    requireFree(childName);
    Module part = module;
    if (part.contains(this)) {
      throw new IllegalArgumentException(
          describe()
              + ": \""
              + childName
              + "\" must not be "
              + (part == this ? "the module itself." : "a module that contains this one."));
    }
    members.put(childName, new Child(part));
    if (part.parent == null) {
      part.parent = this;
      part.name = childName;
      part.nameParameters();
    }
    return module;
  }

  private void requireFree(String newName) {
    if (newName.isBlank()) {
      throw new IllegalArgumentException(describe() + ": a name must not be blank.");
    }
    if (newName.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          describe()
              + ": the name \""
              + newName
              + "\" must not contain a dot (dots separate the parts of a path).");
    }
    Member member = members.get(newName);
    if (member != null) {
      throw new IllegalArgumentException(
          describe()
              + ": a "
              + (member instanceof Child
                  ? "child"
                  : member instanceof Kept ? "statistic" : "parameter")
              + " named \""
              + newName
              + "\" is already registered.");
    }
  }

  private boolean contains(Module other) {
    return this == other || children().values().stream().anyMatch(part -> part.contains(other));
  }

  /** Gives every parameter that was made here or below its path from the top. */
  private void nameParameters() {
    members.forEach(
        (memberName, member) -> {
          if (member instanceof Held held && held.made()) {
            held.parameter().rename(pathBelow(memberName));
          } else if (member instanceof Kept kept) {
            kept.statistic().rename(pathBelow(memberName));
          } else if (member instanceof Child child && child.module().parent == this) {
            child.module().nameParameters();
          }
        });
  }

  private String pathBelow(String memberName) {
    return parent == null ? memberName : path() + "." + memberName;
  }

  // ---- reading --------------------------------------------------------------------------------

  /**
   * The names that lead to this module from the top, by way of the place where each module was
   * registered first.
   *
   * @return for instance {@code encoder.hidden}; empty for a module that is no part of another one
   */
  public final String path() {
    return parent == null ? "" : parent.pathBelow(name);
  }

  /**
   * All parameters of this module and those below it, each one once however often it is shared, in
   * the order in which they were registered.
   *
   * @return an unmodifiable list
   */
  @Override
  public final List<Parameter> parameters() {
    return List.copyOf(new LinkedHashSet<>(namedParameters().values()));
  }

  /**
   * All parameters by their paths from this module, in the order in which they were registered. A
   * shared parameter is there under every one of its paths.
   *
   * @return an unmodifiable map; below a top module, the first path that a parameter got is its
   *     name
   */
  public final Map<String, Parameter> namedParameters() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    collect("", all);
    return Collections.unmodifiableMap(all);
  }

  private void collect(String prefix, Map<String, Parameter> all) {
    members.forEach(
        (memberName, member) -> {
          if (member instanceof Held held) {
            all.put(prefix + memberName, held.parameter());
          } else if (member instanceof Child child) {
            child.module().collect(prefix + memberName + ".", all);
          }
        });
  }

  /**
   * All statistics by their paths from this module, in the order in which they were registered.
   * Those of a shared module are there under every one of its paths.
   *
   * @return an unmodifiable map; empty unless a part such as {@link BatchNorm} keeps some
   */
  public final Map<String, Statistic> namedStatistics() {
    Map<String, Statistic> all = new LinkedHashMap<>();
    collectStatistics("", all);
    return Collections.unmodifiableMap(all);
  }

  private void collectStatistics(String prefix, Map<String, Statistic> all) {
    members.forEach(
        (memberName, member) -> {
          if (member instanceof Kept kept) {
            all.put(prefix + memberName, kept.statistic());
          } else if (member instanceof Child child) {
            child.module().collectStatistics(prefix + memberName + ".", all);
          }
        });
  }

  /**
   * The parts that are registered directly in this module, by name, in the order in which they were
   * registered.
   *
   * @return an unmodifiable map
   */
  public final Map<String, Module> children() {
    Map<String, Module> children = new LinkedHashMap<>();
    members.forEach(
        (memberName, member) -> {
          if (member instanceof Child child) {
            children.put(memberName, child.module());
          }
        });
    return Collections.unmodifiableMap(children);
  }

  /**
   * How many numbers all parameters hold together; a shared one counts once.
   *
   * @return the sum of their sizes
   */
  public final long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
  }

  /**
   * A table of all parameters and statistics, to be printed.
   *
   * @return one row per path
   */
  public final Summary summary() {
    List<Summary.Row> rows = new ArrayList<>();
    summarize("", new LinkedHashMap<>(), rows);
    return new Summary(rows);
  }

  private void summarize(String prefix, Map<Object, String> seen, List<Summary.Row> rows) {
    members.forEach(
        (memberName, member) -> {
          String path = prefix + memberName;
          if (member instanceof Held held) {
            Parameter parameter = held.parameter();
            Summary.State state =
                parameter.isFrozen() ? Summary.State.FROZEN : Summary.State.TRAINABLE;
            rows.add(new Summary.Row(path, kind(), parameter.shape(), state, seen.get(parameter)));
            seen.putIfAbsent(parameter, path);
          } else if (member instanceof Kept kept) {
            Statistic statistic = kept.statistic();
            Summary.State state = Summary.State.STATISTIC;
            rows.add(new Summary.Row(path, kind(), statistic.shape(), state, seen.get(statistic)));
            seen.putIfAbsent(statistic, path);
          } else if (member instanceof Child child) {
            child.module().summarize(path + ".", seen, rows);
          }
        });
  }

  /** Takes all parameters of this module and those below it out of training. */
  public final void freeze() {
    parameters().forEach(Parameter::freeze);
  }

  /** Takes all parameters of this module and those below it into training again. */
  public final void thaw() {
    parameters().forEach(Parameter::thaw);
  }

  // ---- saving and loading ---------------------------------------------------------------------

  /** Something of a module that is saved, and under which paths it is to be found. */
  private record Saved(
      Shape shape, Consumer<DMatrixRMaj> copyTo, Consumer<DoubleBuffer> set, List<String> paths) {}

  /**
   * The values of all parameters and statistics of this module and those below it, by their paths
   * from this module. What is shared is there once, under its first path. Whether something is
   * frozen is not saved.
   *
   * @return a deep copy
   */
  @Override
  public final StateDict stateDict() {
    StateDict.Builder state = StateDict.builder();
    for (Saved part : parts()) {
      state.put(part.paths.get(0), part.shape, part.copyTo);
    }
    return state.build();
  }

  /**
   * Refuses a state that has not exactly what this module has, by name and shape. What is shared
   * may be there under any of its paths, under several only with the same values; texts do not
   * matter.
   *
   * @param saved a state
   */
  @Override
  public final void requireFitting(StateDict saved) {
    Map<String, Shape> needed = new LinkedHashMap<>();
    for (Saved part : parts()) {
      present(saved, part.paths).forEach(path -> needed.put(path, part.shape));
    }
    saved.requireExactly(needed);
    saved.requireFinite(needed.keySet());
    for (Saved part : parts()) {
      List<String> tied = present(saved, part.paths);
      tied.forEach(path -> saved.requireSame(tied.get(0), path));
    }
  }

  /** Those of the paths that the state has, or the first one if it has none. */
  private static List<String> present(StateDict saved, List<String> paths) {
    List<String> present = paths.stream().filter(saved.names()::contains).toList();
    return present.isEmpty() ? paths.subList(0, 1) : present;
  }

  /**
   * Takes up the values of all parameters and statistics.
   *
   * @param saved a state that {@link #requireFitting} accepts, copied
   */
  @Override
  public final void load(StateDict saved) {
    requireFitting(saved);
    for (Saved part : parts()) {
      part.set.accept(saved.values(present(saved, part.paths).get(0)));
    }
  }

  private Collection<Saved> parts() {
    Map<Object, Saved> parts = new LinkedHashMap<>();
    namedParameters()
        .forEach(
            (path, parameter) ->
                parts
                    .computeIfAbsent(
                        parameter,
                        p ->
                            new Saved(
                                parameter.shape(),
                                parameter::copyTo,
                                from -> parameter.update(values -> from.get(values.data)),
                                new ArrayList<>()))
                    .paths
                    .add(path));
    namedStatistics()
        .forEach(
            (path, statistic) ->
                parts
                    .computeIfAbsent(
                        statistic,
                        s ->
                            new Saved(
                                statistic.shape(),
                                to -> to.setTo(statistic.toMatrix()),
                                from -> {
                                  DMatrixRMaj values = statistic.toMatrix();
                                  from.get(values.data);
                                  statistic.set(values);
                                },
                                new ArrayList<>()))
                    .paths
                    .add(path));
    return parts.values();
  }

  private String kind() {
    Class<?> type = getClass();
    while (type.isAnonymousClass()) {
      type = type.getSuperclass();
    }
    return type.getSimpleName();
  }

  /**
   * How errors call this module.
   *
   * @return {@code module "encoder.hidden"}, or {@code module Linear} for one that has no path
   */
  protected final String describe() {
    return parent == null ? "module " + kind() : "module \"" + path() + "\"";
  }

  @Override
  public String toString() {
    return parent == null ? kind() : kind() + " \"" + path() + "\"";
  }
}
