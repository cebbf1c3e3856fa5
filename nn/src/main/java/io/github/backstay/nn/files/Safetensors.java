package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.StateFileException.quote;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * State dicts as files in the safetensors format (github.com/huggingface/safetensors), which most
 * libraries of the field read and write: eight bytes with the length of the header, little-endian;
 * the header, JSON that says of each tensor its name, number format, shape, and place in the data;
 * the data, row after row. A file holds numbers and texts only, so that reading one runs nothing.
 *
 * <pre>{@code
 * Safetensors.write(file, model.stateDict());
 * model.load(Safetensors.read(file));
 * }</pre>
 *
 * <p>Written are matrices of doubles ({@code F64}), to the bit, in the order of the state dict, and
 * its texts as the header's {@code __metadata__}. Read are also {@code F32}, {@code F16} and {@code
 * BF16}, which become doubles exactly; a tensor of one dimension becomes a row, one without
 * dimensions 1×1, and one of more than two is refused, as are all other number formats.
 *
 * <p>A file is checked before its numbers are read: the header begins with a brace and has at most
 * 100,000,000 bytes, no name is there twice, and the tensors fill the data without gaps, overlaps,
 * or bytes left over. Stricter than the format are: at most 100,000 tensors and as many texts, no
 * other fields than the format's own. What is wrong is a {@link StateFileException}. Reading takes
 * the memory of the matrices and little more; writing takes none for them.
 */
public final class Safetensors {

  private static final int MOST_HEADER_BYTES = 100_000_000;
  private static final int CHUNK = 1 << 16; // bytes, a multiple of 8

  private Safetensors() {}

  // ---- writing --------------------------------------------------------------------------------

  /**
   * Writes a file, as a whole or not at all: nobody ever sees half of it, and after an error the
   * file that was there before is still there. Directories that are missing are made.
   *
   * @param file the file; replaced if there is one
   * @param state what to write
   * @throws StateFileException if the file cannot be written, or the format cannot say a name
   */
  public static void write(Path file, StateDict state) {
    byte[] header = header(file, state);
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer start = littleEndian(8 + header.length);
          writeFully(channel, start.putLong(header.length).put(header).flip());
          ByteBuffer chunk = littleEndian(CHUNK);
          for (String name : state.names()) {
            write(channel, chunk, state.values(name));
          }
        });
  }

  private static void write(FileChannel channel, ByteBuffer chunk, DoubleBuffer values)
      throws IOException {
    int end = values.limit();
    while (values.position() < end) {
      values.limit(Math.min(end, values.position() + CHUNK / 8));
      int bytes = 8 * values.remaining();
      chunk.clear().asDoubleBuffer().put(values);
      writeFully(channel, chunk.limit(bytes));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int unused = channel.write(bytes);
    }
  }

  /** The header that says where the matrices will lie; the file is what errors call it. */
  static byte[] header(Path file, StateDict state) {
    StringBuilder json = new StringBuilder("{");
    Map<String, String> texts = state.texts();
    if (!texts.isEmpty()) {
      json.append(string(file, HeaderReader.METADATA)).append(":{");
      json.append(
          texts.entrySet().stream()
              .map(text -> string(file, text.getKey()) + ":" + string(file, text.getValue()))
              .collect(Collectors.joining(",")));
      json.append("}");
    }
    long offset = 0;
    for (String name : state.names()) {
      if (name.equals(HeaderReader.METADATA)) {
        throw StateFileException.in(
            file, "cannot be written: a matrix must not be named " + quote(name) + ".");
      }
      Shape shape = state.shape(name);
      long end = offset + 8L * shape.size();
      json.append(json.length() == 1 ? "" : ",").append(string(file, name));
      json.append(":{\"dtype\":\"F64\",\"shape\":[");
      json.append(shape.rows()).append(",").append(shape.cols());
      json.append("],\"data_offsets\":[").append(offset).append(",").append(end).append("]}");
      offset = end;
    }
    byte[] bytes = json.append("}").toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_HEADER_BYTES - 7
        || Math.max(state.names().size(), texts.size()) > HeaderReader.MOST_NAMES) {
      throw StateFileException.in(
          file,
          "cannot be written: the header would have "
              + state.names().size()
              + " tensors, "
              + texts.size()
              + " texts and "
              + bytes.length
              + " bytes (at most "
              + HeaderReader.MOST_NAMES
              + " each, and "
              + MOST_HEADER_BYTES
              + " bytes).");
    }
    return padded(bytes);
  }

  /** With spaces behind it, so that the numbers begin at a multiple of eight bytes. */
  private static byte[] padded(byte[] json) {
    byte[] header = new byte[(json.length + 7) / 8 * 8];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(json, 0, header, 0, json.length);
    return header;
  }

  private static String string(Path file, String text) {
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

  // ---- reading --------------------------------------------------------------------------------

  /**
   * Reads a file.
   *
   * @param file the file
   * @return the matrices in the order in which they lie in the file, and the texts
   * @throws StateFileException if it cannot be read, or is not what it should be
   */
  public static StateDict read(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw StateFileException.in(file, "cannot be read: it is not a regular file.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file, channel);
    } catch (NoSuchFileException e) {
      throw StateFileException.in(file, "there is no such file.", e);
    } catch (AccessDeniedException e) {
      throw StateFileException.in(file, "cannot be read (permission denied).", e);
    } catch (IOException | UncheckedIOException e) {
      throw StateFileException.in(file, "cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static StateDict read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 9) {
      throw StateFileException.in(
          file,
          "has " + size + " bytes, too few for a header. It is no safetensors file, or cut off.");
    }
    ByteBuffer start = littleEndian(9);
    readFully(channel, start);
    long headerLength = start.getLong();
    if (headerLength < 0 || headerLength > Math.min(MOST_HEADER_BYTES, size - 8)) {
      throw StateFileException.in(
          file,
          "the header is said to have "
              + Long.toUnsignedString(headerLength)
              + " bytes (need at most "
              + MOST_HEADER_BYTES
              + ", and no more than the "
              + (size - 8)
              + " that follow). It is no safetensors file, or cut off.");
    }
    if (headerLength == 0 || start.get() != '{') {
      throw StateFileException.in(
          file, "the header does not begin with a brace. It is no safetensors file.");
    }
    ByteBuffer text = ByteBuffer.allocate((int) headerLength);
    channel.position(8);
    readFully(channel, text);
    HeaderReader header = new HeaderReader(file, text.array(), size - 8 - headerLength);

    StateDict.Builder state = StateDict.builder();
    ByteBuffer chunk = littleEndian(CHUNK);
    for (TensorEntry tensor : header.tensors()) {
      state.put(
          tensor.name(),
          new Shape(tensor.rows(), tensor.cols()),
          matrix -> read(channel, chunk, tensor.dtype(), matrix.data));
    }
    header.metadata().forEach(state::text);
    return state.build();
  }

  private static void read(FileChannel channel, ByteBuffer chunk, Dtype dtype, double[] to) {
    try {
      for (int at = 0; at < to.length; ) {
        int count = Math.min(to.length - at, CHUNK / dtype.bytes);
        readFully(channel, chunk.clear().limit(count * dtype.bytes));
        dtype.decode(chunk, to, at, count);
        at += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    to.flip();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
