package io.github.backstay.regularizers.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What came of a test class that was run inside of a program: for showing that a mistake on purpose
 * is found. The only class of the kit that needs {@code junit-platform-launcher}.
 *
 * @param passed the checks that passed, by their names
 * @param failed the checks that failed, with what they said
 */
public record ContractRun(List<String> passed, Map<String, String> failed) {

  /**
   * Checks the values.
   *
   * @param passed the checks that passed, by their names
   * @param failed the checks that failed, with what they said
   */
  public ContractRun {
    passed = List.copyOf(passed);
    failed = Collections.unmodifiableMap(new LinkedHashMap<>(failed));
  }

  /**
   * Runs a test class.
   *
   * @param test a class that implements contracts
   * @return what came of it
   * @throws IllegalStateException if the class itself could not be run, or has no test
   */
  public static ContractRun of(Class<?> test) {
    return of(test, Map.of());
  }

  /**
   * Runs a test class with configuration parameters of the JUnit platform.
   *
   * @param test a class that implements contracts
   * @param configuration what the class or its extensions look up
   * @return what came of it
   * @throws IllegalStateException if the class itself could not be run, or has no test
   */
  public static ContractRun of(Class<?> test, Map<String, String> configuration) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(test))
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameters(configuration)
            .configurationParameter(Planted.OnPurpose.KEY, "true")
            .build();
    LauncherConfig alone =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build();
    Collector collector = new Collector();
    LauncherFactory.create(alone).execute(request, collector);
    if (collector.broken != null || collector.passed.size() + collector.failed.size() == 0) {
      throw new IllegalStateException(
          "contractRun: "
              + test.getName()
              + " could not be run, or has no test. Does it implement a contract?",
          collector.broken);
    }
    return new ContractRun(collector.passed, collector.failed);
  }

  private static final class Collector implements TestExecutionListener {
    private final List<String> passed = new ArrayList<>();
    private final Map<String, String> failed = new LinkedHashMap<>();
    private @Nullable Throwable broken;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = test.getDisplayName().replace("()", "");
      Throwable thrown = result.getThrowable().orElse(null);
      if (thrown != null && !test.isTest()) {
        broken = thrown;
      } else if (thrown != null) {
        String words = String.valueOf(thrown.getMessage());
        failed.put(name, thrown instanceof AssertionError ? words : thrown.toString());
      } else if (test.isTest()) {
        passed.add(name);
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(passed.size() + failed.size()).append(" checks, ").append(failed.size());
    text.append(" failed");
    failed.forEach((name, words) -> text.append("\n  ").append(name).append(": ").append(words));
    return text.toString();
  }
}
