package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.StateFileException.quote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file that is open for reading: its header, checked, and its numbers, read in
 * pieces, so that nobody has to hold more of them than wanted.
 */
final class TensorFile implements AutoCloseable {

  static final int MOST_HEADER_BYTES = 100_000_000;
  private static final int CHUNK = 1 << 16; // bytes, a multiple of 8
  private static final double INEXACT = 0x1p53; // from here on doubles do not hold every integer

  private final Path file;
  private final FileChannel channel;
  private final long data; // where the tensors begin
  private final HeaderReader header;
  private final ByteBuffer chunk = littleEndian(CHUNK);

  private TensorFile(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    long size = channel.size();
    if (size < 9) {
      throw StateFileException.in(
          file,
          "has " + size + " bytes, too few for a header. It is no safetensors file, or cut off.");
    }
    ByteBuffer start = littleEndian(9);
    readFully(0, start);
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
    readFully(8, text);
    data = 8 + headerLength;
    header = new HeaderReader(file, text.array(), size - data);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws StateFileException if it cannot be read, or is not what it should be
   */
  static TensorFile open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw StateFileException.in(file, "cannot be read: it is not a regular file.");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new TensorFile(file, channel);
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw StateFileException.in(file, "there is no such file.", e);
    } catch (AccessDeniedException e) {
      throw StateFileException.in(file, "cannot be read (permission denied).", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  Path file() {
    return file;
  }

  /** The tensors in the order in which they lie in the file. */
  List<TensorEntry> tensors() {
    return header.tensors();
  }

  /** The texts. */
  Map<String, String> metadata() {
    return header.metadata();
  }

  /** Reads all numbers of a tensor. */
  void read(TensorEntry tensor, double[] to) {
    read(tensor, 0, to, 0, to.length);
  }

  /** Reads some numbers of a tensor, from one of them on, to an index of an array. */
  void read(TensorEntry tensor, int from, double[] to, int at, int count) {
    Dtype dtype = tensor.dtype();
    long position = data + tensor.begin() + (long) from * dtype.bytes;
    for (int done = 0; done < count; ) {
      int some = Math.min(count - done, CHUNK / dtype.bytes);
      try {
        readFully(position, chunk.clear().limit(some * dtype.bytes));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      dtype.decode(chunk, to, at + done, some);
      if (dtype == Dtype.I64) {
        requireExact(tensor, to, at + done, some);
      }
      done += some;
      position += chunk.limit();
    }
  }

  private void requireExact(TensorEntry tensor, double[] values, int at, int count) {
    for (int i = at; i < at + count; i++) {
      if (Math.abs(values[i]) >= INEXACT) {
        throw StateFileException.in(
            file,
            "tensor "
                + quote(tensor.name())
                + " holds an integer of about "
                + values[i]
                + " (need less than 2^53 in size, to be exact as a double).");
      }
    }
  }

  /** The SHA-256 of all bytes of the file, as 64 hexadecimal digits. */
  String sha256() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    try {
      long size = channel.size();
      for (long at = 0; at < size; at += chunk.limit()) {
        readFully(at, chunk.clear().limit((int) Math.min(CHUNK, size - at)));
        digest.update(chunk);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void readFully(long position, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to, position + to.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    to.flip();
  }

  private static StateFileException unreadable(Path file, IOException e) {
    return StateFileException.in(file, "cannot be read: " + e.getMessage() + ".", e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
