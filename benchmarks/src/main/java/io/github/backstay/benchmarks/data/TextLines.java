package io.github.backstay.benchmarks.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a UTF-8 text file, as bytes, one at a time. A gzip file is unpacked (its first bytes
 * tell, not its name), a byte order mark is dropped, lines end in LF or CRLF, empty lines are
 * counted and passed over. Memory is bounded by the longest line allowed. For one thread.
 */
final class TextLines implements AutoCloseable {

  /** The longest line any reader takes: some 100,000 numbers of a word vector. */
  static final int MAX_LINE_BYTES = 1 << 20;

  private static final int CHUNK_BYTES = 1 << 16;

  private final Path file;
  private final InputStream in;
  private final long maxBytes;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int chunkStart;
  private int chunkEnd;
  private long bytesRead;

  private byte[] line = new byte[4096];
  private int length;
  private long number;
  private boolean terminated;

  private TextLines(Path file, InputStream in, long maxBytes) {
    this.file = file;
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /**
   * Opens a file.
   *
   * @param file its path
   * @param maxBytes how much text it may hold at most, unpacked
   * @return the lines, before the first one
   * @throws DataException if there is no such file, or it cannot be read
   */
  static TextLines open(Path file, long maxBytes) {
    if (Files.isDirectory(file)) {
      throw DataException.in(file, "is a directory (need a file).");
    }
    try {
      InputStream raw = Files.newInputStream(file);
      try {
        PushbackInputStream start = new PushbackInputStream(raw, 4);
        byte[] magic = start.readNBytes(4);
        start.unread(magic);
        if (magic.length == 0) {
          throw DataException.in(file, "is empty.");
        }
        if (magic.length >= 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3) {
          throw DataException.in(file, "is a zip archive (need text, or text in gzip). Unpack it.");
        }
        boolean gzip = magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        return new TextLines(
            file, gzip ? new GZIPInputStream(start, CHUNK_BYTES) : start, maxBytes);
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw readError(file, 0, e);
    }
  }

  private static DataException readError(Path file, long line, IOException e) {
    if (e instanceof NoSuchFileException) {
      return DataException.in(file, "no such file.", e);
    }
    if (e instanceof AccessDeniedException) {
      return DataException.in(file, "may not be read (permission denied).", e);
    }
    String place = line == 0 ? "" : " after line " + line;
    if (e instanceof EOFException) {
      return DataException.in(
          file, "the gzip data end early" + place + ": the file is cut off.", e);
    }
    if (e instanceof ZipException) {
      return DataException.in(file, "the gzip data are damaged" + place + ".", e);
    }
    return DataException.in(file, "cannot be read" + place + ": " + e.getMessage() + ".", e);
  }

  /**
   * Goes to the next line that is not empty.
   *
   * @return whether there is one
   * @throws DataException if the file cannot be read on, is not text, or breaks a limit
   */
  boolean next() {
    do {
      if (!readLine()) {
        return false;
      }
    } while (length == 0);
    return true;
  }

  private boolean readLine() {
    length = 0;
    terminated = false;
    boolean zero = false;
    while (!terminated) {
      if (chunkStart == chunkEnd && !fill()) {
        break;
      }
      int from = chunkStart;
      int to = from;
      while (to < chunkEnd && chunk[to] != '\n') {
        zero |= chunk[to] == 0;
        to++;
      }
      append(from, to);
      terminated = to < chunkEnd;
      chunkStart = terminated ? to + 1 : to;
    }
    if (!terminated && length == 0) {
      return false;
    }
    number++;
    if (zero) {
      throw error("holds a zero byte: the file is not text.");
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    if (number == 1) {
      dropByteOrderMark();
    }
    return true;
  }

  private boolean fill() {
    try {
      int count = in.read(chunk);
      if (count <= 0) {
        return false;
      }
      chunkStart = 0;
      chunkEnd = count;
      bytesRead += count;
    } catch (IOException e) {
      throw readError(file, number, e);
    }
    if (bytesRead > maxBytes) {
      throw DataException.in(
          file, "holds more than " + (maxBytes >> 20) + " MiB of text (too much for such a file).");
    }
    return true;
  }

  private void append(int from, int to) {
    int count = to - from;
    if (length + count > MAX_LINE_BYTES) {
      number++;
      throw error(
          "is longer than " + MAX_LINE_BYTES + " bytes: the file is not what it should be.");
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
    }
    System.arraycopy(chunk, from, line, length, count);
    length += count;
  }

  private void dropByteOrderMark() {
    if (length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf) {
      length -= 3;
      System.arraycopy(line, 3, line, 0, length);
    }
  }

  /** The bytes of this line, from 0 to {@link #length()}; good until the next line is read. */
  byte[] bytes() {
    return line;
  }

  /** How many bytes this line has, without its line end. */
  int length() {
    return length;
  }

  /** Whether this line has a line end; only the last one may lack it. */
  boolean terminated() {
    return terminated;
  }

  /** This line as text. */
  String text() {
    return text(0, length);
  }

  /**
   * A part of this line as text.
   *
   * @param from the first byte
   * @param to after the last byte
   * @return the text
   * @throws DataException if the bytes are not UTF-8
   */
  String text(int from, int to) {
    try {
      return decoder.decode(ByteBuffer.wrap(line, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      throw error("is not UTF-8 text.");
    }
  }

  /** An error at this line. */
  DataException error(String problem) {
    return DataException.at(file, number, problem);
  }

  /** The number of this line, from 1. */
  long number() {
    return number;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw readError(file, number, e);
    }
  }
}
