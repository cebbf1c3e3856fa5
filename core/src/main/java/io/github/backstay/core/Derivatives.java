package io.github.backstay.core;

import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * What is built from reverse sweeps: gradients of gradients, Jacobians, and products with them. All
 * of it works on variables that have been recorded, and leaves the tape usable. Entries of a matrix
 * are counted row by row.
 */
public final class Derivatives {

  private Derivatives() {}

  /**
   * The gradient of a scalar as a variable, which can be computed with and differentiated again.
   *
   * @param output a 1×1 variable
   * @param wrt what to differentiate by
   * @return a variable of the shape of {@code wrt}
   */
  public static Variable gradient(Variable output, Variable wrt) {
    return output.tape().recordedGradients(output, List.of(wrt)).get(0);
  }

  /**
   * The product of the Hessian with a vector, {@code ∇²f · v}, without forming the Hessian: the
   * gradient of {@code ⟨∇f, v⟩} (Pearlmutter 1994), one sweep that is recorded and one that is not.
   *
   * @param output f, a 1×1 variable
   * @param wrt the variables that together are differentiated by
   * @param vector v, one matrix per variable, in its shape
   * @return the product, one matrix per variable
   */
  public static List<DMatrixRMaj> hessianVectorProduct(
      Variable output, List<Variable> wrt, List<DMatrixRMaj> vector) {
    if (wrt.size() != vector.size()) {
      throw new IllegalArgumentException(
          "hessianVectorProduct: "
              + wrt.size()
              + " variables, but "
              + vector.size()
              + " vectors (need one per variable).");
    }
    Tape tape = output.tape();
    int mark = tape.size();
    List<Variable> gradients = tape.recordedGradients(output, wrt);
    for (int i = 0; i < wrt.size(); i++) {
      Shape.requireSame("hessianVectorProduct (variable, vector)", wrt.get(i).value, vector.get(i));
    }
    List<DMatrixRMaj> product =
        tape.gradientMatrices("hessianVectorProduct", gradients, vector, wrt);
    tape.truncate(mark);
    return product;
  }

  /**
   * The Hessian of a scalar with respect to one variable of n entries. Costs n sweeps.
   *
   * @param output a 1×1 variable
   * @param wrt what to differentiate by
   * @return n×n
   */
  public static DMatrixRMaj hessian(Variable output, Variable wrt) {
    Tape tape = output.tape();
    int mark = tape.size();
    DMatrixRMaj hessian = jacobian(gradient(output, wrt), wrt);
    tape.truncate(mark);
    return hessian;
  }

  /**
   * The Jacobian: one row per entry of the output, one column per entry of the variable. Costs one
   * sweep per entry of the output.
   *
   * @param output any variable, m entries
   * @param wrt what to differentiate by, n entries
   * @return m×n
   */
  public static DMatrixRMaj jacobian(Variable output, Variable wrt) {
    int m = output.shape().size();
    int n = wrt.shape().size();
    DMatrixRMaj jacobian = new DMatrixRMaj(m, n);
    if (!output.isTracked()) {
      return jacobian;
    }
    DMatrixRMaj unit = new DMatrixRMaj(output.rows(), output.cols());
    for (int i = 0; i < m; i++) {
      unit.data[i] = 1.0;
      DMatrixRMaj row = vectorJacobianProduct(output, wrt, unit);
      System.arraycopy(row.data, 0, jacobian.data, i * n, n);
      unit.data[i] = 0.0;
    }
    return jacobian;
  }

  /**
   * {@code Jᵀ·u}: one reverse sweep.
   *
   * @param output any variable
   * @param wrt what to differentiate by
   * @param cotangent u, in the output's shape
   * @return a matrix of the shape of {@code wrt}
   */
  public static DMatrixRMaj vectorJacobianProduct(
      Variable output, Variable wrt, DMatrixRMaj cotangent) {
    return output
        .tape()
        .gradientMatrices(
            "vectorJacobianProduct", List.of(output), List.of(cotangent), List.of(wrt))
        .get(0);
  }

  /**
   * {@code J·v}: the direction's image, by applying the reverse rule twice; {@code Jᵀu} is linear
   * in u, and its own transposed Jacobian is J.
   *
   * @param output any variable
   * @param wrt what to differentiate by
   * @param direction v, in the shape of {@code wrt}
   * @return a matrix of the output's shape
   */
  public static DMatrixRMaj jacobianVectorProduct(
      Variable output, Variable wrt, DMatrixRMaj direction) {
    Tape tape = output.tape();
    tape.require("jacobianVectorProduct", wrt);
    Shape.requireSame("jacobianVectorProduct (variable, direction)", wrt.value, direction);
    int mark = tape.size();
    Variable dummy = tape.variable(new DMatrixRMaj(output.rows(), output.cols()));
    Variable transposed = tape.recordedGradients(output, dummy, List.of(wrt)).get(0);
    DMatrixRMaj product =
        transposed.isTracked()
            ? vectorJacobianProduct(transposed, dummy, direction)
            : new DMatrixRMaj(output.rows(), output.cols());
    tape.forgetLeaf(dummy);
    tape.truncate(mark);
    return product;
  }
}
