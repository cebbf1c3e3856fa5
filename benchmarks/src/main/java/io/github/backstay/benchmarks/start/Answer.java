package io.github.backstay.benchmarks.start;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FirstGradient} prints.
 *
 * @param gradient the sum of its gradients
 * @param kernels the name of its kernels
 * @param residentBytes the most memory that its process has had; null if the system does not say
 */
record Answer(double gradient, String kernels, @Nullable Long residentBytes) {

  static final String GRADIENT = "gradient: ";

  static final String KERNELS = "kernels: ";

  /** The peak of the resident set, as Linux prints it: {@code VmHWM: 40632 kB}. */
  static final String RESIDENT = "VmHWM:";

  /**
   * Reads the answer.
   *
   * @param lines what was printed; other lines, such as warnings of the JVM, are passed over
   * @throws StartException if gradient or kernels are missing, or a number is none
   */
  static Answer of(List<String> lines) {
    String gradient = after(GRADIENT, lines);
    String kernels = after(KERNELS, lines);
    String resident = after(RESIDENT, lines);
    if (gradient == null || kernels == null) {
      throw new StartException(
          "start: the process printed "
              + quote(lines)
              + " (need a line \""
              + GRADIENT
              + "…\" and a line \""
              + KERNELS
              + "…\").");
    }
    try {
      Long bytes = resident == null ? null : 1024L * Long.parseLong(resident.replace(" kB", ""));
      return new Answer(Double.parseDouble(gradient), kernels, bytes);
    } catch (NumberFormatException e) {
      throw new StartException(
          "start: the process printed " + quote(lines) + " (need numbers as gradient and memory).",
          e);
    }
  }

  private static @Nullable String after(String prefix, List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length()).strip();
      }
    }
    return null;
  }

  /** The first few lines as one, in quotes. */
  static String quote(List<String> lines) {
    String shown = String.join(" | ", lines.subList(0, Math.min(5, lines.size())));
    return '"' + shown + (lines.size() > 5 ? " | …" : "") + '"';
  }
}
