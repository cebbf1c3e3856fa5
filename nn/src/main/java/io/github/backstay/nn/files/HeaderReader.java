package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.StateFileException.quote;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON header of a safetensors file. It knows only the JSON that such a header may
 * consist of, an object of objects, so nothing nests deeper and nothing is read before it is known
 * to belong there.
 */
final class HeaderReader {

  /** How many tensors, and how many texts, so that a header takes a few times its size at most. */
  static final int MOST_NAMES = 100_000;

  /** The key of the texts. */
  static final String METADATA = "__metadata__";

  private static final int MOST_DIMENSIONS = 16; // that are read, to say in an error what they are
  private static final int MOST_ENTRIES = Integer.MAX_VALUE - 8; // of a Java array

  private final Path file;
  private final byte[] json;
  private final long dataLength;
  private final List<TensorEntry> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int at;

  /**
   * Reads and checks a header.
   *
   * @param file what errors call it
   * @param json the header, without the eight bytes of its length
   * @param dataLength how many bytes follow it
   */
  HeaderReader(Path file, byte[] json, long dataLength) {
    this.file = file;
    this.json = json;
    this.dataLength = dataLength;
    object(this::member);
    skipSpace();
    if (at < json.length) {
      throw expected("nothing after the last brace");
    }
    tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    requireContiguous();
  }

  /** The tensors in the order in which they lie in the file, without gaps. */
  List<TensorEntry> tensors() {
    return tensors;
  }

  /** The texts. */
  Map<String, String> metadata() {
    return metadata;
  }

  // ---- what a header says ---------------------------------------------------------------------

  private void member(String key) {
    if (key.equals(METADATA)) {
      object(this::text);
    } else {
      requireBelowLimit(tensors.size(), "tensors");
      tensors.add(tensor(key));
    }
  }

  private void text(String name) {
    requireBelowLimit(metadata.size(), "texts");
    metadata.put(name, string());
  }

  private void requireBelowLimit(int count, String what) {
    if (count == MOST_NAMES) {
      throw wrong("there are too many " + what + " (at most " + MOST_NAMES + ").");
    }
  }

  private TensorEntry tensor(String name) {
    Map<String, List<Long>> numbers = new LinkedHashMap<>();
    List<String> dtypes = new ArrayList<>();
    object(
        field -> {
          switch (field) {
            case "dtype" -> dtypes.add(string());
            case "shape", "data_offsets" -> numbers.put(field, integers());
            default ->
                throw in(
                    name, "has a field " + quote(field) + " (need dtype, shape and data_offsets).");
          }
        });
    List<Long> shape = numbers.get("shape");
    List<Long> offsets = numbers.get("data_offsets");
    if (dtypes.isEmpty() || shape == null || offsets == null) {
      throw in(name, "lacks a field (need dtype, shape and data_offsets).");
    }
    if (offsets.size() != 2) {
      throw in(name, "has the data_offsets " + offsets + " (need two).");
    }
    return checked(name, dtypes.get(0), shape, offsets.get(0), offsets.get(1));
  }

  private TensorEntry checked(
      String name, String dtypeName, List<Long> shape, long begin, long end) {
    Dtype dtype = dtype(dtypeName);
    if (dtype == null) {
      throw in(name, "has dtype " + quote(dtypeName) + " (need F64, F32, F16, BF16, I32 or I64).");
    }
    if (shape.size() > 2) {
      throw in(name, "has the shape " + shape + " (need at most two dimensions).");
    }
    long rows = shape.size() < 2 ? 1 : shape.get(0);
    long cols = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
    // Each side first: then their product is far below the largest long.
    if (rows > MOST_ENTRIES || cols > MOST_ENTRIES || rows * cols > MOST_ENTRIES) {
      throw in(
          name,
          "has the shape " + shape + " (a matrix holds at most " + MOST_ENTRIES + " numbers).");
    }
    if (begin > end || end > dataLength) {
      throw in(
          name,
          "lies at ["
              + begin
              + ", "
              + end
              + "], but the file has "
              + dataLength
              + " bytes of data. It is cut off or broken.");
    }
    if (end - begin != rows * cols * dtype.bytes) {
      throw in(
          name,
          "has "
              + (end - begin)
              + " bytes (need "
              + rows * cols * dtype.bytes
              + " for the shape "
              + shape
              + " in "
              + dtype
              + ").");
    }
    return new TensorEntry(name, dtype, (int) rows, (int) cols, begin, end);
  }

