package io.github.backstay.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

  @Test
  void passesOverWhatTheJvmSays() {
    List<String> lines =
        List.of(
            "WARNING: Using incubator modules: jdk.incubator.vector",
            "gradient: -1.25E-3",
            "kernels: vector",
            "VmHWM:\t   40632 kB");
    assertEquals(new Answer(-0.00125, "vector", 40_632L * 1_024L), Answer.of(lines));
  }

  @Test
  void memoryMayBeMissing() {
    assertEquals(
        new Answer(2.0, "plain", null), Answer.of(List.of("gradient: 2.0", "kernels: plain")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                           | "" (need a line "gradient: …" and a line "kernels: …").
          gradient: 1.0                                | "gradient: 1.0" (need a line "gradient: …" and a line "kernels: …").
          kernels: plain                               | "kernels: plain" (need a line "gradient: …" and a line "kernels: …").
          a;b;c;d;e;f                                  | '"a | b | c | d | e | …" (need a line "gradient: …" and a line "kernels: …").'
          gradient: one;kernels: plain                 | '"gradient: one | kernels: plain" (need numbers as gradient and memory).'
          gradient: 1.0;kernels: plain;VmHWM: 4 MB     | '"gradient: 1.0 | kernels: plain | VmHWM: 4 MB" (need numbers as gradient and memory).'
          """)
  void refusesWhatIsNoAnswer(String lines, String message) {
    StartException e =
        assertThrows(StartException.class, () -> Answer.of(List.of(lines.split(";"))));
    assertEquals("start: the process printed " + message, e.getMessage());
  }
}
