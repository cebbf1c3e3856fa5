package io.github.backstay.core;

import io.github.backstay.core.kernels.Kernels;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Where an op gets the matrices it computes into, and the kernels that do the arithmetic. A tape
 * has one workspace; what the tape's step has used is handed out again after {@link Tape#reset()},
 * so that a steady training loop allocates next to nothing. Not thread-safe.
 */
public final class Workspace {

  private BufferPool pool = new BufferPool();
  private final Kernels kernels;

  Workspace(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * A matrix to compute into.
   *
   * @param rows number of rows
   * @param cols number of columns
   * @return a matrix of this shape; its contents are undefined
   */
  public DMatrixRMaj matrix(int rows, int cols) {
    return pool.take(rows, cols);
  }

  /**
   * A matrix to compute into, shaped like another.
   *
   * @param x gives the shape
   * @return a matrix of the same shape; its contents are undefined
   */
  public DMatrixRMaj like(DMatrixRMaj x) {
    return pool.take(x.numRows, x.numCols);
  }

  /**
   * A matrix of zeros.
   *
   * @param rows number of rows
   * @param cols number of columns
   * @return a matrix of this shape, all entries 0
   */
  public DMatrixRMaj zeros(int rows, int cols) {
    DMatrixRMaj matrix = pool.take(rows, cols);
    Arrays.fill(matrix.data, 0.0);
    return matrix;
  }

  /**
   * A 1×1 matrix.
   *
   * @param value its entry
   * @return the matrix
   */
  public DMatrixRMaj scalar(double value) {
    DMatrixRMaj matrix = pool.take(1, 1);
    matrix.data[0] = value;
    return matrix;
  }

  /**
   * A copy of a matrix.
   *
   * @param x what to copy
   * @return a matrix of the same shape and entries
   */
  public DMatrixRMaj copy(DMatrixRMaj x) {
    DMatrixRMaj matrix = pool.take(x.numRows, x.numCols);
    System.arraycopy(x.data, 0, matrix.data, 0, matrix.data.length);
    return matrix;
  }

  /**
   * Gives back a matrix that this workspace handed out, before the step ends. Needed only for
   * temporaries of a kernel; results belong to the tape.
   *
   * @param temporary a matrix that nobody uses any more
   */
  public void release(DMatrixRMaj temporary) {
    pool.give(temporary);
  }

  /**
   * The arithmetic.
   *
   * @return the kernels that this tape was made with
   */
  public Kernels kernels() {
    return kernels;
  }

  /** Whether a matrix was handed out by a workspace. */
  boolean owns(DMatrixRMaj matrix) {
    return BufferPool.owns(matrix);
  }

  /** Ends a step; what was handed out has been given back. */
  void endStep() {
    pool.endStep();
  }

  /** Gives up the memory of all matrices that are not in use. */
  void forgetBuffers() {
    pool = new BufferPool();
  }
}
