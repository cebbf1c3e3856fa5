package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/**
 * Named matrices in a fixed order, and named texts: what a module, an optimizer or a whole training
 * remembers, apart from the objects that it came from. It is what is written to files and read from
 * them.
 *
 * <pre>{@code
 * StateDict saved = StateDict.builder().put("weight", matrix).integer("step", 100).build();
 * }</pre>
 *
 * <p>Values may be anything, NaN and infinity included; who loads them decides what fits.
 * Immutable; may be shared between threads.
 */
public final class StateDict {

  private final String place; // what stands before every name in errors
  private final Map<String, DMatrixRMaj> matrices;
  private final Map<String, String> texts;

  private StateDict(String place, Map<String, DMatrixRMaj> matrices, Map<String, String> texts) {
    this.place = place;
    this.matrices = matrices;
    this.texts = texts;
  }

  /**
   * Collects matrices and texts.
   *
   * @return a builder without either
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what a state dict is made of. To be used once. */
  public static final class Builder {
    private final Map<String, DMatrixRMaj> matrices = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a matrix.
     *
     * @param name its name, not that of another matrix
     * @param matrix its values, copied
     * @return this builder
     * @throws IllegalArgumentException if the name is taken
     */
    @CanIgnoreReturnValue
    public Builder put(String name, DMatrixRMaj matrix) {
      return put(
          name,
          Shape.of(matrix),
          to -> System.arraycopy(matrix.data, 0, to.data, 0, to.data.length));
    }

    /**
     * Adds a matrix that is filled in place, so that nothing large is held twice.
     *
     * @param name its name, not that of another matrix
     * @param shape its shape
     * @param fill writes the values; the matrix, zeros at first, is lent for the duration of the
     *     call only: it must not be kept, reshaped or replaced
     * @return this builder
     * @throws IllegalArgumentException if the name is taken
     */
    @CanIgnoreReturnValue
    public Builder put(String name, Shape shape, Consumer<DMatrixRMaj> fill) {
      requireFree(name, matrices);
      DMatrixRMaj matrix = new DMatrixRMaj(shape.rows(), shape.cols());
      fill.accept(matrix);
      matrices.put(name, matrix);
      return this;
    }

    /**
     * Adds all matrices and texts of another state dict, without copying them. {@link
     * StateDict#below} takes them out again.
     *
     * @param prefix what is put in front of their names, with a dot between; not blank
     * @param other the other one
     * @return this builder
     * @throws IllegalArgumentException if a name is taken, or the prefix is blank
     */
    @CanIgnoreReturnValue
    public Builder putAll(String prefix, StateDict other) {
      requirePrefix(prefix);
      other.matrices.forEach(
          (name, matrix) -> {
            requireFree(prefix + "." + name, matrices);
            matrices.put(prefix + "." + name, matrix);
          });
      other.texts.forEach((name, text) -> text(prefix + "." + name, text));
      return this;
    }

    /**
     * Adds a text.
     *
     * @param name its name, not that of another text
     * @param text any text
     * @return this builder
     * @throws IllegalArgumentException if the name is taken
     */
    @CanIgnoreReturnValue
    public Builder text(String name, String text) {
      requireFree(name, texts);
      texts.put(name, text);
      return this;
    }

    /**
     * Adds an integer, kept as a text.
     *
     * @param name its name, not that of another text
     * @param value any number
     * @return this builder
     * @throws IllegalArgumentException if the name is taken
     */
    @CanIgnoreReturnValue
    public Builder integer(String name, long value) {
      return text(name, Long.toString(value));
    }

    private static void requireFree(String name, Map<String, ?> taken) {
      if (taken.containsKey(name)) {
        throw new IllegalArgumentException(
            "stateDict: the name \"" + name + "\" is taken (each must be used once).");
      }
    }

    /**
     * Makes the state dict.
     *
     * @return what has been added so far
     */
    public StateDict build() {
      return new StateDict("", new LinkedHashMap<>(matrices), new LinkedHashMap<>(texts));
    }
  }

  private static void requirePrefix(String prefix) {
    if (prefix.isBlank()) {
      throw new IllegalArgumentException("stateDict: the prefix must not be blank.");
    }
  }

  /**
   * The names of the matrices.
   *
   * @return an unmodifiable set, in order
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(matrices.keySet());
  }

  /**
   * The texts by name.
   *
   * @return an unmodifiable map, in order
   */
  public Map<String, String> texts() {
    return Collections.unmodifiableMap(texts);
  }

  /**
   * The shape of a matrix.
   *
   * @param name one of {@link #names()}
   * @return its shape
   * @throws IllegalArgumentException if there is no such matrix
   */
  public Shape shape(String name) {
    return Shape.of(find(name));
  }

  /**
   * The values of a matrix, row after row, without copying.
   *
   * @param name one of {@link #names()}
   * @return a read-only view, at its first entry
   * @throws IllegalArgumentException if there is no such matrix
   */
  public DoubleBuffer values(String name) {
    return DoubleBuffer.wrap(find(name).data).asReadOnlyBuffer();
  }

  /**
   * A copy of a matrix.
   *
   * @param name one of {@link #names()}
   * @return a new matrix
   * @throws IllegalArgumentException if there is no such matrix
   */
  public DMatrixRMaj matrix(String name) {
    return find(name).copy();
  }

  private DMatrixRMaj find(String name) {
    DMatrixRMaj matrix = matrices.get(name);
    if (matrix == null) {
      throw missing(List.of(name), matrices.keySet());
    }
    return matrix;
  }

