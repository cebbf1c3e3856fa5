package io.github.backstay.benchmarks.overhead;

import io.github.backstay.core.kernels.Kernels;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** The product that gradients written by hand use: EJML's own, or Backstay's kernel. */
interface HandProduct {

  /** {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}. */
  void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c);

  /** EJML's product. */
  static HandProduct ejml() {
    return (transA, a, transB, b, add, c) -> {
      if (add) {
        if (transA) {
          CommonOps_DDRM.multAddTransA(a, b, c);
        } else if (transB) {
          CommonOps_DDRM.multAddTransB(a, b, c);
        } else {
          CommonOps_DDRM.multAdd(a, b, c);
        }
      } else {
        if (transA) {
          CommonOps_DDRM.multTransA(a, b, c);
        } else if (transB) {
          CommonOps_DDRM.multTransB(a, b, c);
        } else {
          CommonOps_DDRM.mult(a, b, c);
        }
      }
    };
  }

  /** The product of Backstay's standard kernels. */
  static HandProduct kernels() {
    return Kernels.standard()::mult;
  }
}
