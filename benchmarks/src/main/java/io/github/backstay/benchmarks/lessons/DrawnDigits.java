package io.github.backstay.benchmarks.lessons;

import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.core.Indices;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Digits for whoever has no file: one form of 5×7 per class, set in one of four places within the
 * 8×8 pixels, with gaps in the strokes, stains on the paper, ink that runs and 17 levels of ink, as
 * in files.
 */
final class DrawnDigits {

  private static final int SIDE = 8;
  private static final int WIDTH = 5;
  private static final int HEIGHT = 7;
  private static final double GAP = 0.06;
  private static final double STAIN = 0.03;
  private static final double RUN = 0.25;

  private static final String[] FORMS = {
    ".###.#...##...##...##...##...#.###.",
    "..#...##....#....#....#....#...###.",
    ".###.#...#....#...#...#...#...#####",
    ".###.#...#....#..##.....##...#.###.",
    "...#...##..#.#.#..#.#####...#....#.",
    "######....####.....#....##...#.###.",
    ".###.#....#....####.#...##...#.###.",
    "#####....#...#...#...#....#....#...",
    ".###.#...##...#.###.#...##...#.###.",
    ".###.#...##...#.####....#....#.###."
  };

  private DrawnDigits() {}

  /** So many digits, of each class about a tenth. */
  static Digits draw(int count, RandomGenerator random) {
    DMatrixRMaj pixels = new DMatrixRMaj(count, Digits.PIXELS);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(Digits.CLASSES);
      draw(FORMS[labels[i]], random, pixels.data, i * Digits.PIXELS);
    }
    return new Digits(pixels, Indices.of(labels));
  }

  private static void draw(String form, RandomGenerator random, double[] pixels, int from) {
    double[] ink = new double[Digits.PIXELS];
    int left = 1 + random.nextInt(2);
    int top = random.nextInt(SIDE - HEIGHT + 1);
    double pressure = 0.6 + 0.4 * random.nextDouble();
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int row = y - top;
        int col = x - left;
        boolean inside = row >= 0 && row < HEIGHT && col >= 0 && col < WIDTH;
        boolean stroke = inside && form.charAt(row * WIDTH + col) == '#';
        double chance = random.nextDouble();
        ink[y * SIDE + x] = (stroke ? chance >= GAP : chance < STAIN) ? pressure : 0.0;
      }
    }
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double beside = x == 0 ? 0.0 : ink[y * SIDE + x - 1];
        double above = y == 0 ? 0.0 : ink[(y - 1) * SIDE + x];
        double amount = Math.min(1.0, ink[y * SIDE + x] + RUN * (beside + above));
        pixels[from + y * SIDE + x] = Math.rint(16.0 * amount) / 16.0;
      }
    }
  }
}