  private static @Nullable Dtype dtype(String name) {
    for (Dtype dtype : Dtype.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    return null;
  }

  private void requireContiguous() {
    long end = 0;
    for (TensorEntry tensor : tensors) {
      if (tensor.begin() != end) {
        throw in(
            tensor.name(),
            "begins at "
                + tensor.begin()
                + " (need "
                + end
                + ", where the one before it ends: tensors must neither overlap nor leave gaps).");
      }
      end = tensor.end();
    }
    if (end != dataLength) {
      throw StateFileException.in(
          file,
          "there are "
              + dataLength
              + " bytes of data, the tensors end at "
              + end
              + " (both must be the same).");
    }
  }

  private StateFileException in(String tensor, String problem) {
    return StateFileException.in(file, "tensor " + quote(tensor) + " " + problem);
  }

  // ---- JSON -----------------------------------------------------------------------------------

  /** An object; the consumer reads the value of each key. */
  private void object(Consumer<String> value) {
    expect('{');
    if (next() == '}') {
      at++;
      return;
    }
    Set<String> keys = new HashSet<>();
    do {
      int start = at;
      String key = string();
      if (!keys.add(key)) {
        at = start;
        throw wrong("the name " + quote(key) + " is there twice.");
      }
      expect(':');
      value.accept(key);
    } while (another('}'));
  }

  /** An array of integers that are not negative. */
  private List<Long> integers() {
    expect('[');
    List<Long> numbers = new ArrayList<>();
    if (next() == ']') {
      at++;
      return numbers;
    }
    do {
      if (numbers.size() == MOST_DIMENSIONS) {
        throw wrong("there are more than " + MOST_DIMENSIONS + " numbers in an array.");
      }
      numbers.add(integer());
    } while (another(']'));
    return numbers;
  }

  /** Whether a comma follows; or else the end must. */
  private boolean another(char end) {
    int found = next();
    if (found != ',' && found != end) {
      throw expected("',' or '" + end + "'");
    }
    at++;
    return found == ',';
  }

  private long integer() {
    skipSpace();
    int start = at;
    long value = 0;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      int digit = json[at] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        at = start;
        throw wrong("the number is too large.");
      }
      value = 10 * value + digit;
      at++;
    }
    if (at == start || (at > start + 1 && json[start] == '0')) {
      at = start;
      throw expected("an integer without sign and leading zeros");
    }
    return value;
  }

  private String string() {
    expect('"');
    StringBuilder result = new StringBuilder();
    while (at < json.length && json[at] != '"') {
      byte c = json[at];
      if (c < 0) {
        beyondAscii(result);
      } else if (c < ' ') {
        throw wrong("there is a control character in a string.");
      } else if (c == '\\') {
        at++;
        escape(result);
      } else {
        result.append((char) c);
        at++;
      }
    }
    if (at == json.length) {
      throw expected("'\"'");
    }
    at++;
    return result.toString();
  }

  /** All bytes up to the next that is ASCII; no character of UTF-8 goes beyond that. */
  private void beyondAscii(StringBuilder result) {
    int start = at;
    while (at < json.length && json[at] < 0) {
      at++;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(json, start, at - start);
      result.append(StandardCharsets.UTF_8.newDecoder().decode(bytes));
    } catch (CharacterCodingException e) {
      at = start;
      throw wrong("the string is not UTF-8.");
    }
  }

  /** What follows a backslash. */
  private void escape(StringBuilder result) {
    int letter = at < json.length ? json[at++] : -1;
    switch (letter) {
      case '"', '\\', '/' -> result.append((char) letter);
      case 'b' -> result.append('\b');
      case 'f' -> result.append('\f');
      case 'n' -> result.append('\n');
      case 'r' -> result.append('\r');
      case 't' -> result.append('\t');
      case 'u' -> unicode(result);
      default -> {
        at -= letter < 0 ? 0 : 1;
        throw expected("one of \"\\/bfnrtu after a backslash");
      }
    }
  }

  private void unicode(StringBuilder result) {
    char first = hex();
    result.append(first);
    if (!Character.isSurrogate(first)) {
      return;
    }
    if (Character.isHighSurrogate(first)
        && at + 1 < json.length
        && json[at] == '\\'
        && json[at + 1] == 'u') {
      at += 2;
      char second = hex();
      if (Character.isLowSurrogate(second)) {
        result.append(second);
        return;
      }
    }
    throw wrong("there is half a surrogate pair in a string.");
  }

  private char hex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < json.length ? Character.digit(json[at] & 0xff, 16) : -1;
      if (digit < 0) {
        throw expected("four hexadecimal digits");
      }
      value = 16 * value + digit;
      at++;
    }
    return (char) value;
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw expected("'" + wanted + "'");
    }
    at++;
  }

  /** The byte behind any space, or −1 at the end; it is not taken. */
  private int next() {
    skipSpace();
    return at < json.length ? json[at] & 0xff : -1;
  }

  private void skipSpace() {
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
      at++;
    }
  }

  private StateFileException expected(String wanted) {
    String found =
        at >= json.length
            ? "the end"
            : json[at] > ' ' && json[at] < 127
                ? "'" + (char) json[at] + "'"
                : "byte " + (json[at] & 0xff);
    return wrong("found " + found + " (need " + wanted + ").");
  }

  private StateFileException wrong(String problem) {
    return StateFileException.in(file, "header, byte " + at + ": " + problem);
  }
}
