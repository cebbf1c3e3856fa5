package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.Proximal;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The contract of the proximal map of a convex function, be it a penalty or a constraint. The laws
 * are those of the argmin itself and of the proximal map of a convex function; none repeats a
 * formula of the map.
 *
 * <p>A test class that implements this has all of them; one for a {@link
 * io.github.backstay.regularizers.ProximalPenalty} implements {@link PenaltyContract} as well. The
 * value of a constraint is 0 where it is kept and infinite where it is broken.
 */
public interface ProximalContract extends RestraintContract {

  @Override
  Proximal restraint(Shape weight);

  /**
   * {@code 0 ∈ V − U + η∂R(V)}: the pull that was followed, (U − V)/η, is a subgradient of R at V,
   * which means {@code R(Z) ≥ R(V) + ⟨(U − V)/η, Z − V⟩} for all Z.
   */
  @Test
  default void whatWasTakenAwayIsASubgradientAtTheImage() {
    for (ProximalPoint point : points(100)) {
      RandomGenerator random = Samples.random(seed());
      DMatrixRMaj image = point.image();
      DMatrixRMaj pull = Samples.minus(point.weight(), image);
      double there = point.value(image);
      if (!Double.isFinite(there)) {
        fail(point + ": the value of the image is " + there + " (must be finite).");
      }
      for (int trial = 0; trial < 40; trial++) {
        DMatrixRMaj other = Samples.gaussian(random, Shape.of(image));
        double distance = Math.scalb(1.0, random.nextInt(-20, 4));
        boolean one = random.nextBoolean();
        int entry = random.nextInt(other.data.length);
        for (int i = 0; i < other.data.length; i++) {
          double shift = one && i != entry ? 0.0 : distance * other.data[i];
          other.data[i] = trial == 0 ? point.anchorOrZeros().data[i] : image.data[i] + shift;
        }
        DMatrixRMaj way = Samples.minus(other, image);
        double rise = point.step() * (point.value(other) - there);
        double least = Samples.dot(pull, way);
        double scale = point.step() * (there + point.value(other)) + Math.abs(least);
        double rounding = 1e-15 * Samples.norm(pull) * Samples.norm(way);
        if (!(rise >= least - 1e-13 * scale - rounding)) {
          fail(
              point
                  + ": what was taken away, (U − V)/η, is no subgradient at the image V: towards"
                  + " another place η·R rises by "
                  + rise
                  + ", the subgradient asks for "
                  + least
                  + " (must be at least that). "
                  + point.likely());
        }
      }
    }
  }

  /**
   * The same by brute force, over a grid around the weight that is refined: of all entries where
   * there are no more than two, else in a plane through weight and image.
   */
  @Test
  default void imageIsWhereASearchFindsTheLeastObjective() {
    List<ProximalPoint> points = new ArrayList<>(points(20, Samples.small(shapes())));
    List<Shape> tiny = shapes().stream().filter(shape -> shape.size() <= 2).toList();
    points.addAll(points(tiny.isEmpty() ? 0 : 20, tiny));
    for (ProximalPoint point : points) {
      DMatrixRMaj image = point.image();
      DMatrixRMaj best = point.search();
      double found = point.objective(best);
      double reached = point.objective(image);
      if (!(reached <= found + 1e-14 * (1.0 + found))) {
        fail(
            point
                + ": η·R(V) + ‖V − U‖²/2 is "
                + reached
                + " at the image V, a search finds "
                + found
                + " (the image must have the least). "
                + point.likely());
      }
      if (image.data.length <= 2 && Double.isFinite(point.value(point.weight()))) {
        // The objective is flat at its minimum: what differs by 1e-15 lies 1e-7 apart.
        new Comparison(point.toString(), "the least found by a search", best, "the image", image)
            .requireClose(i -> 1e-5);
      }
    }
  }

