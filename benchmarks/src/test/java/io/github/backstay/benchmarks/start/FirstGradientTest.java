package io.github.backstay.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FirstGradientTest {

  /**
   * The loss itself by plain loops, and its slope along ones, which is the sum of the gradients.
   */
  @Test
  void isTheSlopeAlongOnes() {
    double h = 1e-3;
    double slope = (loss(-2.0 * h) - 8.0 * loss(-h) + 8.0 * loss(h) - loss(2.0 * h)) / (12.0 * h);
    // Five points, in double: h⁴ times a fifth derivative of some hundreds.
    assertEquals(slope, FirstGradient.sum(), 1e-7);
  }

  private static double loss(double shift) {
    double sum = 0.0;
    for (int i = 0; i < 8; i++) {
      for (int k = 0; k < 32; k++) {
        double z = 0.0;
        for (int j = 0; j < 16; j++) {
          z += number(16 * i + j) * (number(32 * j + k) + shift);
        }
        for (int l = 0; l < 4; l++) {
          sum += Math.tanh(z) * (number(4 * k + l) + shift);
        }
      }
    }
    return sum;
  }

  private static double number(int i) {
    return (7 * i + 3) % 12 / 10.0 - 0.5;
  }
}
