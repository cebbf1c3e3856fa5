package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** What is thrown, and with which words. */
final class Failures {

  private Failures() {}

  static String messageOf(Class<? extends Throwable> type, Executable call) {
    return Objects.requireNonNull(assertThrows(type, call).getMessage());
  }

  static void assertMessage(Class<? extends Throwable> type, String message, Executable call) {
    assertEquals(message, messageOf(type, call));
  }
}
