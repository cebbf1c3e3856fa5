package io.github.backstay.nn.files;

import java.nio.ByteBuffer;

/** How a file stores one number, little-endian; but for huge integers all are exact as a double. */
enum Dtype {
  /** IEEE 754 double precision. */
  F64(8) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      from.asDoubleBuffer().get(to, at, count);
    }
  },
  /** IEEE 754 single precision. */
  F32(4) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = from.getFloat(4 * i);
      }
    }
  },
  /** IEEE 754 half precision: 5 bits of exponent, 10 of fraction. */
  F16(2) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = half(from.getShort(2 * i));
      }
    }
  },
  /** The upper half of single precision: 8 bits of exponent, 7 of fraction. */
  BF16(2) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = Float.intBitsToFloat(from.getShort(2 * i) << 16);
      }
    }
  },
  /** Integers of 32 bits, in two's complement. */
  I32(4) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = from.getInt(4 * i);
      }
    }
  },
  /** Integers of 64 bits, in two's complement; exact below 2⁵³ in size, rounded beyond. */
  I64(8) {
    @Override
    void decode(ByteBuffer from, double[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = from.getLong(8 * i);
      }
    }
  };

  final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Reads numbers from the start of a little-endian buffer. */
  abstract void decode(ByteBuffer from, double[] to, int at, int count);

  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24; // subnormal
          case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb(1024.0 + fraction, exponent - 25);
        };
    return bits < 0 ? -size : size;
  }
}