  /**
   * A text.
   *
   * @param name its name
   * @return the text
   * @throws IllegalArgumentException if there is no such text
   */
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw missing(List.of(name), texts.keySet());
    }
    return text;
  }

  /**
   * A text that is an integer.
   *
   * @param name its name
   * @return the number
   * @throws IllegalArgumentException if there is no such text, or it is something else
   */
  public long integer(String name) {
    String text = text(name);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "stateDict: " + quoted(name) + " is \"" + text + "\" (need an integer).", e);
    }
  }

  /**
   * What stands below a prefix: the inverse of {@link Builder#putAll}. Nothing is copied; errors
   * about the result call everything by its name here.
   *
   * @param prefix the part before the first dot, or several parts
   * @return the matrices and texts whose names begin with the prefix and a dot, without these
   * @throws IllegalArgumentException if the prefix is blank
   */
  public StateDict below(String prefix) {
    requirePrefix(prefix);
    return new StateDict(
        place + prefix + ".", below(prefix + ".", matrices), below(prefix + ".", texts));
  }

  private static <T> Map<String, T> below(String start, Map<String, T> all) {
    Map<String, T> some = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (name.startsWith(start)) {
            some.put(name.substring(start.length()), value);
          }
        });
    return some;
  }

  // ---- what fits ------------------------------------------------------------------------------

  /**
   * Refuses anything but exactly these matrices; texts do not matter. To be called before anything
   * is changed.
   *
   * @param needed the names and shapes that are needed
   * @throws IllegalArgumentException if some are missing, or others are there as well; all are
   *     named
   * @throws ShapeException if some have other shapes; all are named
   */
  public void requireExactly(Map<String, Shape> needed) {
    List<String> missing = needed.keySet().stream().filter(n -> !matrices.containsKey(n)).toList();
    if (!missing.isEmpty()) {
      throw missing(missing, matrices.keySet());
    }
    List<String> others = matrices.keySet().stream().filter(n -> !needed.containsKey(n)).toList();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "stateDict: "
              + areOrIs(others)
              + " unexpected; needed: "
              + listed(needed.keySet())
              + ".");
    }
    List<String> wrong = new ArrayList<>();
    needed.forEach(
        (name, shape) -> {
          if (!shape(name).equals(shape)) {
            wrong.add(quoted(name) + " is " + shape(name) + " (need " + shape + ")");
          }
        });
    if (!wrong.isEmpty()) {
      throw new ShapeException("stateDict: " + String.join(", ", wrong) + ".");
    }
  }

  /**
   * Refuses matrices and texts that stand below no prefix of some.
   *
   * @param prefixes those that {@link #below} will be called with, without dots
   * @throws IllegalArgumentException if there are others; all are named
   */
  public void requireOnlyBelow(Collection<String> prefixes) {
    List<String> others =
        Stream.concat(matrices.keySet().stream(), texts.keySet().stream())
            .filter(name -> !prefixes.contains(firstPart(name)))
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "stateDict: "
              + areOrIs(others)
              + " unexpected; needed: what is below "
              + listed(prefixes)
              + ".");
    }
  }

  private static String firstPart(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /**
   * Refuses matrices with a NaN or an infinity among their values.
   *
   * @param names some of {@link #names()}
   * @throws IllegalArgumentException if there are such matrices; all are named
   */
  public void requireFinite(Collection<String> names) {
    List<String> wrong = new ArrayList<>();
    for (String name : names) {
      DMatrixRMaj matrix = find(name);
      for (int i = 0; i < matrix.data.length; i++) {
        if (!Double.isFinite(matrix.data[i])) {
          wrong.add(
              quoted(name)
                  + " has "
                  + matrix.data[i]
                  + " at ("
                  + i / matrix.numCols
                  + ", "
                  + i % matrix.numCols
                  + ")");
          break;
        }
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "stateDict: " + String.join(", ", wrong) + " (values must be finite).");
    }
  }

  /**
   * Refuses two matrices that differ, of which only one can be taken up because they are tied.
   *
   * @param name one of {@link #names()}
   * @param other another one
   * @throws IllegalArgumentException if they differ in a value or in shape
   */
  public void requireSame(String name, String other) {
    if (!shape(name).equals(shape(other)) || !values(name).equals(values(other))) {
      throw new IllegalArgumentException(
          "stateDict: "
              + quoted(name)
              + " and "
              + quoted(other)
              + " differ (they are one parameter here, which needs one value).");
    }
  }

  private IllegalArgumentException missing(List<String> names, Collection<String> found) {
    return new IllegalArgumentException(
        "stateDict: " + areOrIs(names) + " missing; found: " + listed(found) + ".");
  }

  private String areOrIs(List<String> names) {
    return names.stream().map(this::quoted).collect(Collectors.joining(", "))
        + (names.size() == 1 ? " is" : " are");
  }

  private String quoted(String name) {
    return '"' + shown(name) + '"';
  }

  /** Its full name, on one line whatever file it came from. */
  private String shown(String name) {
    return (place + name).replaceAll("\\p{Cntrl}", "?");
  }

  private String listed(Collection<String> names) {
    return names.isEmpty()
        ? "nothing"
        : names.stream().map(this::shown).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return "state dict of "
        + matrices.size()
        + (matrices.size() == 1 ? " matrix" : " matrices")
        + (texts.isEmpty() ? "" : " and " + texts);
  }
}