  /** {@code ‖P − Q‖² ≤ ⟨P − Q, U − V⟩}, P and Q the images of U and V. */
  @Test
  default void isFirmlyNonexpansive() {
    RandomGenerator random = Samples.random(seed() + 3L);
    for (ProximalPoint point : points(100)) {
      DMatrixRMaj other = Samples.gaussian(random, Shape.of(point.weight()));
      double distance = Math.scalb(1.0, random.nextInt(-20, 4));
      for (int i = 0; i < other.data.length; i++) {
        other.data[i] = point.weight().data[i] + distance * other.data[i];
      }
      DMatrixRMaj images = Samples.minus(point.image(), point.imageOf(other));
      DMatrixRMaj originals = Samples.minus(point.weight(), other);
      double size = 4.0 + Samples.norm(point.weight()) + Samples.norm(other);
      double rounding = 1e-14 * Samples.norm(originals) * size;
      if (!(Samples.dot(images, images) <= Samples.dot(images, originals) + rounding)) {
        fail(
            point
                + ": two images are "
                + Samples.norm(images)
                + " apart, their originals "
                + Samples.norm(originals)
                + ", with product "
                + Samples.dot(images, originals)
                + " (a proximal map is firmly nonexpansive). "
                + point.likely());
      }
    }
  }

  /** However long the step. */
  @Test
  default void whatIsAtTheAnchorStaysThereToTheBit() {
    for (ProximalPoint point : pulls(40)) {
      for (double step : new double[] {0.0, 1e-300, 1e-3, 1.0, 1e9, Double.MAX_VALUE}) {
        for (DMatrixRMaj anchor : anchorOrNull(point)) {
          DMatrixRMaj there = Samples.orZeros(anchor, point.weight());
          DMatrixRMaj image = there.copy();
          point.map().prox(image, anchor, step);
          new Comparison(
                  point.with(step).toString(),
                  "the anchor",
                  there,
                  "the image of the anchor",
                  image)
              .requireSameBits();
        }
      }
    }
  }

  private static List<@Nullable DMatrixRMaj> anchorOrNull(ProximalPoint point) {
    List<@Nullable DMatrixRMaj> both = new ArrayList<>();
    both.add(point.anchorOrZeros());
    both.add(null);
    return both;
  }

  /** A constraint may be kept by a step of any length, also none. */
  @Test
  default void noStepMovesNothingAndNothingElseIsWritten() {
    for (ProximalPoint point : points(40)) {
      DMatrixRMaj anchor = point.anchor();
      DMatrixRMaj before = anchor == null ? null : anchor.copy();
      if (Double.isFinite(point.value(point.weight()))) {
        new Comparison(
                point.with(0.0).toString(),
                "the weight",
                point.weight(),
                "the image",
                point.with(0.0).image())
            .requireSameBits();
      }
      DMatrixRMaj image = point.weight().copy();
      point.map().prox(image, anchor, 0.5);
      if (anchor != null && before != null) {
        new Comparison(point.toString(), "what it was before", before, "the anchor", anchor)
            .requireSameBits();
      }
    }
  }

  /** Steps that are repeated come to rest: the distance shrinks however long they are. */
  @Test
  default void noStepOvershoots() {
    for (ProximalPoint point : pulls(100)) {
      for (double step : new double[] {point.step(), 1e3, 1e9}) {
        String subject = point.with(step).toString();
        DMatrixRMaj anchor = point.anchorOrZeros();
        DMatrixRMaj image = point.with(step).image();
        DMatrixRMaj from = Samples.minus(point.weight(), anchor);
        DMatrixRMaj to = Samples.minus(image, anchor);
        for (int i = 0; i < from.data.length && !mixesEntries(); i++) {
          double rounding = 1e-15 * (Math.abs(point.weight().data[i]) + Math.abs(anchor.data[i]));
          if (!(to.data[i] * Math.signum(from.data[i]) >= -rounding)
              || !(Math.abs(to.data[i]) <= Math.abs(from.data[i]) + rounding)) {
            fail(
                subject
                    + ": entry "
                    + i
                    + " goes from "
                    + from.data[i]
                    + " away from its anchor to "
                    + to.data[i]
                    + " (must lie between). Is the sign of the pull turned?");
          }
        }
        double rounding = 1e-14 * (4.0 + Samples.norm(point.weight()) + Samples.norm(image));
        if (!(Samples.norm(to) <= Samples.norm(from) + rounding)) {
          fail(
              subject
                  + ": the distance to the anchor goes from "
                  + Samples.norm(from)
                  + " to "
                  + Samples.norm(to)
                  + " (must not grow). Is the sign of the pull turned?");
        }
      }
    }
  }

