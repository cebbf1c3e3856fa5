package io.github.backstay.core.kernels;

import org.ejml.data.DMatrixRMaj;

/** A product that can be asked for a part of its result. It keeps scratch memory. */
interface RangeProduct {

  /**
   * The entries of {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}, in rows {@code fromRow} to
   * {@code toRow − 1} and columns {@code fromCol} to {@code toCol − 1}. Their bits do not depend on
   * the range.
   */
  void mult(
      boolean transA,
      DMatrixRMaj a,
      boolean transB,
      DMatrixRMaj b,
      boolean add,
      DMatrixRMaj c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol);
}
