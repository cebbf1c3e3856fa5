package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Anchor;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Ball;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Orthogonality;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The four choices are independent: each restraint with each anchor in each application, under a
 * rule that scales gradients and one that does not, either works or is refused with the reason.
 */
class ChoicesTest {

  private static final int ROWS = RestraintCase.ROWS;
  private static final int COLS = RestraintCase.COLS;
  private static final double RATE = 0.01;

  private final DMatrixRMaj given = Draw.gaussian(Draw.seeded(41), ROWS, COLS);
  private final Parameter other =
      new Parameter("other", Draw.gaussian(Draw.seeded(42), ROWS, COLS));

  /** Three choices; the scope is one parameter named w. */
  record Choice(RestraintCase row, AnchorCase anchor, Application how) {

    /** Why it has no meaning; null if it has one. */
    @Nullable String refusal() {
      Restraint restraint = row.restraint();
      if (how == Application.PROXIMAL && restraint instanceof Orthogonality) {
        return restraint.formula(false)
            + " has no proximal map in closed form (need one to be applied so). Make it inLoss(),"
            + " coupled() or decoupled().";
      }
      if (how != Application.PROXIMAL && restraint instanceof Ball) {
        return restraint.formula(false)
            + " is a constraint and has no gradient (need one to be applied "
            + how
            + "). Make it proximal().";
      }
      if (anchor != AnchorCase.ZERO && restraint instanceof Orthogonality) {
        return restraint.formula(false)
            + " pulls to no anchor, but one was given: "
            + anchor.words
            + ". Leave it out, or add a second regularizer that pulls to it.";
      }
      return null;
    }

    Regularizer on(Parameter weight, Anchor where) {
      return Applied.make(Regularizer.of(row.restraint()).over(weight).towards(where), how);
    }

    @Override
    public String toString() {
      return row + ", " + anchor + ", " + how;
    }
  }

  private static Stream<Choice> all() {
    return RestraintCase.ALL.stream()
        .flatMap(
            row ->
                Stream.of(AnchorCase.values())
                    .flatMap(
                        anchor ->
                            Stream.of(Application.values())
                                .map(how -> new Choice(row, anchor, how))));
  }

  static Stream<Choice> meaningful() {
    return all().filter(choice -> choice.refusal() == null);
  }

  static Stream<Choice> meaningless() {
    return all().filter(choice -> choice.refusal() != null);
  }

  private static Stream<UpdateRule> rules() {
    return Stream.of(Sgd.of(RATE), Adam.of(RATE));
  }

  private Parameter thereFor(Choice choice) {
    return new Parameter("w", choice.anchor.there(given, other));
  }

