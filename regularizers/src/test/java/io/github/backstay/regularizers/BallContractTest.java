package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.contract.ProximalContract;
import java.util.List;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The constraint of the library, around wholes, rows and columns: 0 inside, infinite outside. */
@ParameterizedClass
@MethodSource("balls")
class BallContractTest implements ProximalContract {

  private final Ball ball;

  BallContractTest(Ball ball) {
    this.ball = ball;
  }

  static List<Ball> balls() {
    return Stream.of(Groups.values())
        .flatMap(groups -> Stream.of(0.0, 0.3, 2.0).map(radius -> new Ball(radius, groups)))
        .toList();
  }

  @Override
  public Proximal restraint(Shape weight) {
    return ball;
  }

  /** Outside begins 1e-13 beyond the radius: an image may be rounded over the border. */
  @Override
  public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
    double[] squares = new double[Math.max(weight.numRows, weight.numCols)];
    for (int i = 0; i < weight.data.length; i++) {
      int group =
          switch (ball.groups()) {
            case ROWS -> i / weight.numCols;
            case COLS -> i % weight.numCols;
            case ALL -> 0;
          };
      squares[group] += Math.pow(weight.data[i] - anchor.data[i], 2.0);
    }
    for (double square : squares) {
      if (Math.sqrt(square) > ball.radius() + 1e-13) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return 0.0;
  }
}
