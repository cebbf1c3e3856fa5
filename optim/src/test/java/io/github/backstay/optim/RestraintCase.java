package io.github.backstay.optim;

import io.github.backstay.regularizers.Ball;
import io.github.backstay.regularizers.DiagonalL2;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.Huber;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.NuclearNorm;
import io.github.backstay.regularizers.Orthogonality;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.RowL2;
import io.github.backstay.regularizers.SpectralNorm;
import io.github.backstay.regularizers.SpectralNormSquared;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * One of the library's restraints, for the product of the four choices. {@link ChoicesTest} fails
 * when one is missing.
 *
 * @param name how test reports call it
 * @param restraint what holds weights of {@value #ROWS}×{@value #COLS}
 * @param entrywise whether no entry is ever pulled away from its anchor, as with functions of
 *     distances; those of singular values or products mix the entries
 */
record RestraintCase(String name, Restraint restraint, boolean entrywise) {

  static final int ROWS = 7;
  static final int COLS = 3;

  /** Of the balls; less than any distance that the tests begin with. */
  static final double RADIUS = 0.4;

  static final List<RestraintCase> ALL =
      List.of(
          distance("L2", new L2(0.5)),
          distance("L1", new L1(0.5)),
          distance("elastic net", new ElasticNet(0.25, 0.5)),
          distance("Huber", new Huber(0.5, 0.8)),
          distance("diagonal L2", new DiagonalL2(0.5, strengths(ROWS, COLS))),
          distance("row L2", new RowL2(0.5, strengths(ROWS, 1))),
          distance("group lasso, rows", GroupLasso.of(0.5, Groups.ROWS)),
          distance("group lasso, columns", GroupLasso.of(0.5, Groups.COLS)),
          distance("group lasso, whole by size", GroupLasso.of(0.1, Groups.ALL).withSizeWeights()),
          distance("ball, rows", new Ball(RADIUS, Groups.ROWS)),
          distance("ball, columns", new Ball(RADIUS, Groups.COLS)),
          distance("ball, whole", new Ball(RADIUS, Groups.ALL)),
          mixing("orthogonality, columns", new Orthogonality(0.1, Orthogonality.Side.COLUMNS)),
          mixing("orthogonality, rows", new Orthogonality(0.1, Orthogonality.Side.ROWS)),
          mixing("spectral norm", new SpectralNorm(0.5)),
          mixing("spectral norm squared", new SpectralNormSquared(0.5)),
          mixing("nuclear norm", new NuclearNorm(0.5)));

  private static RestraintCase distance(String name, Restraint restraint) {
    return new RestraintCase(name, restraint, true);
  }

  private static RestraintCase mixing(String name, Restraint restraint) {
    return new RestraintCase(name, restraint, false);
  }

  /** Different ones from 0.5 to 1.25, and none in the last row. */
  private static DMatrixRMaj strengths(int rows, int cols) {
    DMatrixRMaj strengths = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < (rows - 1) * cols; i++) {
      strengths.data[i] = 0.5 + 0.25 * (i % 4);
    }
    return strengths;
  }

  @Override
  public String toString() {
    return name;
  }
}
