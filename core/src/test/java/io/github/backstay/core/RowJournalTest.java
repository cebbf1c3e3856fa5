package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** A journal is a copy that costs only the rows that were written. */
class RowJournalTest {

  private static final int ROWS = 7;

  /** A kind of write, from 0 to 4, at a row. */
  private static void write(Parameter p, int kind, int row, RandomGenerator random) {
    switch (kind) {
      case 0 -> p.set(row, 1, random.nextDouble());
      case 1 -> {
        RowSet rows = new RowSet();
        rows.add(row);
        rows.add((row + 3) % ROWS);
        p.updateRows(
            rows,
            values -> {
              values.set(row, 0, random.nextDouble());
              values.set((row + 3) % ROWS, 2, random.nextDouble());
            });
      }
      case 2 -> p.update(values -> values.set(row, 0, random.nextDouble()));
      case 3 -> p.set(Matrices.gaussian(p.shape(), random));
      default -> assertEquals(p.toMatrix().get(row, 0), p.get(row, 0));
    }
  }

  @Property(tries = 300)
  void theOriginalIsACopyOfWhatWasThereWhateverIsWritten(
      @ForAll @Size(max = 12) List<@IntRange(max = 34) Integer> writes,
      @ForAll @IntRange(max = 11) int opened,
      @ForAll boolean byRowsOnly,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    Parameter p = new Parameter("w", Matrices.gaussian(new Shape(ROWS, 3), random));
    DMatrixRMaj copy = p.toMatrix();
    RowJournal journal = p.journal();
    for (int k = 0; k < writes.size(); k++) {
      if (k == opened) {
        copy = p.toMatrix();
        journal = p.journal();
      }
      int kind = writes.get(k) / ROWS;
      write(p, byRowsOnly ? kind % 2 : kind, writes.get(k) % ROWS, random);
    }
    Matrices.assertBits(copy, journal.toMatrix(), "original");
    DMatrixRMaj now = p.toMatrix();
    for (int row = 0; row < ROWS; row++) {
      double[] original = new double[5];
      journal.copyRow(row, original, 1);
      for (int j = 0; j < 3; j++) {
        assertEquals(copy.get(row, j), original[1 + j]);
        boolean moved = !journal.isByRows() || journal.rows().find(row) >= 0;
        assertTrue(moved || copy.get(row, j) == now.get(row, j), "row " + row + " moved unseen");
      }
    }
    if (byRowsOnly) {
      assertTrue(journal.isByRows());
    }
    assertReopens(p, journal);
  }

  /** What is known of a journal makes another one like it, which goes on in the same way. */
  private static void assertReopens(Parameter p, RowJournal journal) {
    Parameter again = new Parameter("w", p.toMatrix());
    Indices moved = journal.isByRows() ? journal.rows().toIndices() : null;
    RowJournal reopened = again.journal(journal.toMatrix(), moved);
    assertSame(reopened, again.journal(journal.toMatrix(), moved));
    p.set(5, 0, 0.5);
    again.set(5, 0, 0.5);
    assertEquals(journal.isByRows(), reopened.isByRows());
    assertEquals(journal.rows().toIndices(), reopened.rows().toIndices());
    Matrices.assertBits(journal.toMatrix(), reopened.toMatrix(), "original of the second");
  }

  @Test
  void rowsThatDifferFollowThoseThatAreNamed() {
    Parameter p = new Parameter("w", new DMatrixRMaj(4, 1, true, 0, 1, 2, 3));
    RowJournal journal = p.journal(new DMatrixRMaj(4, 1, true, 0, 9, 9, 3), Indices.of(3, 2));
    assertEquals(Indices.of(3, 2, 1), journal.rows().toIndices());
    assertArrayEquals(new double[] {0, 9, 9, 3}, journal.toMatrix().data);
    assertEquals(
        "parameter \"w\": index 4 at position 1 is out of range (there are 4 rows, counted from 0).",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> p.journal(new DMatrixRMaj(4, 1), Indices.of(0, 4)))
            .getMessage());
  }

  @Test
  void costsTheRowsThatMoved() {
    Parameter p = new Parameter("w", new DMatrixRMaj(1000, 10));
    RowJournal journal = p.journal();
    assertEquals(0, journal.bytes());
    for (int row = 0; row < 20; row++) {
      p.set(40 * row, 3, 1.0);
    }
    assertEquals(20, journal.rows().size());
    assertTrue(journal.bytes() <= 2 * 20 * 10 * 8, () -> journal.bytes() + " bytes");
    assertEquals("original of \"w\", 20 of 1000 rows moved", journal.toString());
    p.update(values -> {});
    assertEquals(1000 * 10 * 8, journal.bytes());
    assertFalse(journal.isByRows());
    assertEquals("original of \"w\", all rows kept", journal.toString());
  }

  @Test
  void isSharedUntilTheNextWrite() {
    Parameter p = new Parameter("w", new DMatrixRMaj(3, 2));
    RowJournal first = p.journal();
    assertSame(first, p.journal());
    p.set(0, 0, 1.0);
    RowJournal second = p.journal();
    assertNotSame(first, second);
    assertSame(second, p.journal());
    assertEquals(0.0, first.toMatrix().get(0, 0));
    assertEquals(1.0, second.toMatrix().get(0, 0));
  }
}
