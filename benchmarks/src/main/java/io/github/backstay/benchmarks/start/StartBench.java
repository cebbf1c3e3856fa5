package io.github.backstay.benchmarks.start;

import io.github.backstay.benchmarks.training.Spread;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts JVMs that take one gradient and end, with and without the module of vectors in turn, and
 * reports medians, by the clock on the wall. All answers are compared with this process's own
 * gradient before anything is reported.
 */
public final class StartBench {

  private static final String VECTORS = "jdk.incubator.vector";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final int rounds;

  /**
   * Creates the bench.
   *
   * @param rounds how often each has its turn, after one turn that does not count
   */
  public StartBench(int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("start: rounds must be positive, got " + rounds + ".");
    }
    this.rounds = rounds;
  }

  /**
   * The figures of JVMs that were started in one way.
   *
   * @param options the JVM's options besides its class path; empty for none
   * @param kernels the name of the kernels
   * @param median milliseconds from before the start until the gradient has arrived
   * @param least the least of any round
   * @param residentBytes median of the most memory that the process has had; null if the system
   *     does not say
   * @param milliseconds the times of all rounds
   */
  public record Row(
      String options,
      String kernels,
      double median,
      double least,
      @Nullable Double residentBytes,
      List<Double> milliseconds) {}

  /**
   * Runs everything.
   *
   * @return a row without options and, if this JDK has the module of vectors, one with it
   * @throws StartException if a process fails, takes more than a minute, or has another gradient
   */
  public List<Row> run() {
    List<List<String>> options = new ArrayList<>();
    options.add(List.of());
    if (ModuleFinder.ofSystem().find(VECTORS).isPresent()) {
      options.add(List.of("--add-modules", VECTORS));
    }
    List<List<Launch>> launches = new ArrayList<>();
    options.forEach(some -> launches.add(new ArrayList<>()));
    double expected = FirstGradient.sum();
    for (int round = -1; round < rounds; round++) {
      for (int turn = 0; turn < options.size(); turn++) {
        Launch launch = Launch.of(command(options.get(turn)), LIMIT);
        requireAgreement(expected, launch.answer().gradient());
        if (round >= 0) {
          launches.get(turn).add(launch);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int turn = 0; turn < options.size(); turn++) {
      rows.add(row(String.join(" ", options.get(turn)), launches.get(turn)));
    }
    return rows;
  }

  /** This process's own Java. */
  private static List<String> command(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", Code.path(), FirstGradient.class.getName()));
    return command;
  }

  /** Near 63, where kernels differ by some units of 7e-15 in the last place. */
  static void requireAgreement(double expected, double gradient) {
    if (!(Math.abs(gradient - expected) <= 1e-12)) {
      throw new StartException(
          "start: the gradients differ: here "
              + expected
              + ", in the process "
              + gradient
              + " (need the same to 1e-12).");
    }
  }

  private static Row row(String options, List<Launch> launches) {
    double[] times = launches.stream().mapToDouble(Launch::milliseconds).toArray();
    double[] memory =
        launches.stream()
            .map(launch -> launch.answer().residentBytes())
            .filter(bytes -> bytes != null)
            .mapToDouble(Long::doubleValue)
            .toArray();
    return new Row(
        options,
        launches.get(0).answer().kernels(),
        Spread.of(times).median(),
        Arrays.stream(times).min().orElseThrow(),
        memory.length == 0 ? null : Spread.of(memory).median(),
        Arrays.stream(times).boxed().toList());
  }
}
