package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.SickData;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What both tasks on SICK have in common. */
final class SickOptions {

  @Mixin private final TrainOptions options = new TrainOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The directory of SICK_train.txt, SICK_trial.txt and SICK_test_annotated.txt.")
  private Path data = Path.of("");

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "The width of the head's sigmoid layer (default: ${DEFAULT-VALUE}).")
  private int hidden = 50;

  void run(String task, boolean similarity) {
    options.requireSensible();
    OptionCheck check = options.check();
    network.requireSensible(check);
    network.requireTexts(check);
    check.atLeast("--hidden", hidden, 1);
    Map<String, String> description = new LinkedHashMap<>();
    description.put("hidden", String.valueOf(hidden));
    options.run(
        task,
        network.network(),
        description,
        new SickData(
            data,
            options.vectors(),
            options.wordSimilarity(),
            options.unknownWords(),
            network.network(),
            similarity,
            hidden),
        10);
  }
}
