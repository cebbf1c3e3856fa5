package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of an update rule, for every rule and option in the catalogue. */
class UpdateRuleContractTest {

  static Stream<RuleCase> rows() {
    return RuleCatalogue.ROWS.stream();
  }

  /** Some entries with their slots, as an optimizer keeps them. */
  private static final class Entries {
    final UpdateRule rule;
    final double[] weight;
    final double[][] slots;

    Entries(UpdateRule rule, double[] start) {
      this.rule = rule;
      this.weight = start.clone();
      this.slots = new double[rule.slots().size()][start.length];
      for (int i = 0; i < slots.length; i++) {
        Arrays.fill(slots[i], rule.slots().get(i).initial());
      }
    }

    void step(double[] gradient, long step, double rate) {
      rule.update(weight, gradient, slots, 0, weight.length, step, rate);
    }

    double[][] everything() {
      double[][] all = Arrays.copyOf(slots, slots.length + 1);
      all[slots.length] = weight;
      return all;
    }
  }

  private static double[] draw(RandomGenerator random, int size) {
    return Draw.gaussian(random, 1, size).data;
  }

  private static void assertSameBits(Entries expected, Entries actual) {
    for (int i = 0; i < expected.everything().length; i++) {
      assertArrayEquals(expected.everything()[i], actual.everything()[i]);
    }
  }

