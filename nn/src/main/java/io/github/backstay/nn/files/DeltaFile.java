package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.StateFileException.quote;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * State dicts as what differs from a base file: of an embedding that was fine-tuned, the rows that
 * moved. Anchors by L1 and group lasso leave the others exactly at their pretrained values, and so
 * does training with row-sparse gradients.
 *
 * <pre>{@code
 * DeltaFile.write(delta, base, model.stateDict());
 * model.load(DeltaFile.read(delta, base));
 * }</pre>
 *
 * <p>The base is a safetensors file of its own, such as {@link Safetensors} reads; numbers in
 * {@code F32} and smaller formats count as the doubles that they become. A matrix is compared with
 * the one of the same name, by the bits: −0 is not 0, and one NaN is another. Kept are
 *
 * <ul>
 *   <li>of a matrix with the same bits: its name;
 *   <li>of one where rows differ: the numbers of these rows, ascending, and their <em>values</em>,
 *       not differences, so that base and delta give the bits of the original;
 *   <li>a matrix that the base does not have, or has in another shape, or of which so many rows
 *       differ that this is shorter: the whole.
 * </ul>
 *
 * What the base has and the state has not is left out of what is read back, and all texts come from
 * the state.
 *
 * <p>A delta is itself a safetensors file. Its tensors are {@code rows.}name ({@code I64}, one
 * dimension) with {@code values.}name, and {@code whole.}name; its texts {@code format}, {@code
 * version}, {@code base.name}, {@code base.sha256}, for each matrix in order {@code matrix.}name
 * ({@code same}, {@code rows} or {@code whole}), and the state's own as {@code state.}name.
 *
 * <p>{@code base.sha256} is the SHA-256 of all bytes of the base file: with another file, be it the
 * same numbers written by another library, a delta is refused. So is a delta as a base. Reading
 * takes the memory of the matrices and of the row numbers; the base is read twice, for its checksum
 * first.
 */
public final class DeltaFile {

  private static final String FORMAT = "format";
  private static final String DELTA = "backstay-delta";
  private static final String VERSION = "version";
  private static final String FIRST_VERSION = "1";
  private static final String BASE_NAME = "base.name";
  private static final String BASE_SHA256 = "base.sha256";
  private static final String MATRIX = "matrix.";
  private static final String STATE = "state.";
  private static final String ROWS = "rows.";
  private static final String VALUES = "values.";
  private static final String WHOLE = "whole.";

  private static final int CHUNK = 1 << 13; // numbers

  /** What is kept of a matrix. */
  private enum Form {
    SAME,
    ROWS,
    WHOLE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private DeltaFile() {}

  // ---- writing --------------------------------------------------------------------------------

  /** A matrix to be written; the rows count for {@link Form#ROWS}. */
  private record Part(String name, Form form, BitSet moved) {}

  /**
   * Writes what differs, as a whole or not at all ({@link Safetensors#write}).
   *
   * @param delta the file; replaced if there is one
   * @param base what the state is compared with; must stay as it is for the delta to be of use
   * @param state what is to be read back
   * @throws StateFileException if the base cannot be read, is a delta, or is the file to be
   *     written; or if that cannot be written
   */
  public static void write(Path delta, Path base, StateDict state) {
    requireDifferent(delta, base);
    HeaderWriter header = new HeaderWriter(delta);
    List<Part> parts = new ArrayList<>();
    try (TensorFile from = openBase(base)) {
      header.text(FORMAT, DELTA).text(VERSION, FIRST_VERSION);
      header.text(BASE_NAME, fileName(base)).text(BASE_SHA256, from.sha256());
      Map<String, TensorEntry> before = byName(from);
      for (String name : state.names()) {
        parts.add(part(state, name, from, before.get(name)));
      }
    }
    for (Part part : parts) {
      header.text(MATRIX + part.name, part.form.toString());
      Shape shape = state.shape(part.name);
      switch (part.form) {
        case SAME -> {}
        case ROWS -> {
          int count = part.moved.cardinality();
          header.tensor(ROWS + part.name, Dtype.I64, count);
          header.tensor(VALUES + part.name, Dtype.F64, count, shape.cols());
        }
        case WHOLE -> header.tensor(WHOLE + part.name, Dtype.F64, shape.rows(), shape.cols());
      }
    }
    state.texts().forEach((name, text) -> header.text(STATE + name, text));
    byte[] start = header.toBytes();
    AtomicFile.write(
        delta,
        channel -> {
          NumberWriter numbers = new NumberWriter(channel);
          numbers.header(start);
          for (Part part : parts) {
            write(numbers, part, state);
          }
          numbers.flush();
        });
  }

  private static void write(NumberWriter numbers, Part part, StateDict state) throws IOException {
    DoubleBuffer values = state.values(part.name);
    switch (part.form) {
      case SAME -> {}
      case ROWS -> {
        int cols = state.shape(part.name).cols();
        for (int r = part.moved.nextSetBit(0); r >= 0; r = part.moved.nextSetBit(r + 1)) {
          numbers.integer(r);
        }
        for (int r = part.moved.nextSetBit(0); r >= 0; r = part.moved.nextSetBit(r + 1)) {
          numbers.doubles(values.slice(r * cols, cols));
        }
      }
      case WHOLE -> numbers.doubles(values);
    }
  }

