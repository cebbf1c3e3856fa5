package io.github.backstay.core.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ProvidersTest {

  /** The bits of {@link #digest} over vectors, of whatever width, on every JDK. */
  private static final String OF_VECTORS =
      "ce61ecaff0f39643376aa5aa450e2827317bf5e583004d6cf946a8da5ccad950";

  @Test
  void standardKernelsAreVectorsWhereTheModuleIs() {
    boolean there = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    assertEquals(there ? "vector" : "plain", Kernels.standard().name());
    assertEquals("plain", Kernels.plain().name());
    assertEquals("strict", Kernels.strict().name());
  }

  /** The build says which kernels a run of the tests is about, and this is what holds it to it. */
  @Test
  void theBuildTestsTheKernelsItMeansTo() {
    String meant = System.getProperty("backstay.test.kernels");
    assumeTrue(meant != null, "not started by the build");
    assertEquals(meant, Kernels.standard().name());
  }

  @Test
  void bitsOverVectorsDependNeitherOnTheirWidthNorOnTheJdk() throws NoSuchAlgorithmException {
    assumeTrue(Kernels.standard().name().equals("vector"), "no vectors here");
    assertEquals(OF_VECTORS, digest(Kernels.standard()));
  }

  private static String digest(Kernels kernels) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    SplittableRandom random = new SplittableRandom(5L);
    int[][] shapes = {{1, 77, 50}, {60, 90, 1}, {3, 40, 19}, {21, 33, 70}, {25, 600, 14}};
    for (int[] shape : shapes) {
      for (int form = 0; form < 4; form++) {
        boolean transA = form >= 2;
        boolean transB = form % 2 == 1;
        DMatrixRMaj a = uniform(transA ? shape[1] : shape[0], transA ? shape[0] : shape[1], random);
        DMatrixRMaj b = uniform(transB ? shape[2] : shape[1], transB ? shape[1] : shape[2], random);
        DMatrixRMaj c = uniform(shape[0], shape[2], random);
        kernels.mult(transA, a, transB, b, true, c);
        add(c.data, digest);
      }
    }
    for (int count : new int[] {40, 513, 3001}) {
      double[] x = uniform(1, count, random).data;
      double[] y = uniform(1, count, random).data;
      double[] sums = new double[count / 10];
      kernels.sumCols(x, 10, count / 10, sums);
      add(sums, digest);
      add(new double[] {kernels.sum(x, 0, count), kernels.squaredNorm(x, count)}, digest);
      add(new double[] {kernels.squaredDistance(x, y, count)}, digest);
      DMatrixRMaj values = new DMatrixRMaj(1, count, true, x);
      for (int map = 0; map < 3; map++) {
        DMatrixRMaj image = new DMatrixRMaj(1, count);
        switch (map) {
          case 0 -> kernels.exp(values, image);
          case 1 -> kernels.tanh(values, image);
          default -> kernels.sigmoid(values, image);
        }
        add(image.data, digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static DMatrixRMaj uniform(int rows, int cols, SplittableRandom random) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = 4.0 * random.nextDouble() - 2.0;
    }
    return matrix;
  }

  private static void add(double[] values, MessageDigest digest) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
    for (double value : values) {
      bytes.putDouble(value);
    }
    digest.update(bytes.array());
  }
}
