package io.github.backstay.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaunchTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String refused(List<String> command, Duration limit) {
    StartException e = assertThrows(StartException.class, () -> Launch.of(command, limit));
    return String.valueOf(e.getMessage());
  }

  @Test
  void theClassPathIsEnough() {
    Launch launch = Launch.of(java("-cp", Code.path(), FirstGradient.class.getName()), LONG);
    assertEquals(FirstGradient.sum(), launch.answer().gradient(), 1e-12);
    assertEquals("plain", launch.answer().kernels());
    assertTrue(launch.milliseconds() > 0.0);
  }

  @Test
  void programThatIsNotThere() {
    String message = refused(List.of("no-such-program"), LONG);
    assertTrue(message.startsWith("start: no process can be started: "), message);
    assertTrue(message.contains("no-such-program"), message);
  }

  @Test
  void processThatFails() {
    String message = refused(java("-cp", "nowhere", FirstGradient.class.getName()), LONG);
    assertTrue(
        message.startsWith(
            "start: the process ended with code 1 (need code 0 within 60000 ms). It printed \""),
        message);
    assertTrue(message.contains(FirstGradient.class.getName()), message);
  }

  @Test
  void processThatEndsWellButSaysSomethingElse() {
    String message = refused(java("-version"), LONG);
    assertTrue(message.startsWith("start: the process printed \""), message);
    assertTrue(
        message.endsWith("(need a line \"gradient: …\" and a line \"kernels: …\")."), message);
  }

  @Test
  void processThatDoesNotEndIsDestroyed() {
    // Whether it gets as far as its gradient in this time makes no difference.
    String path = System.getProperty("java.class.path");
    String message = refused(java("-cp", path, Unending.class.getName()), Duration.ofMillis(900));
    assertTrue(
        message.startsWith(
            "start: the process took longer than 900 ms (need code 0 within 900 ms). It printed \""),
        message);
    assertEquals(0, ProcessHandle.current().children().count());
  }
}
