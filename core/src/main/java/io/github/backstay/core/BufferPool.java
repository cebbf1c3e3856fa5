package io.github.backstay.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Matrices given back by one step and handed to the next, in stacks by number of entries. The
 * stacks are found in an open-addressing table of plain ints: boxed keys would cost more than a
 * pool saves on small matrices. Sizes that no step asks for any more are forgotten after some
 * steps, and at once where they would fill the memory: a computation whose sizes change from step
 * to step would otherwise keep one set of buffers for each. Not thread-safe: a tape owns its pool.
 */
final class BufferPool {

  /** Sizes that have not been asked for in so many steps are forgotten. */
  private static final int PATIENCE = 64;

  /** Entries that may lie idle beyond four times what a step uses: 64 MB. */
  private static final long SPARE = 1L << 23;

  private int[] keys = new int[32]; // number of entries + 1; 0 marks a free place
  private DMatrixRMaj[][] stacks = new DMatrixRMaj[32][];
  private int[] depths = new int[32];
  private int[] lastTaken = new int[32]; // in which step
  private int used;
  private int step;
  private long idle; // entries of the matrices in the stacks
  private long lent; // entries of those that are out
  private long mostLent; // in this step

  /** A matrix of the given shape with undefined contents. */
  DMatrixRMaj take(int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new ShapeException("shape: sides must be at least 0, got " + rows + "×" + cols + ".");
    }
    int size = Math.multiplyExact(rows, cols);
    int place = place(size + 1);
    lent += size;
    mostLent = Math.max(mostLent, lent);
    lastTaken[place] = step;
    if (keys[place] != 0 && depths[place] > 0) {
      idle -= size;
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
    lent -= key - 1;
    idle += key - 1;
    if (keys[place] == 0) {
      if (2 * ++used > keys.length) {
        rebuild(2 * keys.length, Integer.MIN_VALUE);
        used++;
        place = place(key);
      }
      keys[place] = key;
      stacks[place] = new DMatrixRMaj[4];
      lastTaken[place] = step;
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

  /** Ends a step, whose matrices have all been given back. */
  void endStep() {
    step++;
    if (idle > 4 * mostLent + SPARE) {
      rebuild(keys.length, step - 1);
    } else if (step % PATIENCE == 0) {
      rebuild(keys.length, step - PATIENCE);
    }
    mostLent = lent;
  }

  /** Keeps the sizes that have been taken since a step. */
  private void rebuild(int capacity, int since) {
    int[] oldKeys = keys;
    DMatrixRMaj[][] oldStacks = stacks;
    int[] oldDepths = depths;
    int[] oldLastTaken = lastTaken;
    keys = new int[capacity];
    stacks = new DMatrixRMaj[capacity][];
    depths = new int[capacity];
    lastTaken = new int[capacity];
    used = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] == 0) {
        continue;
      }
      if (oldLastTaken[i] < since) {
        idle -= (long) oldDepths[i] * (oldKeys[i] - 1);
        continue;
      }
      int place = place(oldKeys[i]);
      keys[place] = oldKeys[i];
      stacks[place] = oldStacks[i];
      depths[place] = oldDepths[i];
      lastTaken[place] = oldLastTaken[i];
      used++;
    }
  }

  /** Entries of the matrices that wait for a step. */
  long idle() {
    return idle;
  }
}
