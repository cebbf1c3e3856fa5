package io.github.backstay.benchmarks.data;

import java.nio.file.Path;

/**
 * A file cannot be used: it is missing, cannot be read or written, is cut off, or is not what it
 * should be. The message is one line that names the file, the line in it where there is one, what
 * is wrong and what is needed, for instance {@code train.txt, line 12: the label is "7" (need
 * 0..4).}
 */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How much of a file's text a message shows. */
  private static final int SHOWN = 40;

  private DataException(String message, Throwable cause) {
    super(message, cause);
  }

  private DataException(String message) {
    super(message);
  }

  /**
   * Something is wrong with a file as a whole.
   *
   * @param file the file, as the user named it
   * @param problem a sentence without the file
   * @return the exception, to be thrown
   */
  public static DataException in(Path file, String problem) {
    return new DataException(printable(file.toString()) + ": " + problem);
  }

  /**
   * Something is wrong with a file as a whole, because of another exception.
   *
   * @param file the file, as the user named it
   * @param problem a sentence without the file
   * @param cause the other exception
   * @return the exception, to be thrown
   */
  public static DataException in(Path file, String problem, Throwable cause) {
    return new DataException(printable(file.toString()) + ": " + problem, cause);
  }

  /**
   * Something is wrong in a line of a file.
   *
   * @param file the file, as the user named it
   * @param line the number of the line, from 1
   * @param problem a sentence without file and line
   * @return the exception, to be thrown
   */
  public static DataException at(Path file, long line, String problem) {
    return new DataException(printable(file.toString()) + ", line " + line + ": " + problem);
  }

  /**
   * A piece of a file as messages show it: in quotes, on one line, and not too long.
   *
   * @param text any text
   * @return for instance {@code "beautiful"}
   */
  static String quote(String text) {
    boolean cut = text.codePointCount(0, text.length()) > SHOWN;
    String shown = cut ? text.substring(0, text.offsetByCodePoints(0, SHOWN)) : text;
    return '"' + printable(shown) + (cut ? "…" : "") + '"';
  }

  /** The text with every control character, line ends among them, replaced by {@code ?}. */
  private static String printable(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      result.append(breaks ? '?' : c);
    }
    return result.toString();
  }
}