  @Test
  void everyRuleIsInTheCatalogue() throws IOException, URISyntaxException {
    Path classes = Path.of(Sgd.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String path = classes.relativize(file).toString().replace('\\', '/');
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (!name.endsWith("package-info") && isConcreteRule(name)) {
          missing.add(name);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    assertTrue(missing.contains(Sgd.class.getName()), "the search itself must find rules");
    for (RuleCase row : RuleCatalogue.ROWS) {
      missing.remove(row.rule().getClass().getName());
    }
    assertEquals(Set.of(), missing, "give these rules a row in the catalogue");
  }

  private static boolean isConcreteRule(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, UpdateRule.class.getClassLoader());
    return UpdateRule.class.isAssignableFrom(type)
        && !type.isInterface()
        && !java.lang.reflect.Modifier.isAbstract(type.getModifiers());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void followsTheFormulaEntryByEntry(RuleCase row) {
    RandomGenerator random = Draw.seeded(17);
    int size = 9;
    int steps = 60;
    double[] start = draw(random, size);
    double[][] gradients = new double[steps][];
    double[] rates = new double[steps];
    for (int t = 0; t < steps; t++) {
      gradients[t] = draw(random, size);
      rates[t] = row.rule().learningRate() * (0.5 + random.nextDouble());
      gradients[t][0] = t < 5 ? gradients[t][0] : 0.0;
      gradients[t][1] = t % 7 == 3 ? gradients[t][1] : 0.0;
      gradients[t][2] *= 1e-5;
      gradients[t][3] *= 1e4;
    }
    double[][] expected = new double[size][];
    for (int i = 0; i < size; i++) {
      double[] own = new double[steps];
      for (int t = 0; t < steps; t++) {
        own[t] = gradients[t][i];
      }
      expected[i] = row.formula().path(start[i], own, rates);
    }
    Entries entries = new Entries(row.rule(), start);
    for (int t = 0; t < steps; t++) {
      entries.step(gradients[t], t + 1L, rates[t]);
      for (int i = 0; i < size; i++) {
        double tolerance = 1e-12 * Math.max(1.0, Math.abs(expected[i][t]));
        assertEquals(expected[i][t], entries.weight[i], tolerance, "entry " + i + ", step " + t);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isAnImmutableRecordOfNumbers(RuleCase row) {
    Class<?> type = row.rule().getClass();
    assertTrue(type.isRecord());
    for (var component : type.getRecordComponents()) {
      assertTrue(component.getType().isPrimitive(), component.getName());
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void keepsNothingBetweenStepsButTheSlots(RuleCase row) {
    RandomGenerator random = Draw.seeded(19);
    Entries alone = new Entries(row.rule(), draw(random, 6));
    Entries interrupted = new Entries(row.rule(), alone.weight);
    Entries other = new Entries(row.rule(), draw(random, 6));
    for (long t = 1; t <= 10; t++) {
      double[] gradient = draw(random, 6);
      double[] given = gradient.clone();
      alone.step(gradient, t, 0.02);
      other.step(draw(random, 6), 3 * t, 0.5);
      interrupted.step(gradient, t, 0.02);
      assertArrayEquals(given, gradient, "the gradient is not the rule's to change");
      assertSameBits(alone, interrupted);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void rangesOfEntriesComposeToTheBit(RuleCase row) {
    int size = 11;
    for (int cut = 0; cut <= size; cut++) {
      RandomGenerator random = Draw.seeded(23);
      Entries whole = new Entries(row.rule(), draw(random, size));
      Entries parts = new Entries(row.rule(), whole.weight);
      for (long t = 1; t <= 6; t++) {
        double[] gradient = draw(random, size);
        whole.step(gradient, t, 0.03);
        row.rule().update(parts.weight, gradient, parts.slots, cut, size, t, 0.03);
        row.rule().update(parts.weight, gradient, parts.slots, 0, cut, t, 0.03);
        assertSameBits(whole, parts);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void touchesNothingOutsideTheRange(RuleCase row) {
    RandomGenerator random = Draw.seeded(29);
    Entries entries = new Entries(row.rule(), draw(random, 8));
    for (double[] slot : entries.slots) {
      Arrays.fill(slot, 0.25);
    }
    double[] before = entries.weight.clone();
    double[] gradient = new double[8];
    Arrays.fill(gradient, 0.5); // of the sign of the slots: Rprop leaves an entry that turns
    row.rule().update(entries.weight, gradient, entries.slots, 3, 5, 2, 0.1);
    for (int i = 0; i < 8; i++) {
      boolean inside = i == 3 || i == 4;
      assertEquals(!inside, before[i] == entries.weight[i], "entry " + i);
      for (double[] slot : entries.slots) {
        assertTrue(inside || slot[i] == 0.25, "slot entry " + i);
      }
    }
  }

  /** {@code rests()} is what lets an optimizer leave rows alone, so it must not be a wish. */
  @ParameterizedTest
  @MethodSource("rows")
  void isHonestAboutWhetherEntriesRest(RuleCase row) {
    double[] start = {
      0.0, -0.0, 1.0, -1.0, 0.1, -1e-300, Double.MIN_VALUE, 1e300, -Double.MAX_VALUE, Math.PI
    };
    boolean moved = false;
    for (long t : new long[] {1, 2, 3, 10, 1_000, 1_000_000}) {
      Entries entries = new Entries(row.rule(), start);
      entries.step(new double[start.length], t, row.rule().learningRate());
      moved |= !Arrays.equals(start, entries.weight);
      if (row.rule().rests()) {
        assertArrayEquals(start, entries.weight);
        for (int i = 0; i < entries.slots.length; i++) {
          double[] initial = new double[start.length];
          Arrays.fill(initial, row.rule().slots().get(i).initial());
          assertArrayEquals(initial, entries.slots[i]);
        }
      }
    }
    assertEquals(row.rule().rests(), !moved, "a rule that rests is the cheaper one; say so");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void obeysTheRateInForceAndNotItsFirstOne(RuleCase row) {
    RandomGenerator random = Draw.seeded(37);
    Entries still = new Entries(row.rule(), draw(random, 5));
    double[] start = still.weight.clone();
    double[] gradient = draw(random, 5);
    still.step(gradient, 1, 0.0);
    assertArrayEquals(start, still.weight);
    Entries small = new Entries(row.rule(), start);
    Entries large = new Entries(row.rule(), start);
    small.step(gradient, 1, 1e-4);
    large.step(gradient, 1, 2e-4);
    for (int i = 0; i < 5; i++) {
      double ratio = (large.weight[i] - start[i]) / (small.weight[i] - start[i]);
      assertEquals(2.0, ratio, 1e-3, "a first small step is proportional to the rate");
    }
  }

  /**
   * {@code f(w) = ½·Σ hᵢ(wᵢ − cᵢ)²}, with the rate lowered linearly to nothing. A coupled decay is
   * part of the function, {@code + λ/2·‖w‖²}, and moves its minimum. A decoupled one is not: the
   * weights come to rest where the pull and the normalized gradient balance, between 0 and c.
   */
  @ParameterizedTest
  @MethodSource("rows")
  void findsTheMinimumOfAConvexQuadratic(RuleCase row) {
    double[] curvature = {0.3, 1.0, 2.0, 4.0};
    double[] centre = {1.5, -0.7, 0.2, 3.0};
    Entries entries = new Entries(row.rule(), new double[] {-1.0, 2.0, 0.0, 1.0});
    int steps = 6_000;
    double[] gradient = new double[4];
    double sign = row.rule().maximizes() ? -1.0 : 1.0;
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < 4; i++) {
        gradient[i] = sign * curvature[i] * (entries.weight[i] - centre[i]);
      }
      entries.step(gradient, t + 1L, row.rule().learningRate() * (1.0 - (double) t / steps));
    }
    for (int i = 0; i < 4; i++) {
      if (row.decoupled()) {
        double part = entries.weight[i] / centre[i];
        assertTrue(part > 0.8 && part <= 1.0 + 1e-9, "entry " + i + ": " + part);
      } else {
        double minimum = curvature[i] * centre[i] / (curvature[i] + row.rule().weightDecay());
        assertEquals(minimum, entries.weight[i], 1e-6, "entry " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesItsSlotsAndItsRate(RuleCase row) {
    Set<String> names = new HashSet<>();
    for (Slot slot : row.rule().slots()) {
      assertTrue(names.add(slot.name()), slot.name());
    }
    assertTrue(row.rule().learningRate() > 0.0);
    assertNotEquals("", row.rule().toString());
  }

  /**
   * Gradients that are a hundred times as large lead a rule that does not scale them a hundred
   * times as far from 0, and one that does not nearly so far: RAdam scales all but the first few.
   */
  @ParameterizedTest
  @MethodSource("rows")
  void isAdaptiveIfLargerGradientsDoNotLeadFartherInProportion(RuleCase row) {
    double[] ends = new double[2];
    for (int k = 0; k < 2; k++) {
      RandomGenerator random = Draw.seeded(47);
      Entries entries = new Entries(row.rule(), new double[1]);
      for (int t = 1; t <= 500; t++) {
        double gradient = 1.0 + random.nextGaussian();
        entries.step(new double[] {k == 0 ? gradient : 100.0 * gradient}, t, 0.05);
      }
      ends[k] = Math.abs(entries.weight[0]);
    }
    double ratio = ends[1] / ends[0];
    if (row.rule().isAdaptive()) {
      assertTrue(ratio < 20.0, () -> "not adaptive: " + ratio);
    } else {
      assertEquals(100.0, ratio, 1e-9);
    }
  }

  /** One matrix or many, one group or many: an entry's path depends on its own gradients only. */
  @ParameterizedTest
  @MethodSource("rows")
  void entriesDoNotCareHowTheyAreGrouped(RuleCase row) {
    RandomGenerator random = Draw.seeded(41);
    DMatrixRMaj start = Draw.gaussian(random, 4, 3);
    Parameter whole = new Parameter("whole", start);
    Optimizer one = Optimizer.of(row.rule(), whole);
    Parameter[] rows = new Parameter[4];
    Parameter[] sameGroup = new Parameter[4];
    Optimizer.Builder apart = Optimizer.builder();
    for (int r = 0; r < 4; r++) {
      rows[r] = new Parameter("row" + r, rowOf(start, r));
      sameGroup[r] = new Parameter("row" + r, rowOf(start, r));
      apart.group("group" + r, rows[r], row.rule());
    }
    Optimizer fourGroups = apart.build();
    Optimizer oneGroup = Optimizer.of(row.rule(), sameGroup);
    for (int t = 0; t < 8; t++) {
      DMatrixRMaj gradient = Draw.gaussian(random, 4, 3);
      GivenGradients.of(whole, gradient).step(one);
      GivenGradients first = GivenGradients.of(rows[3], rowOf(gradient, 3));
      GivenGradients second = GivenGradients.of(sameGroup[3], rowOf(gradient, 3));
      for (int r = 0; r < 3; r++) {
        first.and(rows[r], rowOf(gradient, r));
        second.and(sameGroup[r], rowOf(gradient, r));
      }
      first.step(fourGroups);
      second.step(oneGroup);
    }
    for (int r = 0; r < 4; r++) {
      double[] expected = rowOf(whole.toMatrix(), r).data;
      assertArrayEquals(expected, rows[r].toMatrix().data);
      assertArrayEquals(expected, sameGroup[r].toMatrix().data);
    }
  }

  private static DMatrixRMaj rowOf(DMatrixRMaj matrix, int row) {
    double[] values =
        Arrays.copyOfRange(matrix.data, row * matrix.numCols, (row + 1) * matrix.numCols);
    return DMatrixRMaj.wrap(1, matrix.numCols, values);
  }

  /** {@code stepsToRest} is a licence not to visit an entry, so it must not be a wish. */
  @ParameterizedTest
  @MethodSource("rows")
  void anIdleEntryIsAtRestWhenTheRuleSaysSo(RuleCase row) {
    UpdateRule rule = row.rule();
    int toRest = rule.stepsToRest();
    if (toRest < 0) {
      return; // says nothing
    }
    RandomGenerator random = Draw.seeded(23);
    int size = 12;
    for (int active : new int[] {0, 1, 2, 6, 40}) {
      double[] start = draw(random, size);
      Entries stepwise = new Entries(rule, start);
      Entries atOnce = new Entries(rule, start);
      for (int t = 1; t <= active; t++) {
        double[] gradient = draw(random, size);
        gradient[0] *= 1e-9;
        gradient[1] *= 1e6;
        gradient[2] = 0.0;
        stepwise.step(gradient, t, rule.learningRate());
        atOnce.step(gradient, t, rule.learningRate());
      }
      double[] none = new double[size];
      int further = 700;
      for (int t = 1; t <= toRest + further; t++) {
        stepwise.step(none, active + t, rule.learningRate());
        if (t <= toRest) {
          atOnce.step(none, active + t, rule.learningRate());
        }
      }
      rule.rest(atOnce.slots, 0, size, further);
      for (int k = 0; k < size; k++) {
        double moved = Math.max(1.0, Math.abs(stepwise.weight[k] - start[k]));
        assertEquals(stepwise.weight[k], atOnce.weight[k], 1e-15 * moved, "weight " + k);
        for (int i = 0; i < stepwise.slots.length; i++) {
          double expected = stepwise.slots[i][k];
          assertEquals(expected, atOnce.slots[i][k], 1e-12 * Math.abs(expected), "slot " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void restingChangesNothingOutsideOfItsRange(RuleCase row) {
    UpdateRule rule = row.rule();
    Entries entries = new Entries(rule, draw(Draw.seeded(5), 6));
    entries.step(draw(Draw.seeded(6), 6), 1, rule.learningRate());
    double[][] before = new double[entries.slots.length][];
    for (int i = 0; i < before.length; i++) {
      before[i] = entries.slots[i].clone();
    }
    rule.rest(entries.slots, 2, 4, 3);
    for (int i = 0; i < before.length; i++) {
      for (int k : new int[] {0, 1, 4, 5}) {
        assertEquals(before[i][k], entries.slots[i][k]);
      }
    }
  }
}
