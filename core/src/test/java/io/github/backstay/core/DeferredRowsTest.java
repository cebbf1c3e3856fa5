package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Whoever reads a row sees it up to date, and only what is read is brought up to date. */
class DeferredRowsTest {

  /** Owes every row one update: adding 1 to it. */
  private static final class Owing implements DeferredRows {
    final boolean[] settled = new boolean[4];
    final List<String> asked = new ArrayList<>();

    @Override
    public RowSet rows() {
      RowSet rows = new RowSet();
      for (int row = 0; row < 3; row++) { // it never owes the last one
        rows.add(row);
      }
      return rows;
    }

    @Override
    public void settle(int row, DMatrixRMaj values) {
      asked.add(String.valueOf(row));
      pay(row, values);
    }

    @Override
    public void settleAll(DMatrixRMaj values) {
      asked.add("all");
      for (int row = 0; row < settled.length; row++) {
        pay(row, values);
      }
    }

    private void pay(int row, DMatrixRMaj values) {
      if (!settled[row]) {
        settled[row] = true;
        values.set(row, 0, values.get(row, 0) + 1.0);
      }
    }
  }

  private static Owing after(Consumer<Parameter> reading) {
    Parameter p = new Parameter("w", new DMatrixRMaj(4, 1));
    Owing owing = new Owing();
    p.defer(owing);
    owing.asked.clear();
    reading.accept(p);
    return owing;
  }

  private static void assertAsked(List<String> expected, Consumer<Parameter> reading) {
    assertEquals(expected, after(reading).asked);
  }

  @Test
  void readingTheParameterSettlesWhatIsRead() {
    assertAsked(List.of("2"), p -> assertEquals(1.0, p.get(2, 0)));
    assertAsked(List.of("all"), p -> assertEquals(1.0, p.toMatrix().get(3, 0)));
    DMatrixRMaj copy = new DMatrixRMaj(4, 1);
    assertAsked(List.of("all"), p -> p.copyTo(copy));
    assertEquals(1.0, copy.get(1, 0));
    assertAsked(List.of("all"), p -> assertEquals(1.0, p.journal().toMatrix().get(0, 0)));
    assertAsked(List.of(), p -> assertEquals(new Shape(4, 1), p.shape()));
  }

  @Test
  void writingSettlesFirst() {
    assertAsked(List.of("all"), p -> p.set(new DMatrixRMaj(4, 1)));
    assertAsked(List.of("1"), p -> p.set(1, 0, 5.0));
    assertAsked(List.of("all"), p -> p.update(values -> assertEquals(1.0, values.get(2, 0))));
    RowSet rows = new RowSet();
    rows.add(3);
    assertAsked(
        List.of("3"),
        p ->
            p.updateRows(
                rows,
                values -> {
                  assertEquals(1.0, values.get(3, 0));
                  assertEquals(0.0, values.get(2, 0));
                }));
  }

  @Test
  void lookingRowsUpOnATapeSettlesThoseRows() {
    try (Tape tape = Tape.create()) {
      assertAsked(
          List.of("2", "0"),
          p -> assertEquals(1.0, p.on(tape).gatherRows(2, 0).toMatrix().get(1, 0)));
      tape.reset();
      assertAsked(
          List.of("3", "1", "3"),
          p -> {
            Variable leaf = p.on(tape);
            Variable sum = leaf.gatherRows(3).plus(leaf.gatherRows(1, 3)).sum();
            assertEquals(4.0, sum.toDouble());
            assertEquals(3.0, tape.gradients(sum).of(p).get(3, 0));
          });
    }
  }

  @Test
  void everyOtherOpSettlesAllRows() {
    try (Tape tape = Tape.create()) {
      assertAsked(List.of("all"), p -> assertEquals(4.0, p.on(tape).sum().toDouble()));
      tape.reset();
      assertAsked(
          List.of("1", "all"),
          p -> {
            Variable leaf = p.on(tape);
            assertEquals(1.0, leaf.gatherRows(1).toDouble());
            assertEquals(4.0, leaf.square().sum().toDouble());
          });
      tape.reset();
      assertAsked(List.of("all"), p -> assertEquals(1.0, p.on(tape).toMatrix().get(2, 0)));
      tape.reset();
      assertAsked(List.of("all", "all"), p -> assertEquals(1.0, p.on(tape).detach().get(2, 0)));
    }
  }

  @Test
  void handingOverSettlesEverythingFirst() {
    Parameter p = new Parameter("w", new DMatrixRMaj(4, 1));
    Owing first = new Owing();
    Owing second = new Owing();
    p.defer(first);
    p.defer(first);
    assertEquals(List.of(), first.asked);
    p.defer(second);
    assertEquals(List.of("all"), first.asked);
    p.defer(null);
    assertEquals(List.of("all"), second.asked);
    assertEquals(2.0, p.get(0, 0));
    assertEquals(List.of("all"), second.asked);
  }

  /** What is made up for is not written, so whoever keeps originals is told at the step before. */
  @Test
  void aJournalKeepsTheRowsThatAStepLeavesBehind() {
    Parameter p = new Parameter("w", new DMatrixRMaj(4, 1));
    Owing owing = new Owing();
    Arrays.fill(owing.settled, true);
    p.defer(owing);
    RowJournal journal = p.journal();
    RowSet second = new RowSet();
    second.add(1);
    p.updateRows(second, values -> values.set(1, 0, 5.0));
    Arrays.fill(owing.settled, 0, 1, false); // the first row is behind from here on
    assertEquals(0.0, journal.toMatrix().get(0, 0));
    assertEquals(1.0, p.get(0, 0));
    assertEquals(5.0, p.get(1, 0));
    assertArrayEquals(new double[4], journal.toMatrix().data);
    assertTrue(journal.rows().find(3) < 0, "what is never behind is not kept");
  }

  @Test
  void whatComesAfterSettlingFindsEverythingSettled() {
    Parameter p = new Parameter("w", new DMatrixRMaj(4, 1));
    Owing owing = new Owing();
    p.defer(owing);
    List<Boolean> found = new ArrayList<>();
    p.settleThen(() -> found.add(owing.settled[3]));
    assertEquals(List.of(true), found);
    assertEquals(1.0, p.get(3, 0));
  }
}
