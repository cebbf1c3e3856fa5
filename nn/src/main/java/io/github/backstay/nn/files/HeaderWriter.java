package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.StateFileException.quote;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the JSON header of a safetensors file; tensors will lie in the order of the calls. */
final class HeaderWriter {

  private final Path file;
  private final StringBuilder texts = new StringBuilder();
  private final StringBuilder tensors = new StringBuilder();
  private int textCount;
  private int tensorCount;
  private long offset;

  /**
   * Begins a header.
   *
   * @param file what errors call it
   */
  HeaderWriter(Path file) {
    this.file = file;
  }

  /** Adds a text. */
  @CanIgnoreReturnValue
  HeaderWriter text(String name, String text) {
    texts.append(textCount++ == 0 ? "" : ",");
    texts.append(string(name)).append(':').append(string(text));
    return this;
  }

  /** Adds a tensor behind those before it. */
  @CanIgnoreReturnValue
  HeaderWriter tensor(String name, Dtype dtype, int... shape) {
    if (name.equals(HeaderReader.METADATA)) {
      throw StateFileException.in(
          file, "cannot be written: a matrix must not be named " + quote(name) + ".");
    }
    long end =
        offset + dtype.bytes * Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    tensors.append(tensorCount++ == 0 ? "" : ",").append(string(name));
    tensors.append(":{\"dtype\":\"").append(dtype).append("\",\"shape\":[");
    tensors.append(
        IntStream.of(shape).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    tensors.append("],\"data_offsets\":[").append(offset).append(',').append(end).append("]}");
    offset = end;
    return this;
  }

  /** The header, with spaces behind it, so that the numbers begin at a multiple of eight bytes. */
  byte[] toBytes() {
    StringBuilder json = new StringBuilder("{");
    if (textCount > 0) {
      json.append(string(HeaderReader.METADATA)).append(":{").append(texts).append('}');
      json.append(tensorCount == 0 ? "" : ",");
    }
    byte[] bytes = json.append(tensors).append('}').toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > TensorFile.MOST_HEADER_BYTES - 7
        || Math.max(tensorCount, textCount) > HeaderReader.MOST_NAMES) {
      throw StateFileException.in(
          file,
          "cannot be written: the header would have "
              + tensorCount
              + " tensors, "
              + textCount
              + " texts and "
              + bytes.length
              + " bytes (at most "
              + HeaderReader.MOST_NAMES
              + " each, and "
              + TensorFile.MOST_HEADER_BYTES
              + " bytes).");
    }
    byte[] header = new byte[(bytes.length + 7) / 8 * 8];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(bytes, 0, header, 0, bytes.length);
    return header;
  }

  private String string(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw StateFileException.in(
          file, "cannot be written: " + quote(text) + " holds half a surrogate pair.");
    }
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
