package io.github.backstay.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Matrices given back by one step and handed to the next, in stacks by number of entries. The
 * stacks are found in an open-addressing table of plain ints: boxed keys would cost more than a
 * pool saves on small matrices. Not thread-safe: a tape owns its pool.
 */
final class BufferPool {

  private int[] keys = new int[32]; // number of entries + 1; 0 marks a free place
  private DMatrixRMaj[][] stacks = new DMatrixRMaj[32][];
  private int[] depths = new int[32];
  private int used;

  /** A matrix of the given shape with undefined contents. */
  DMatrixRMaj take(int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new ShapeException("shape: sides must be at least 0, got " + rows + "×" + cols + ".");
    }
    int size = Math.multiplyExact(rows, cols);
    int place = place(size + 1);
    if (keys[place] != 0 && depths[place] > 0) {
      DMatrixRMaj matrix = stacks[place][--depths[place]];
      matrix.numRows = rows;
      matrix.numCols = cols;
      return matrix;
    }
    return new Pooled(rows, cols);
  }

  /** Whether a matrix came from a pool, and not from whoever else may hold on to it. */
  static boolean owns(DMatrixRMaj matrix) {
    return matrix instanceof Pooled;
  }

  /** A matrix that a pool has made. */
  @SuppressWarnings("unchecked") // EJML's own overrides, seen again in a subclass
  private static final class Pooled extends DMatrixRMaj {
    private static final long serialVersionUID = 1L;

    Pooled(int rows, int cols) {
      super(rows, cols);
    }
  }

  /** Takes a matrix back; the caller must not touch it any more. */
  void give(DMatrixRMaj matrix) {
    int key = matrix.data.length + 1;
    int place = place(key);
    if (keys[place] == 0) {
      if (2 * ++used > keys.length) {
        grow();
        place = place(key);
      }
      keys[place] = key;
      stacks[place] = new DMatrixRMaj[4];
    }
    if (depths[place] == stacks[place].length) {
      stacks[place] = Arrays.copyOf(stacks[place], 2 * depths[place]);
    }
    stacks[place][depths[place]++] = matrix;
  }

  private int place(int key) {
    int mask = keys.length - 1;
    int place = (key * 0x9E3779B9) >>> 7 & mask;
    while (keys[place] != 0 && keys[place] != key) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    int[] oldKeys = keys;
    DMatrixRMaj[][] oldStacks = stacks;
    int[] oldDepths = depths;
    keys = new int[2 * oldKeys.length];
    stacks = new DMatrixRMaj[keys.length][];
    depths = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        stacks[place] = oldStacks[i];
        depths[place] = oldDepths[i];
      }
    }
  }
}
