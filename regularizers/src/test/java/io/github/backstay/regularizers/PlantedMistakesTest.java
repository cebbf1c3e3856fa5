package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.contract.ContractRun;
import io.github.backstay.regularizers.contract.PenaltyContract;
import io.github.backstay.regularizers.contract.Planted;
import io.github.backstay.regularizers.contract.ProximalContract;
import io.github.backstay.regularizers.contract.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract kit finds every mistake that is planted, and none where there is none. */
class PlantedMistakesTest {

  /** How its author would test it: run by the JUnit platform, once for each mistake. */
  @Planted
  @ExtendWith(Planting.class)
  static final class HostTest implements PenaltyContract, ProximalContract {
    private final Mistake mistake;

    HostTest(Mistake mistake) {
      this.mistake = mistake;
    }

    @Override
    public ProximalPenalty restraint(Shape weight) {
      return mistake.planted.get();
    }

    @Override
    public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
      return mistake.value(weight, anchor);
    }
  }

  /** Hands the mistake over. */
  static final class Planting implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Mistake.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return Mistake.valueOf(context.getConfigurationParameter("mistake").orElseThrow());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Mistake.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void everyPlantedMistakeIsFound(Mistake mistake) {
    ContractRun run = ContractRun.of(HostTest.class, Map.of("mistake", mistake.name()));
    assertTrue(run.failed().containsKey(mistake.foundBy), () -> mistake + ": " + run);
  }

  @Test
  void nothingIsFoundWhereNothingIsPlanted() {
    ContractRun run = ContractRun.of(HostTest.class, Map.of("mistake", Mistake.NONE.name()));
    assertEquals(Map.of(), run.failed());
    assertTrue(
        run.passed()
            .containsAll(
                Stream.of(Mistake.values())
                    .map(m -> m.foundBy)
                    .filter(c -> !c.isEmpty())
                    .toList()));
  }

  /** The page on the kit says how many were planted. */
  @Test
  void documentationCountsThem() throws IOException {
    int planted = Mistake.values().length - 1;
    String page = Files.readString(Path.of("..", "docs", "contract-kit.md"));
    assertTrue(page.contains("| " + planted + " | " + planted + " | 0 |"), planted + " planted");
    assertTrue(page.contains("planted with " + planted + " mistakes"), planted + " planted");
  }

  /** A class that cannot be run must not pass for one in which nothing failed. */
  @Test
  void aRunOfNothingIsRefused() {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> ContractRun.of(String.class));
    assertEquals(
        "contractRun: java.lang.String could not be run, or has no test. Does it implement a"
            + " contract?",
        refused.getMessage());
  }

  @Test
  void aToleranceIsLooserOnlyWithAReason() {
    assertEquals("rounds", new Tolerance(1e-6, "rounds").reason());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new Tolerance(1e-6, " "));
    assertEquals(
        "tolerance: 1.0E-6 is not positive, or looser than 1.0E-9 without a reason. Say why.",
        refused.getMessage());
  }
}
