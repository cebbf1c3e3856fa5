package io.github.backstay.nn.files;

import java.nio.file.Path;

/**
 * A file of states cannot be used: it is missing, cannot be read or written, is cut off, or is not
 * what it should be. The message is one line that names the file, what is wrong and what is needed.
 */
public final class StateFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How much of a file's text a message shows. */
  private static final int SHOWN = 40;

  private StateFileException(String message, Throwable cause) {
    super(message, cause);
  }

  private StateFileException(String message) {
    super(message);
  }

  /** Something is wrong with a file; the problem is a sentence without the file. */
  static StateFileException in(Path file, String problem) {
    return new StateFileException(printable(file.toString()) + ": " + problem);
  }

  /** Something is wrong with a file, because of another exception. */
  static StateFileException in(Path file, String problem, Throwable cause) {
    return new StateFileException(printable(file.toString()) + ": " + problem, cause);
  }

  /** A piece of a file as messages show it: in quotes, on one line, and not too long. */
  static String quote(String text) {
    boolean cut = text.codePointCount(0, text.length()) > SHOWN;
    String shown = cut ? text.substring(0, text.offsetByCodePoints(0, SHOWN)) : text;
    return '"' + printable(shown) + (cut ? "…" : "") + '"';
  }

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
