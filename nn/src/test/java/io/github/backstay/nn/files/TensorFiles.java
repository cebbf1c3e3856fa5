package io.github.backstay.nn.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.function.Executable;

/** Files made byte by byte, and what comes of them. */
final class TensorFiles {

  private TensorFiles() {}

  /** A file with this header and these bytes of data. */
  static byte[] bytes(String header, byte... data) {
    return bytes(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] bytes(byte[] header, byte[] data) {
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(header.length).put(header).put(data).array();
  }

  static byte[] doubles(double... values) {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    DoubleStream.of(values).forEach(data::putDouble);
    return data.array();
  }

  static byte[] longs(long... values) {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    LongStream.of(values).forEach(data::putLong);
    return data.array();
  }

  static void put(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] get(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all that is in a directory, hidden files too. */
  static List<String> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What reading or writing is refused with, without the name of the file in front. */
  static String refusal(Path file, Executable call) {
    String message =
        Objects.requireNonNull(assertThrows(StateFileException.class, call).getMessage());
    String start = file + ": ";
    assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
    return message.substring(start.length());
  }

  /** Equal to the bit, NaN's too. */
  static void assertSame(StateDict expected, StateDict actual) {
    assertEquals(List.copyOf(expected.names()), List.copyOf(actual.names()));
    assertEquals(expected.texts(), actual.texts());
    for (String name : expected.names()) {
      assertEquals(expected.shape(name), actual.shape(name));
      assertArrayEquals(bits(expected.matrix(name)), bits(actual.matrix(name)), name);
    }
  }

  static long[] bits(DMatrixRMaj matrix) {
    return LongStream.range(0, matrix.getNumElements())
        .map(i -> Double.doubleToRawLongBits(matrix.data[(int) i]))
        .toArray();
  }
}
