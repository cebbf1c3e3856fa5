package io.github.backstay.nn.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;

/** Writes a safetensors file from its start to its end, little-endian, through one buffer. */
final class NumberWriter {

  private static final int CHUNK = 1 << 16; // bytes, a multiple of 8

  private final FileChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  NumberWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** The length of the header, and the header. */
  void header(byte[] header) throws IOException {
    integer(header.length);
    flush();
    writeFully(ByteBuffer.wrap(header));
  }

  /** One number in I64. */
  void integer(long value) throws IOException {
    if (chunk.remaining() < 8) {
      flush();
    }
    chunk.putLong(value);
  }

  /** Numbers in F64, from the position of the buffer to its limit. */
  void doubles(DoubleBuffer values) throws IOException {
    int end = values.limit();
    while (values.position() < end) {
      if (chunk.remaining() < 8) {
        flush();
      }
      values.limit(Math.min(end, values.position() + chunk.remaining() / 8));
      int bytes = 8 * values.remaining();
      chunk.asDoubleBuffer().put(values);
      chunk.position(chunk.position() + bytes);
    }
  }

  /** Hands everything to the channel; to be called at the end. */
  void flush() throws IOException {
    writeFully(chunk.flip());
    chunk.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int unused = channel.write(bytes);
    }
  }
}