  /**
   * Away from where it is in the first rows, by at least ½ in every entry, all rows if asked to.
   */
  private static void displace(Parameter weight, boolean everyRow) {
    RandomGenerator random = Draw.seeded(43);
    for (int row = 0; row < (everyRow ? ROWS : 2); row++) {
      for (int col = 0; col < COLS; col++) {
        double by = (random.nextBoolean() ? 1.0 : -1.0) * (0.5 + random.nextDouble());
        weight.set(row, col, weight.get(row, col) + by);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("meaningless")
  void isRefusedWithTheReason(Choice choice) {
    Parameter weight = thereFor(choice);
    Anchor anchor = choice.anchor.anchor(given, other);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> choice.on(weight, anchor));
    assertEquals("regularizer: " + choice.refusal(), refused.getMessage());
  }

  @ParameterizedTest
  @MethodSource("meaningful")
  void printsItselfAsASentenceOfAllFour(Choice choice) {
    Regularizer pull = choice.on(thereFor(choice), choice.anchor.anchor(given, other));
    Restraint restraint = choice.row.restraint();
    String expected =
        restraint.formula(choice.anchor != AnchorCase.ZERO)
            + " on w"
            + (restraint.pullsToAnchor() ? ", anchored at " + choice.anchor.words : "")
            + ", "
            + choice.how
            + (restraint.alsoKnownAs().isEmpty() ? "" : "; " + restraint.alsoKnownAs());
    assertEquals(expected, pull.toString());
  }

  /** Where every training starts. */
  @ParameterizedTest
  @MethodSource("meaningful")
  void atTheAnchorNothingHappensToTheBit(Choice choice) {
    rules()
        .forEach(
            rule -> {
              Parameter weight = thereFor(choice);
              double[] start = weight.toMatrix().data;
              Regularizer pull = choice.on(weight, choice.anchor.anchor(given, other));
              Applied applied = Applied.of(weight, pull, rule);
              for (int step = 0; step < 3; step++) {
                applied.stepWithoutData();
                applied.step(new DMatrixRMaj(ROWS, COLS));
                assertArrayEquals(start, weight.toMatrix().data);
                assertArrayEquals(start, pull.anchorOf(weight).data);
                assertEquals(0.0, pull.drift(weight));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("meaningful")
  void awayFromTheAnchorTheWeightIsPulledToIt(Choice choice) {
    rules()
        .forEach(
            rule -> {
              pulls(choice, rule, false);
              pulls(choice, rule, true);
            });
  }

  private void pulls(Choice choice, UpdateRule rule, boolean everyRow) {
    Parameter weight = thereFor(choice);
    Regularizer pull = choice.on(weight, choice.anchor.anchor(given, other));
    displace(weight, everyRow);
    DMatrixRMaj before = weight.toMatrix();
    DMatrixRMaj anchor = pull.anchorOf(weight);
    Applied applied = Applied.of(weight, pull, rule);
    if (everyRow) {
      applied.step(new DMatrixRMaj(ROWS, COLS));
    } else {
      applied.stepWithoutData();
    }
    DMatrixRMaj after = weight.toMatrix();
    double moved = 0.0;
    for (int i = 0; i < ROWS * COLS; i++) {
      double way = after.data[i] - before.data[i];
      double there = anchor.data[i] - before.data[i];
      moved += Math.abs(way);
      assertTrue(!choice.row.entrywise() || way * there >= 0.0, "the sign of the pull, entry " + i);
      assertTrue(!choice.row.entrywise() || Math.abs(way) <= Math.abs(there), "overshoots");
      if (choice.row.entrywise() && there == 0.0) {
        assertEquals(before.data[i], after.data[i], "what is at its anchor stays");
      }
    }
    assertTrue(moved > 1e-4, "no pull");
    if (choice.row.restraint() instanceof Penalty penalty) {
      assertTrue(value(penalty, after, anchor) < value(penalty, before, anchor), "it must shrink");
    } else {
      Ball ball = (Ball) choice.row.restraint();
      for (double distance : distances(ball, after, anchor)) {
        // Entries of A plus something are rounded to an ulp of numbers of up to 4.
        assertTrue(distance <= ball.radius() + 1e-15, () -> "outside of the ball: " + distance);
      }
    }
  }

  private static double value(Penalty penalty, DMatrixRMaj weight, DMatrixRMaj anchor) {
    try (Tape tape = Tape.create()) {
      return penalty
          .of(tape.constant(weight), penalty.pullsToAnchor() ? tape.constant(anchor) : null)
          .toDouble();
    }
  }

  private static double[] distances(Ball ball, DMatrixRMaj weight, DMatrixRMaj anchor) {
    double[] distances = new double[ROWS];
    for (int i = 0; i < ROWS * COLS; i++) {
      int group =
          switch (ball.groups()) {
            case ROWS -> i / COLS;
            case COLS -> i % COLS;
            case ALL -> 0;
          };
      distances[group] = Math.hypot(distances[group], weight.data[i] - anchor.data[i]);
    }
    return distances;
  }

  /** A fourth of the choices is made by one word, and only that word makes it act. */
  @ParameterizedTest
  @MethodSource("meaningful")
  void onlyAPenaltyInTheLossGoesIntoTheLoss(Choice choice) {
    Parameter weight = thereFor(choice);
    Regularizer pull = choice.on(weight, choice.anchor.anchor(given, other));
    try (Tape tape = Tape.create()) {
      if (choice.how == Application.IN_LOSS) {
        assertTrue(pull.penalty(tape).isPenalty());
        assertThrows(
            IllegalArgumentException.class,
            () -> Optimizer.builder().group("all", weight, Sgd.of(RATE), pull));
        return;
      }
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> pull.penalty(tape));
      assertEquals(
          "regularizer: it is "
              + choice.how
              + ", so the optimizer applies it, and in the loss it would act a second time ("
              + pull
              + "). Give it to the optimizer's group, or make it inLoss(); value() is for logs.",
          refused.getMessage());
    }
  }

  @Test
  void aConstraintHasADriftAndNoValueNorGradient() {
    Parameter weight = new Parameter("w", given);
    Regularizer ball = Regularizer.of(new Ball(2.0)).over(weight).towardsInitialValue().proximal();
    assertEquals(0.0, ball.drift(weight));
    assertEquals(
        "regularizer: ‖W‖ ≤ 2.0 is a constraint and has no value. drift(parameter) is the distance"
            + " to the anchor.",
        assertThrows(IllegalStateException.class, ball::value).getMessage());
    assertEquals(
        "regularizer: ‖W‖ ≤ 2.0 is a constraint and has no gradient.",
        assertThrows(
                IllegalStateException.class,
                () -> ball.addGradient(weight, given, 1.0, new DMatrixRMaj(ROWS, COLS)))
            .getMessage());
    Regularizer square =
        Regularizer.orthogonality(1.0, Orthogonality.Side.ROWS).over(weight).inLoss();
    assertEquals(
        "regularizer: 1.0·‖WWᵀ−I‖² has no proximal map.",
        assertThrows(IllegalStateException.class, () -> square.prox(weight, weight.toMatrix(), 0.1))
            .getMessage());
  }

  @Test
  void twoProximalMapsOfOneParameterAreRefused() {
    Parameter weight = new Parameter("w", given);
    Regularizer one = Regularizer.l1(0.5).over(weight).proximal();
    Regularizer two = Regularizer.ball(1.0, Groups.ALL).over(weight).proximal();
    assertEquals(
        "optimizer: 2 proximal regularizers hold parameter \"w\" (["
            + one
            + ", "
            + two
            + "]), and one map after the other is not the map of their sum (need at most one). Use"
            + " an elastic net, or make the others decoupled().",
        assertThrows(
                IllegalArgumentException.class,
                () -> Optimizer.builder().group("all", weight, Sgd.of(RATE), one, two))
            .getMessage());
  }

  // ---- nothing is missing from the product --------------------------------------------------

  @Test
  void everyRestraintAndEveryAnchorIsInTheProduct() throws IOException, URISyntaxException {
    Set<String> restraints = concrete(Restraint.class);
    assertTrue(restraints.contains(L2.class.getName()), "the search itself must find restraints");
    RestraintCase.ALL.forEach(row -> restraints.remove(row.restraint().getClass().getName()));
    assertEquals(Set.of(), restraints, "give these restraints a RestraintCase");
    Set<String> anchors = concrete(Anchor.class);
    assertEquals(AnchorCase.values().length, anchors.size());
    for (AnchorCase anchor : AnchorCase.values()) {
      assertTrue(anchors.remove(anchor.anchor(given, other).getClass().getName()));
    }
    assertEquals(Set.of(), anchors, "give these anchors an AnchorCase");
  }

  /** Of 17 restraints, 7 anchors and 4 applications. */
  @Test
  void theProductIsAsLargeAsThreeOfItsChoicesAllow() {
    assertEquals(17 * 7 * 4, all().count());
    // Balls need the proximal map, both orthogonalities have none and no anchor but 0.
    assertEquals(12 * 7 * 4 + 3 * 7 + 2 * 3, meaningful().count());
  }

  private static Set<String> concrete(Class<?> kind) throws IOException, URISyntaxException {
    Path home = Path.of(kind.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(home)) {
      return concrete(kind, home);
    }
    try (FileSystem jar = FileSystems.newFileSystem(home)) {
      return concrete(kind, jar.getPath("/"));
    }
  }

  private static Set<String> concrete(Class<?> kind, Path home) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String path = home.relativize(file).toString().replace('\\', '/');
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (!name.endsWith("package-info")) {
          Class<?> type = Class.forName(name, false, kind.getClassLoader());
          if (kind.isAssignableFrom(type)
              && !type.isInterface()
              && !java.lang.reflect.Modifier.isAbstract(type.getModifiers())) {
            names.add(name);
          }
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    return names;
  }
}
