package io.github.backstay.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Matrices given back by one step and handed to the next, on shelves by number of entries. A matrix
 * knows its shelf, and the shelf asked for last is tried first; the others are found in an
 * open-addressing table: boxed keys would cost more than a pool saves on small matrices. Sizes that
 * no step asks for any more are forgotten after some steps, and at once where they would fill the
 * memory: a computation whose sizes change from step to step would otherwise keep one set of
 * buffers for each. Not thread-safe: a tape owns its pool.
 */
final class BufferPool {

  /** Sizes that have not been asked for in so many steps are forgotten. */
  private static final int PATIENCE = 64;

  /** Entries that may lie idle beyond four times what a step uses: 64 MB. */
  private static final long SPARE = 1L << 23;

  private @Nullable Shelf[] table = new @Nullable Shelf[32];
  private int used;
  private Shelf last = shelf(0);
  private int step;
  private long idle; // entries of the matrices on the shelves
  private long lent; // entries of those that are out
  private long mostLent; // in this step

  /** The matrices of one size. */
  private static final class Shelf {
    private final int size;
    private DMatrixRMaj[] free = new DMatrixRMaj[4];
    private int count;
    private int lastTaken; // in which step
    private boolean forgotten;

    Shelf(int size) {
      this.size = size;
    }
  }

  /** A matrix that a pool has made. */
  @SuppressWarnings("unchecked") // EJML's own overrides, seen again in a subclass
  private static final class Pooled extends DMatrixRMaj {
    private static final long serialVersionUID = 1L;
    private final transient BufferPool pool;
    private transient Shelf shelf;

    Pooled(int rows, int cols, BufferPool pool, Shelf shelf) {
      super(rows, cols);
      this.pool = pool;
      this.shelf = shelf;
    }
  }

  /** A matrix of the given shape with undefined contents. */
  DMatrixRMaj take(int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new ShapeException("shape: sides must be at least 0, got " + rows + "×" + cols + ".");
    }
    int size = Math.multiplyExact(rows, cols);
    Shelf shelf = last.size == size ? last : shelf(size);
    lent += size;
    mostLent = Math.max(mostLent, lent);
    shelf.lastTaken = step;
    if (shelf.count > 0) {
      idle -= size;
      DMatrixRMaj matrix = shelf.free[--shelf.count];
      matrix.numRows = rows;
      matrix.numCols = cols;
      return matrix;
    }
    return new Pooled(rows, cols, this, shelf);
  }

  /** Whether a matrix came from a pool, and not from whoever else may hold on to it. */
  static boolean owns(DMatrixRMaj matrix) {
    return matrix instanceof Pooled;
  }

  /**
   * Takes a matrix back; the caller must not touch it any more. What this pool has not made, or not
   * with so many entries, is left to the collector.
   */
  void give(DMatrixRMaj matrix) {
    if (!(matrix instanceof Pooled pooled) || pooled.pool != this) {
      return;
    }
    Shelf shelf = pooled.shelf;
    lent -= shelf.size;
    if (matrix.data.length != shelf.size) {
      return;
    }
    if (shelf.forgotten) {
      shelf = shelf(shelf.size);
      pooled.shelf = shelf;
    }
    idle += shelf.size;
    if (shelf.count == shelf.free.length) {
      shelf.free = Arrays.copyOf(shelf.free, 2 * shelf.count);
    }
    shelf.free[shelf.count++] = matrix;
  }

  /** The shelf for matrices of so many entries, a new one if need be. */
  private Shelf shelf(int size) {
    int place = place(size);
    Shelf shelf = table[place];
    if (shelf == null) {
      if (2 * ++used > table.length) {
        rebuild(2 * table.length, Integer.MIN_VALUE);
        used++;
        place = place(size);
      }
      shelf = new Shelf(size);
      shelf.lastTaken = step;
      table[place] = shelf;
    }
    last = shelf;
    return shelf;
  }

  /** Where the shelf for a size stands, or would stand. */
  private int place(int size) {
    int mask = table.length - 1;
    int place = (size * 0x9E3779B9) >>> 7 & mask;
    for (Shelf found = table[place]; found != null && found.size != size; found = table[place]) {
      place = place + 1 & mask;
    }
    return place;
  }

  /** Ends a step, whose matrices have all been given back. */
  void endStep() {
    step++;
    if (idle > 4 * mostLent + SPARE) {
      rebuild(table.length, step - 1);
    } else if (step % PATIENCE == 0) {
      rebuild(table.length, step - PATIENCE);
    }
    mostLent = lent;
  }

  /** Keeps the sizes that have been taken since a step. */
  private void rebuild(int capacity, int since) {
    @Nullable Shelf[] old = table;
    table = new @Nullable Shelf[capacity];
    used = 0;
    for (Shelf shelf : old) {
      if (shelf == null) {
        continue;
      }
      if (shelf.lastTaken < since) {
        idle -= (long) shelf.count * shelf.size;
        shelf.forgotten = true;
      } else {
        table[place(shelf.size)] = shelf;
        used++;
      }
    }
    if (last.forgotten) {
      last = shelf(0);
    }
  }

  /** Entries of the matrices that wait for a step. */
  long idle() {
    return idle;
  }
}
