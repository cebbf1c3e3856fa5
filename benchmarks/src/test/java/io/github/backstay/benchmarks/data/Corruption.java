package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Something that has happened to a file. Places are shares of its length, so that one corruption
 * fits files of any length.
 *
 * @param kind what has happened
 * @param place where, in 0..1
 * @param length how much is concerned, in 0..1
 * @param value a byte
 */
record Corruption(Kind kind, double place, double length, byte value) {

  enum Kind {
    CUT_OFF,
    FLIP,
    DELETE,
    REPEAT,
    INSERT
  }

  static Arbitrary<Corruption> any() {
    Arbitrary<Byte> values =
        Arbitraries.oneOf(
            Arbitraries.bytes(),
            Arbitraries.of((byte) '\n', (byte) '\t', (byte) ' ', (byte) '\r', (byte) '|'));
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            values)
        .as(Corruption::new);
  }

  byte[] of(byte[] bytes) {
    int n = bytes.length;
    int at = Math.min(n - 1, (int) (place * n));
    int end = Math.min(n, at + 1 + (int) (length * length * 40));
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] middle = Arrays.copyOfRange(bytes, at, end);
    byte[] tail = Arrays.copyOfRange(bytes, end, n);
    return switch (kind) {
      case CUT_OFF -> head;
      case FLIP ->
          join(head, new byte[] {(byte) (bytes[at] ^ (value == 0 ? 1 : value))}, rest(bytes, at));
      case DELETE -> join(head, tail);
      case REPEAT -> join(head, middle, middle, tail);
      case INSERT -> join(head, new byte[] {value}, middle, tail);
    };
  }

  private static byte[] rest(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, at + 1, bytes.length);
  }

  private static byte[] join(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /**
   * What a reader makes of bytes: data, or nothing if it refuses them in one line that begins with
   * the file's name. Any other exception is passed on.
   */
  static <T> Optional<T> readOrRefused(byte[] bytes, Function<Path, T> reader) {
    return TestFiles.read(
        bytes,
        file -> {
          try {
            return Optional.of(reader.apply(file));
          } catch (DataException e) {
            String message = String.valueOf(e.getMessage());
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.startsWith(file.toString()), message);
            return Optional.empty();
          }
        });
  }
}
