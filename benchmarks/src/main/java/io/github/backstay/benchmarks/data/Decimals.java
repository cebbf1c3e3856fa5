package io.github.backstay.benchmarks.data;

import java.nio.charset.StandardCharsets;

/**
 * Decimal numbers in ASCII bytes: the same doubles as {@link Double#parseDouble}, without a string
 * in the usual case.
 *
 * <p>Up to 2^53 a whole number is a double, and so is 10^k up to k = 22; their product or quotient
 * is then rounded once, hence correctly (Clinger 1990). Everything else goes to the JDK.
 */
final class Decimals {

  private static final long MAX_EXACT = 1L << 53;
  private static final int MAX_DIGITS = 18;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private Decimals() {}

  /**
   * Reads a number: a sign or none, digits with or without a point, an exponent or none. Not
   * numbers are hexadecimal forms, type letters, white space, and the words for NaN and infinity.
   *
   * @param bytes the text
   * @param from the first byte of the number
   * @param to after the last byte
   * @return the number, infinite if it is too large, or NaN if the bytes are not a number
   */
  static double parse(byte[] bytes, int from, int to) {
    int i = from;
    boolean negative = false;
    if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
      negative = bytes[i] == '-';
      i++;
    }
    long digits = 0;
    int count = 0;
    int seen = 0;
    int scale = 0;
    boolean point = false;
    for (; i < to; i++) {
      byte c = bytes[i];
      if (c >= '0' && c <= '9') {
        seen++;
        if (count < MAX_DIGITS) {
          digits = 10 * digits + (c - '0');
        }
        count += digits == 0 ? 0 : 1;
        scale += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (seen == 0) {
      return Double.NaN;
    }
    long exponent = 0;
    if (i < to && (bytes[i] == 'e' || bytes[i] == 'E')) {
      i++;
      boolean down = i < to && bytes[i] == '-';
      if (down || (i < to && bytes[i] == '+')) {
        i++;
      }
      if (i == to) {
        return Double.NaN;
      }
      for (; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
        exponent = Math.min(10 * exponent + (bytes[i] - '0'), Integer.MAX_VALUE);
      }
      exponent = down ? -exponent : exponent;
    }
    if (i < to) {
      return Double.NaN;
    }
    long power = exponent - scale;
    if (count <= MAX_DIGITS && digits <= MAX_EXACT && Math.abs(power) < POWERS_OF_TEN.length) {
      double magnitude =
          power < 0 ? digits / POWERS_OF_TEN[(int) -power] : digits * POWERS_OF_TEN[(int) power];
      return negative ? -magnitude : magnitude;
    }
    return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
  }

  /**
   * Reads as many numbers as an array has entries, each after at least one space or tab.
   *
   * @param bytes the text
   * @param from where the white space before the first number begins
   * @param to the end of the text
   * @param into the numbers
   * @return the end of the last number, or −1 if there are fewer, or one is not a finite number
   */
  static int parseRow(byte[] bytes, int from, int to, double[] into) {
    int i = from;
    for (int k = 0; k < into.length; k++) {
      int gap = i;
      while (i < to && isBlank(bytes[i])) {
        i++;
      }
      if (i == gap) {
        return -1;
      }
      int start = i;
      boolean negative = i < to && bytes[i] == '-';
      if (negative) {
        i++;
      }
      int first = i;
      long digits = 0;
      int digit;
      while (i < to && (digit = bytes[i] - '0') >= 0 && digit <= 9) {
        digits = 10 * digits + digit;
        i++;
      }
      int count = i - first;
      int scale = 0;
      if (i < to && bytes[i] == '.') {
        int point = ++i;
        while (i < to && (digit = bytes[i] - '0') >= 0 && digit <= 9) {
          digits = 10 * digits + digit;
          i++;
        }
        scale = i - point;
        count += scale;
      }
      double value;
      if (count > 0
          && count <= MAX_DIGITS
          && digits <= MAX_EXACT
          && (i == to || isBlank(bytes[i]))) {
        value = digits / POWERS_OF_TEN[scale];
        value = negative ? -value : value;
      } else {
        while (i < to && !isBlank(bytes[i])) {
          i++;
        }
        value = parse(bytes, start, i);
      }
      if (!Double.isFinite(value)) {
        return -1;
      }
      into[k] = value;
    }
    return i;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }
}
