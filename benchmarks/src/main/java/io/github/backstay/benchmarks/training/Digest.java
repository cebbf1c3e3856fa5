package io.github.backstay.benchmarks.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.ejml.data.DMatrixRMaj;

/** The SHA-256 of what is added, bit by bit: equal for equal things, and for no others. */
final class Digest {

  private final MessageDigest digest;

  Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds a whole number. */
  void add(int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
  }

  /** Adds a text with its length. */
  void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    digest.update(bytes);
  }

  /** Adds the entries of a matrix. */
  void add(DMatrixRMaj matrix) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * matrix.numCols);
    for (int row = 0; row < matrix.numRows; row++) {
      bytes.clear();
      bytes.asDoubleBuffer().put(matrix.data, row * matrix.numCols, matrix.numCols);
      digest.update(bytes);
    }
  }

  /** What has come of it, in 64 hexadecimal digits. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
