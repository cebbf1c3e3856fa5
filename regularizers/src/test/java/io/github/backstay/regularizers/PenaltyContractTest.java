package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of a penalty. Each law answers a mistake that has been made in public: a constant
 * instead of a node, a missing square, a factor of two, a sign, a gradient that is NaN where every
 * training starts.
 */
class PenaltyContractTest {

  /** A penalty at a point: random weights of some shape, with a random anchor or none. */
  record Point(PenaltyCase row, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {

    double[] anchorOrZeros() {
      return anchor == null ? new double[weight.data.length] : anchor.data;
    }

    Penalty penalty() {
      return row.penalty(weight.numRows, weight.numCols);
    }

    double formula(double[] at) {
      return row.formula().value(like(weight, at), like(weight, anchorOrZeros()), row.strength());
    }

    /** The weights at some multiple of their distance from the anchor. */
    double[] along(double multiple) {
      double[] at = new double[weight.data.length];
      for (int i = 0; i < at.length; i++) {
        double from = anchorOrZeros()[i];
        at[i] = from + multiple * (weight.data[i] - from);
      }
      return at;
    }

    double node(DMatrixRMaj at) {
      try (Tape tape = Tape.create()) {
        return on(tape, tape.variable(at)).toDouble();
      }
    }

    double[] nodeGradient(DMatrixRMaj at) {
      try (Tape tape = Tape.create()) {
        Variable leaf = tape.variable(at);
        return tape.gradients(on(tape, leaf)).of(leaf).data;
      }
    }

    double[] closedFormGradient(double[] at) {
      return added(at, 1.0, new double[at.length]);
    }

    /** {@code before + factor · ∇R(at)}, by the form for optimizers. */
    double[] added(double[] at, double factor, double[] before) {
      DMatrixRMaj into = like(weight, before);
      penalty().addGradient(like(weight, at), anchor, factor, into);
      return into.data;
    }

    Variable on(Tape tape, Variable leaf) {
      return penalty().of(leaf, anchor == null ? null : tape.constant(anchor));
    }

    /** Of sums of up to 40 products of either sign, with terms ten times as large as the result. */
    double rounding(double[] gradient) {
      return row.mixing()
          ? 1e-13 * DoubleStream.of(gradient).map(Math::abs).max().orElseThrow()
          : 0.0;
    }

    @Override
    public String toString() {
      return row
          + " at "
          + weight.numRows
          + "×"
          + weight.numCols
          + (anchor == null ? ", anchor 0" : ", anchored");
    }
  }

  private static final int[] LARGE = {12, 7};
  private static final int[] LARGEST = {40, 17};

  static Stream<Point> points() {
    int[][] shapes = {{3, 4}, {1, 5}, {5, 1}, {1, 1}};
    return PenaltyCatalogue.ROWS.stream()
        .flatMap(
            row ->
                // Differences in every entry: 40×17 singular value decompositions take long.
                Stream.concat(Stream.of(shapes), Stream.of(row.mixing() ? LARGE : LARGEST))
                    .flatMap(
                        shape -> {
                          var random = Draw.seeded(31L * shape[0] + shape[1]);
                          DMatrixRMaj anchor = Draw.gaussian(random, shape[0], shape[1]);
                          DMatrixRMaj weight = awayFromKinks(random, anchor);
                          return Stream.of(
                              new Point(row, weight, anchor), new Point(row, weight, null));
                        }))
        .filter(point -> point.anchor == null || point.penalty().pullsToAnchor());
  }

  /** The points of all penalties that are smallest at an anchor. */
  static Stream<Point> pulls() {
    return points().filter(point -> point.penalty().pullsToAnchor());
  }

  /** Differences must not reach across a kink, be the anchor there or at 0. */
  private static DMatrixRMaj awayFromKinks(RandomGenerator random, DMatrixRMaj anchor) {
    DMatrixRMaj weight = new DMatrixRMaj(anchor.numRows, anchor.numCols);
    for (int i = 0; i < weight.data.length; i++) {
      do {
        weight.data[i] = random.nextGaussian();
      } while (isCloseToKink(weight.data[i]) || isCloseToKink(weight.data[i] - anchor.data[i]));
    }
    return weight;
  }

  private static boolean isCloseToKink(double d) {
    double size = Math.abs(d);
    return size < 0.02 || Math.abs(size - PenaltyCatalogue.DELTA) < 0.02;
  }

  static Stream<PenaltyCase> rows() {
    return PenaltyCatalogue.ROWS.stream();
  }

  private static DMatrixRMaj like(DMatrixRMaj shape, double[] values) {
    return DMatrixRMaj.wrap(shape.numRows, shape.numCols, values.clone());
  }

  @Test
  void everyPenaltyIsInTheCatalogue() throws IOException, URISyntaxException {
    Path classes = Path.of(L2.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String path = classes.relativize(file).toString().replace('\\', '/');
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (!name.endsWith("package-info") && isConcretePenalty(name)) {
          missing.add(name);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    assertTrue(missing.contains(L2.class.getName()), "the search itself must find penalties");
    for (PenaltyCase row : PenaltyCatalogue.ROWS) {
      missing.remove(row.type().getName());
      assertEquals(row.type(), row.penalty(2, 3).getClass(), row.name());
    }
    assertEquals(Set.of(), missing, "give these penalties a row in the catalogue");
  }

  private static boolean isConcretePenalty(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, Penalty.class.getClassLoader());
    return Penalty.class.isAssignableFrom(type)
        && !type.isInterface()
        && !java.lang.reflect.Modifier.isAbstract(type.getModifiers());
  }

  @ParameterizedTest
  @MethodSource("points")
  void valueIsThatOfTheFormula(Point point) {
    double expected = point.formula(point.weight.data);
    assertEquals(expected, point.node(point.weight), 1e-12 * expected);
  }

  @ParameterizedTest
  @MethodSource("points")
  void gradientOfTheNodeMatchesDifferences(Point point) {
    // The error of the differences grows with the value, hence the tolerance relative to it.
    double tolerance =
        GradientCheck.DEFAULT_TOLERANCE * Math.max(1.0, point.formula(point.weight.data));
    GradientCheck check =
        GradientCheck.of(x -> point.on(x[0].tape(), x[0])).withTolerance(tolerance);
    check.at(point.weight).requirePassed();
    check.secondOrder().at(point.weight).requirePassed();
  }

  @ParameterizedTest
  @MethodSource("points")
  void gradientForOptimizersIsThatOfTheNode(Point point) {
    double[] node = point.nodeGradient(point.weight);
    double[] closed = point.closedFormGradient(point.weight.data);
    for (int i = 0; i < node.length; i++) {
      double rounding = 1e-14 * Math.abs(node[i]) + point.rounding(node);
      assertEquals(node[i], closed[i], rounding, "entry " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void gradientForOptimizersIsAddedOnceTimesTheFactor(Point point) {
    double[] gradient = point.closedFormGradient(point.weight.data);
    double[] into = Draw.gaussian(Draw.seeded(5), 1, gradient.length).data;
    double[] after = point.added(point.weight.data, -2.5, into);
    for (int i = 0; i < into.length; i++) {
      double added = -2.5 * gradient[i];
      double rounding = 1e-14 * (Math.abs(into[i]) + Math.abs(added));
      assertEquals(into[i] + added, after[i], rounding + 2.5 * point.rounding(gradient));
    }
  }

  /** {@code isRowwise()} is a licence to visit some rows only, so it must not be a wish. */
  @ParameterizedTest
  @MethodSource("points")
  void rowsOfARowwisePenaltyMayBeEvaluatedByThemselvesToTheBit(Point point) {
    int rows = point.weight.numRows;
    int cols = point.weight.numCols;
    double[] whole = point.closedFormGradient(point.weight.data);
    double[] parts = new double[whole.length];
    double value = 0.0;
    for (int first = 0; first < 2; first++) {
      int[] some = IntStream.iterate(first, row -> row < rows, row -> row + 2).toArray();
      DMatrixRMaj anchor = point.anchor == null ? null : rowsOf(point.anchor, some);
      Point part = new Point(point.row, rowsOf(point.weight, some), anchor);
      double[] gradient = part.closedFormGradient(part.weight.data);
      for (int k = 0; k < some.length; k++) {
        System.arraycopy(gradient, k * cols, parts, some[k] * cols, cols);
      }
      value += some.length == 0 ? 0.0 : part.node(part.weight);
    }
    double all = point.node(point.weight);
    boolean sum = Math.abs(all - value) <= 1e-12 * all;
    if (point.penalty().isRowwise()) {
      assertArrayEquals(whole, parts);
      assertTrue(sum, "a rowwise penalty is a sum over the rows");
    }
  }

  private static DMatrixRMaj rowsOf(DMatrixRMaj matrix, int[] rows) {
    DMatrixRMaj some = new DMatrixRMaj(rows.length, matrix.numCols);
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(
          matrix.data, rows[k] * matrix.numCols, some.data, k * matrix.numCols, matrix.numCols);
    }
    return some;
  }

  @ParameterizedTest
  @MethodSource("pulls")
  void isExactlyZeroAtTheAnchorAndSoIsEveryGradient(Point point) {
    DMatrixRMaj there = like(point.weight, point.along(0.0));
    assertZeroBits(new double[] {point.node(there)});
    assertZeroBits(point.nodeGradient(there));
    assertZeroBits(point.closedFormGradient(there.data));
    assertZeroBits(point.added(there.data, -1.0, new double[there.data.length]));
  }

  private static void assertZeroBits(double[] values) {
    for (double value : values) {
      assertEquals(0L, Double.doubleToRawLongBits(value), "expected +0.0, got " + value);
    }
  }

  @ParameterizedTest
  @MethodSource("pulls")
  void valueRisesWithEveryStepAwayFromTheAnchor(Point point) {
    double last = 0.0;
    for (double multiple : new double[] {1e-3, 0.1, 0.5, 1.0, 2.0, 100.0}) {
      double value = point.node(like(point.weight, point.along(multiple)));
      assertTrue(value > last, () -> "at " + multiple + " times the distance: " + value);
      last = value;
    }
  }

  @ParameterizedTest
  @MethodSource("pulls")
  void explicitStepShrinksTheDistanceAndDoesNotOvershoot(Point point) {
    double largest = Math.min(1.0, point.penalty().largestRate());
    assertTrue(largest > 0.0);
    double[] gradient = point.closedFormGradient(point.weight.data);
    double[] kink = new double[gradient.length];
    if (point.row.kinked()) {
      // Any step is too long for some weight; one below 2R/‖∇R‖² is not for this one, as R is
      // convex. What may be overshot is the pull that is left next to the anchor.
      double squares = DoubleStream.of(gradient).map(g -> g * g).sum();
      largest = Math.min(largest, point.node(point.weight) / squares);
      kink = point.closedFormGradient(point.along(1e-6));
    }
    double[] anchor = point.anchorOrZeros();
    for (double part : new double[] {0.01, 0.5, 0.99, 1.0}) {
      double[] weight = point.added(point.weight.data, -part * largest, point.weight.data);
      double before = 0.0;
      double after = 0.0;
      double along = 0.0;
      for (int i = 0; i < weight.length; i++) {
        double from = point.weight.data[i] - anchor[i];
        double to = weight[i] - anchor[i];
        double jump = part * largest * Math.abs(kink[i]);
        assertTrue(
            point.row.mixing() || to * Math.signum(from) >= -jump - 1e-14 * (1.0 + Math.abs(from)),
            "overshoots");
        before += from * from;
        after += to * to;
        along += gradient[i] * to;
      }
      assertTrue(along >= -1e-14 * before, "what was followed now leads away");
      assertTrue(after < before, "the distance must shrink");
    }
  }

  /** However far away the weight is: no rate up to the largest makes it diverge. */
  @ParameterizedTest
  @MethodSource("pulls")
  void explicitStepsAtTheLargestRateStayBounded(Point point) {
    double rate = Math.min(1.0, point.penalty().largestRate());
    double[] weight = point.along(100.0);
    double[] anchor = point.anchorOrZeros();
    double kink = 0.0;
    if (point.row.kinked()) {
      for (double entry : point.closedFormGradient(point.along(1e-6))) {
        kink = Math.hypot(kink, entry);
      }
    }
    double last = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 20; step++) {
      double distance = 0.0;
      for (int i = 0; i < weight.length; i++) {
        distance = Math.hypot(distance, weight[i] - anchor[i]);
      }
      assertTrue(distance <= Math.max(last, rate * kink) * (1.0 + 1e-9), "step " + step);
      last = distance;
      weight = point.added(weight, -rate, weight);
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void nodeIsMarkedAsAPenalty(Point point) {
    try (Tape tape = Tape.create()) {
      assertTrue(point.on(tape, tape.variable(point.weight)).isPenalty());
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesStrengthsThatAreNotFiniteAndAtLeastZero(PenaltyCase row) {
    for (double strength :
        List.of(-1e-9, -1.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> row.maker().of(strength, 2, 3));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.startsWith(row.type().getSimpleName() + ": "), message);
      assertTrue(
          message.endsWith(" must be finite and at least 0, got " + strength + "."), message);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void strengthZeroOfEitherSignHoldsNothingAndAllowsEveryRate(PenaltyCase row) {
    for (double zero : new double[] {0.0, -0.0}) {
      Penalty none = row.maker().of(zero, 1, 2);
      assertEquals(Double.POSITIVE_INFINITY, none.largestRate());
      DMatrixRMaj weight = new DMatrixRMaj(1, 2, true, 1.5, -2.0);
      DMatrixRMaj stepped = weight.copy();
      none.addGradient(weight, null, -1.0, stepped);
      assertArrayEquals(weight.data, stepped.data);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void formulaShowsTheStrengthAndWhetherThereIsAnAnchor(PenaltyCase row) {
    Penalty penalty = row.penalty(2, 3);
    assertEquals(penalty.pullsToAnchor(), penalty.formula(true).contains("W0"));
    assertFalse(penalty.formula(false).contains("W0"), penalty.formula(false));
    String number = String.valueOf(row.strength());
    assertTrue(penalty.formula(true).contains(number), penalty.formula(true));
    assertTrue(penalty.formula(false).contains(number), penalty.formula(false));
  }

  @ParameterizedTest
  @MethodSource("points")
  void changesNeitherWeightsNorAnchorNorEntriesOfOthers(Point point) {
    Parameter parameter = new Parameter("w", point.weight);
    DMatrixRMaj anchor = point.anchor == null ? null : point.anchor.copy();
    try (Tape tape = Tape.create()) {
      Variable borrowed = anchor == null ? null : tape.borrow(anchor);
      var gradients = tape.gradients(point.penalty().of(parameter.on(tape), borrowed));
      assertTrue(gradients.reaches(parameter));
    }
    DMatrixRMaj weight = point.weight.copy();
    DMatrixRMaj closed = new DMatrixRMaj(weight.numRows, weight.numCols);
    point.penalty().addGradient(weight, anchor, 1.0, closed);
    assertArrayEquals(point.weight.data, parameter.toMatrix().data);
    assertArrayEquals(point.weight.data, weight.data);
    if (anchor != null) {
      assertArrayEquals(point.anchorOrZeros(), anchor.data);
    }
  }

  @Test
  void rowsHaveTheirOwnNames() {
    Set<String> names =
        PenaltyCatalogue.ROWS.stream().map(PenaltyCase::name).collect(Collectors.toSet());
    assertEquals(PenaltyCatalogue.ROWS.size(), names.size());
  }
}
