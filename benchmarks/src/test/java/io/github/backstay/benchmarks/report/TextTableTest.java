package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.report.Table.Column;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void wordsStandLeftAndNumbersRight() {
    Table table =
        new Table("Results", Column.text("embeddings"), Column.number("loss"), Column.text("note"))
            .row("free", "0.5", "")
            .row("data-bug ‖W‖", "10.25", "the bug");
    assertEquals(
        """
        Results
        embeddings     loss  note
        ------------  -----  -------
        free            0.5
        data-bug ‖W‖  10.25  the bug
        """,
        TextTable.format(table));
  }

  @Test
  void tableWithoutCaptionAndRowsIsItsHeadings() {
    assertEquals("a\n-\n", TextTable.format(new Table("", Column.text("a"))));
  }

  @Property(tries = 200)
  void everyRowIsOneLineWithAlignedColumns(
      @ForAll @Size(min = 1, max = 6) List<@Size(2) List<String>> rows) {
    Table table = new Table("", Column.text("x"), Column.number("y"));
    for (List<String> row : rows) {
      table.row(row.get(0), "[" + row.get(1) + "]");
    }
    List<String> lines = TextTable.format(table).lines().toList();
    // Some characters besides LF end a line; String.lines() knows only CR and LF, both replaced.
    assertEquals(rows.size() + 2, lines.size());
    int width = lines.get(1).length();
    for (String line : lines.subList(2, lines.size())) {
      assertEquals(width, line.codePointCount(0, line.length()));
      assertTrue(line.endsWith("]"), line);
    }
  }

  @Test
  void rowsMustHaveOneCellAColumn() {
    Table table = new Table("", Column.text("a"), Column.text("b"));
    assertEquals(
        "row: there are 1 cells, the table has 2 columns (must be the same).",
        assertThrows(IllegalArgumentException.class, () -> table.row("x")).getMessage());
    assertEquals(
        "table: there are no columns (need at least one).",
        assertThrows(IllegalArgumentException.class, () -> new Table("")).getMessage());
  }
}