  private static Part part(
      StateDict state, String name, TensorFile from, @Nullable TensorEntry before) {
    Shape shape = state.shape(name);
    if (before == null || before.rows() != shape.rows() || before.cols() != shape.cols()) {
      return new Part(name, Form.WHOLE, new BitSet());
    }
    BitSet moved = movedRows(from, before, state.values(name));
    long inRows = moved.cardinality() * (1L + shape.cols()); // numbers, with those of the rows
    Form form = moved.isEmpty() ? Form.SAME : inRows < shape.size() ? Form.ROWS : Form.WHOLE;
    return new Part(name, form, moved);
  }

  private static BitSet movedRows(TensorFile from, TensorEntry before, DoubleBuffer after) {
    BitSet moved = new BitSet();
    double[] values = new double[Math.min(CHUNK, after.limit())];
    for (int at = 0; at < after.limit(); at += values.length) {
      int count = Math.min(values.length, after.limit() - at);
      from.read(before, at, values, 0, count);
      for (int i = 0; i < count; i++) {
        if (Double.doubleToRawLongBits(values[i])
            != Double.doubleToRawLongBits(after.get(at + i))) {
          moved.set((at + i) / before.cols());
        }
      }
    }
    return moved;
  }

  private static void requireDifferent(Path delta, Path base) {
    try {
      if (Files.exists(delta) && Files.exists(base) && Files.isSameFile(delta, base)) {
        throw StateFileException.in(
            delta, "cannot be written: it is the base. Give the delta a name of its own.");
      }
    } catch (IOException e) {
      throw StateFileException.in(delta, "cannot be written: " + e.getMessage() + ".", e);
    }
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  // ---- reading --------------------------------------------------------------------------------

  /** Where a matrix comes from: a tensor, and values that are put over some of its rows. */
  private record Source(
      String name, TensorFile file, TensorEntry tensor, Indices rows, @Nullable TensorEntry over) {}

  /**
   * Reads what {@link #write} has written. Everything but the numbers of the matrices themselves is
   * checked before the first of them is allocated.
   *
   * @param delta the file
   * @param base the file that it was written against, to the byte, under whatever name
   * @return the state, to the bit and in its order
   * @throws StateFileException if a file cannot be read or is not what it should be, or the base is
   *     not the one
   */
  public static StateDict read(Path delta, Path base) {
    try (TensorFile changes = TensorFile.open(delta)) {
      requireDelta(changes);
      try (TensorFile from = openBase(base)) {
        requireItsBase(changes, from);
        StateDict.Builder state = StateDict.builder();
        for (Source source : sources(changes, from)) {
          TensorEntry tensor = source.tensor;
          state.put(
              source.name,
              new Shape(tensor.rows(), tensor.cols()),
              matrix -> {
                source.file.read(tensor, matrix.data);
                putOver(matrix.data, tensor.cols(), source, changes);
              });
        }
        changes
            .metadata()
            .forEach(
                (name, text) -> {
                  if (name.startsWith(STATE)) {
                    state.text(name.substring(STATE.length()), text);
                  }
                });
        return state.build();
      }
    }
  }

  /** Reads the moved rows to where they belong, neighbours together. */
  private static void putOver(double[] values, int cols, Source source, TensorFile changes) {
    Indices rows = source.rows;
    int end;
    for (int from = 0; source.over != null && from < rows.size(); from = end) {
      end = from + 1;
      while (end < rows.size() && rows.get(end) == rows.get(end - 1) + 1) {
        end++;
      }
      changes.read(source.over, from * cols, values, rows.get(from) * cols, (end - from) * cols);
    }
  }

  private static List<Source> sources(TensorFile changes, TensorFile from) {
    Map<String, TensorEntry> before = byName(from);
    Map<String, TensorEntry> kept = byName(changes);
    List<Source> sources = new ArrayList<>();
    changes
        .metadata()
        .forEach(
            (key, form) -> {
              if (key.startsWith(MATRIX)) {
                String name = key.substring(MATRIX.length());
                TensorEntry own = before.get(name);
                sources.add(source(changes, from, name, form, own, kept));
              }
            });
    for (String name : kept.keySet()) {
      throw in(changes, "tensor " + quote(name) + " belongs to no matrix of the delta.");
    }
    return sources;
  }

  /** Takes what belongs to a matrix out of what the delta has kept. */
  private static Source source(
      TensorFile changes,
      TensorFile from,
      String name,
      String form,
      @Nullable TensorEntry before,
      Map<String, TensorEntry> kept) {
    if (form.equals(Form.WHOLE.toString())) {
      return new Source(name, changes, take(changes, kept, WHOLE, name), Indices.of(), null);
    }
    if (!form.equals(Form.SAME.toString()) && !form.equals(Form.ROWS.toString())) {
      throw in(
          changes,
          "matrix " + quote(name) + " is kept as " + quote(form) + " (need same, rows or whole).");
    }
    if (before == null) {
      throw in(
          changes,
          "matrix " + quote(name) + " is kept as " + form + ", but the base does not have it.");
    }
    if (form.equals(Form.SAME.toString())) {
      return new Source(name, from, before, Indices.of(), null);
    }
    TensorEntry rows = take(changes, kept, ROWS, name);
    TensorEntry values = take(changes, kept, VALUES, name);
    if (rows.dtype() != Dtype.I64 || rows.rows() != 1) {
      throw in(
          changes,
          "tensor "
              + quote(rows.name())
              + " is "
              + rows.rows()
              + "×"
              + rows.cols()
              + " in "
              + rows.dtype()
              + " (need one dimension in I64).");
    }
    if (values.rows() != rows.cols() || values.cols() != before.cols()) {
      throw in(
          changes,
          "tensor "
              + quote(values.name())
              + " is "
              + values.rows()
              + "×"
              + values.cols()
              + " (need "
              + rows.cols()
              + "×"
              + before.cols()
              + ": as many rows as row numbers, as many columns as the base).");
    }
    return new Source(name, from, before, rowNumbers(changes, rows, before.rows()), values);
  }

  private static TensorEntry take(
      TensorFile changes, Map<String, TensorEntry> kept, String prefix, String name) {
    TensorEntry tensor = kept.remove(prefix + name);
    if (tensor == null) {
      throw in(
          changes, "there is no tensor " + quote(prefix + name) + ", which the texts speak of.");
    }
    return tensor;
  }

  private static Indices rowNumbers(TensorFile changes, TensorEntry rows, int height) {
    int[] numbers = new int[rows.cols()];
    double[] values = new double[Math.min(CHUNK, numbers.length)];
    double last = -1.0;
    for (int at = 0; at < numbers.length; at += values.length) {
      int count = Math.min(values.length, numbers.length - at);
      changes.read(rows, at, values, 0, count);
      for (int i = 0; i < count; i++) {
        double number = values[i];
        if (!(number > last && number < height)) {
          throw in(
              changes,
              String.format(
                  Locale.ROOT,
                  "tensor %s has row %.0f at position %d (need ascending numbers from 0 to %d, each"
                      + " once).",
                  quote(rows.name()),
                  number,
                  at + i,
                  height - 1));
        }
        numbers[at + i] = (int) number;
        last = number;
      }
    }
    return Indices.of(numbers);
  }

  // ---- what the texts say ---------------------------------------------------------------------

  private static boolean isDelta(TensorFile file) {
    return DELTA.equals(file.metadata().get(FORMAT));
  }

  private static TensorFile openBase(Path base) {
    TensorFile file = TensorFile.open(base);
    if (isDelta(file)) {
      file.close();
      throw in(file, "is a delta, not a base (need a file that holds every matrix whole).");
    }
    return file;
  }

  private static void requireDelta(TensorFile file) {
    if (!isDelta(file)) {
      throw in(
          file,
          "is no delta: the text "
              + quote(FORMAT)
              + " is not "
              + quote(DELTA)
              + ". A file of whole matrices is read with Safetensors.read.");
    }
    String version = text(file, VERSION);
    if (!version.equals(FIRST_VERSION)) {
      throw in(
          file,
          "is a delta of version "
              + quote(version)
              + " (need "
              + FIRST_VERSION
              + "). It was written by another release.");
    }
    for (String name : file.metadata().keySet()) {
      boolean known =
          switch (name) {
            case FORMAT, VERSION, BASE_NAME, BASE_SHA256 -> true;
            default -> name.startsWith(MATRIX) || name.startsWith(STATE);
          };
      if (!known) {
        throw in(file, "has a text " + quote(name) + ", which deltas do not have.");
      }
    }
  }

  private static void requireItsBase(TensorFile changes, TensorFile base) {
    String needed = text(changes, BASE_SHA256);
    String name = text(changes, BASE_NAME);
    String found = base.sha256();
    if (!found.equals(needed)) {
      throw in(
          base,
          "is not the base of "
              + quote(fileName(changes.file()))
              + ": its SHA-256 is "
              + found
              + " (need "
              + printable(needed)
              + ", that of "
              + quote(name)
              + "). Give the file that the delta was written against.");
    }
  }

  /** A checksum of a file in full, anything else cut short. */
  private static String printable(String checksum) {
    return checksum.matches("[0-9a-f]{64}") ? checksum : quote(checksum);
  }

  private static String text(TensorFile file, String name) {
    String text = file.metadata().get(name);
    if (text == null) {
      throw in(file, "is a delta without the text " + quote(name) + ". It is broken.");
    }
    return text;
  }

  private static Map<String, TensorEntry> byName(TensorFile file) {
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    return tensors;
  }

  private static StateFileException in(TensorFile file, String problem) {
    return StateFileException.in(file.file(), problem);
  }
}
