package io.github.backstay.regularizers.contract;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.Proximal;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** A proximal map at a point U, with an anchor or none, and with a step η. */
record ProximalPoint(
    ProximalContract contract,
    Proximal map,
    DMatrixRMaj weight,
    @Nullable DMatrixRMaj anchor,
    double step) {

  static ProximalPoint random(ProximalContract contract, RandomGenerator random, Shape shape) {
    Proximal map = contract.restraint(shape);
    DMatrixRMaj anchor =
        map.pullsToAnchor() && random.nextBoolean() ? Samples.gaussian(random, shape) : null;
    DMatrixRMaj weight = Samples.gaussian(random, shape);
    double scale = Math.scalb(1.0, random.nextInt(-4, 3));
    for (int i = 0; i < weight.data.length; i++) {
      weight.data[i] = weight.data[i] * scale + (anchor == null ? 0.0 : anchor.data[i]);
    }
    double step = Math.scalb(1.0 + random.nextDouble(), random.nextInt(-6, 3));
    return new ProximalPoint(contract, map, weight, anchor, step);
  }

  ProximalPoint with(double newStep) {
    return new ProximalPoint(contract, map, weight, anchor, newStep);
  }

  DMatrixRMaj anchorOrZeros() {
    return Samples.orZeros(anchor, weight);
  }

  double value(DMatrixRMaj at) {
    return contract.value(at, anchorOrZeros());
  }

  DMatrixRMaj image() {
    return imageOf(weight);
  }

  DMatrixRMaj imageOf(DMatrixRMaj at) {
    DMatrixRMaj image = at.copy();
    map.prox(image, anchor, step);
    return image;
  }

  /** {@code η·R(V) + ‖V − U‖²/2}, which the proximal map of U minimizes. */
  double objective(DMatrixRMaj v) {
    DMatrixRMaj way = Samples.minus(v, weight);
    return step * value(v) + 0.5 * Samples.dot(way, way);
  }

  /** The least objective on a grid around the weight that is refined, in one plane. */
  DMatrixRMaj search() {
    DMatrixRMaj one = direction(0);
    DMatrixRMaj two = direction(1);
    DMatrixRMaj best = weight.copy();
    double found = objective(best);
    int half = 6;
    int across = weight.data.length > 1 ? half : 0;
    for (double width = Samples.norm(weight) + 4.0; width > 1e-5; width *= 0.5) {
      DMatrixRMaj center = best;
      for (int k = -half; k <= half; k++) {
        for (int l = -across; l <= across; l++) {
          DMatrixRMaj candidate = center.copy();
          for (int i = 0; i < candidate.data.length; i++) {
            candidate.data[i] += (k * one.data[i] + l * two.data[i]) * width / half;
          }
          double objective = objective(candidate);
          if (objective < found) {
            found = objective;
            best = candidate;
          }
        }
      }
    }
    return best;
  }

  /** Unit vectors: of the first two entries, or towards the image and in any other direction. */
  private DMatrixRMaj direction(int which) {
    DMatrixRMaj direction = new DMatrixRMaj(weight.numRows, weight.numCols);
    if (direction.data.length <= 2) {
      direction.data[Math.min(which, direction.data.length - 1)] = 1.0;
      return direction;
    }
    DMatrixRMaj image = image();
    double length = Samples.norm(Samples.minus(image, weight));
    DMatrixRMaj any = Samples.gaussian(Samples.random(which), Shape.of(weight));
    for (int i = 0; i < direction.data.length; i++) {
      direction.data[i] =
          which == 0 && length > 0.0
              ? (image.data[i] - weight.data[i]) / length
              : any.data[i] / Samples.norm(any);
    }
    return direction;
  }

  /** What would explain an image that is not the right one. */
  String likely() {
    DMatrixRMaj image = image();
    if (Samples.firstDifference(image, with(2.0 * step).image()) < 0
        && Samples.firstDifference(image, weight) >= 0
        && Samples.norm(Samples.minus(image, anchorOrZeros())) > 0.0
        && Double.isFinite(value(weight))) {
      return "The image is the same with a step of 2η: is the step used?";
    }
    double towards =
        Samples.dot(Samples.minus(image, weight), Samples.minus(anchorOrZeros(), weight));
    if (towards < 0.0) {
      return "It moves away from the anchor: is the sign turned?";
    }
    if (anchor != null) {
      DMatrixRMaj unanchored = weight.copy();
      map.prox(unanchored, null, step);
      if (Samples.firstDifference(unanchored, image) < 0) {
        return "It is the image for an anchor of zero: is the anchor used?";
      }
    }
    return "Is it the map of another function, of the norm instead of its square, or with another"
        + " strength?";
  }

  @Override
  public String toString() {
    return "prox of "
        + map.formula(anchor != null)
        + " at "
        + Shape.of(weight)
        + ", step "
        + (float) step;
  }
}