  /** {@code isRowwise()} is a licence to visit some rows only, so it must not be a wish. */
  @Test
  default void rowsOfARowwiseMapMayBeMappedByThemselvesToTheBit() {
    for (ProximalPoint point : points(40)) {
      if (point.map().isRowwise()) {
        DMatrixRMaj parts = point.weight().copy();
        for (int row = 0; row < parts.numRows; row++) {
          DMatrixRMaj anchor = point.anchor();
          DMatrixRMaj image = Samples.rowsOf(point.weight(), new int[] {row});
          point
              .map()
              .prox(
                  image,
                  anchor == null ? null : Samples.rowsOf(anchor, new int[] {row}),
                  point.step());
          Samples.copyRow(image, 0, parts, row);
        }
        new Comparison(
                point + ", rows by themselves",
                "the image of all rows",
                point.image(),
                "the image of each row",
                parts)
            .requireSameBits();
      }
    }
  }

  /** A map that remembers is another map each time. */
  @Test
  default void answersDependOnNothingButWeightAnchorAndStep() {
    for (ProximalPoint point : points(40)) {
      DMatrixRMaj first = point.image();
      var unused = point.with(3.0 * point.step()).imageOf(first);
      new Comparison(
              point.toString(),
              "the image when asked first",
              first,
              "the image when asked again",
              point.image())
          .requireSameBits();
      DMatrixRMaj fresh = point.weight().copy();
      restraint(Shape.of(fresh)).prox(fresh, point.anchor(), point.step());
      new Comparison(
              point.toString(),
              "the image by a map that was never asked",
              fresh,
              "the image",
              point.image())
          .requireSameBits();
    }
  }

  /** Through a {@link Regularizer}, as an optimizer applies it. */
  @Test
  default void regularizerMapsTowardsTheInitialValue() {
    for (ProximalPoint point : points(40)) {
      boolean anchored = point.map().pullsToAnchor();
      if (anchored == (point.anchor() == null)) {
        continue;
      }
      Parameter parameter = new Parameter("w", anchored ? point.anchorOrZeros() : point.weight());
      Regularizer.Builder builder = Regularizer.of(point.map()).over(parameter);
      Regularizer proximal = (anchored ? builder.towardsInitialValue() : builder).proximal();
      parameter.set(point.weight());
      DMatrixRMaj image = parameter.toMatrix();
      proximal.prox(parameter, image, point.step());
      new Comparison(
              point + ", in a regularizer", "the image", point.image(), "what it makes", image)
          .requireSameBits();
    }
  }

  /** A relaxation of proximal steps, if there is one, is the steps one by one. */
  @Test
  default void relaxationOfProximalStepsIsTheStepsOneByOne() {
    proximalStretches(Stretches::requireStepsOneByOne);
  }

  /** It leaves rows that are at their anchor there. */
  @Test
  default void relaxationOfProximalStepsLeavesTheAnchorToTheBit() {
    proximalStretches(Stretches::requireRestAtTheAnchor);
  }

  /** Two stretches that adjoin are one. */
  @Test
  default void relaxationOfProximalStepsAddsUpOverAdjoiningStretches() {
    proximalStretches(Stretches::requireAdditive);
  }

  private void proximalStretches(Consumer<Stretches> law) {
    for (Shape shape : shapes()) {
      Proximal map = restraint(shape);
      if (map.isRowwise() && map.proximalRelaxation() != null) {
        for (double largest : new double[] {0.05, 2.0}) {
          law.accept(
              new Stretches(
                  "proximalRelaxation of " + map.formula(true),
                  map::proximalRelaxation,
                  map::prox,
                  shape.cols(),
                  largest,
                  seed()));
        }
      }
    }
  }

  // ---- where the laws are tried -------------------------------------------------------------

  /** Some points far away, some so close that they land on the anchor, in whole or in part. */
  private List<ProximalPoint> points(int count) {
    return points(count, Samples.small(shapes()));
  }

  private List<ProximalPoint> points(int count, List<Shape> shapes) {
    RandomGenerator random = Samples.random(seed());
    return IntStream.range(0, count)
        .mapToObj(k -> ProximalPoint.random(this, random, Samples.any(random, shapes)))
        .toList();
  }

  private List<ProximalPoint> pulls(int count) {
    return points(count).stream().filter(point -> point.map().pullsToAnchor()).toList();
  }
}
