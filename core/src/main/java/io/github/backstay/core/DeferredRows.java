package io.github.backstay.core;

import org.ejml.data.DMatrixRMaj;

/**
 * Somebody who owes a parameter the updates of rows that nobody has looked at for a while, and pays
 * before anybody does ({@link Parameter#defer}). Settling is not a write: it makes a row what it is
 * said to be already. The parameter never calls two of these methods at the same time.
 */
public interface DeferredRows {

  /**
   * The rows that a step may leave behind. To be complete when a step is made ({@link
   * Parameter#updateRows}), and then kept by the journals of the parameter as if it had written
   * them.
   *
   * @return the owner's own set, to which rows are only ever added; not changed
   */
  RowSet rows();

  /**
   * Brings one row up to date.
   *
   * @param row its number, possibly out of range (then nothing is to be done)
   * @param values the parameter's own matrix, lent for the call; no other row may be written
   */
  void settle(int row, DMatrixRMaj values);

  /**
   * Brings every row up to date.
   *
   * @param values the parameter's own matrix, lent for the call
   */
  void settleAll(DMatrixRMaj values);
}
