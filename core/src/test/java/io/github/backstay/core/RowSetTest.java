package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowSetTest {

  @Property(tries = 200)
  void behavesLikeAMapFromRowsToTheOrderOfTheirFirstUse(
      @ForAll @Size(max = 200) List<@IntRange(max = 300) Integer> rows, @ForAll boolean reused) {
    RowSet set = new RowSet();
    if (reused) {
      for (int row = 0; row < 100; row++) {
        set.add(3 * row);
      }
      set.clear();
      assertEquals(-1, set.find(3));
    }
    Map<Integer, Integer> expected = new LinkedHashMap<>();
    for (int row : rows) {
      int place = expected.computeIfAbsent(row, r -> expected.size());
      assertEquals(place, set.add(row));
    }
    assertEquals(expected.size(), set.size());
    for (int row = 0; row <= 300; row++) {
      assertEquals(expected.getOrDefault(row, -1), set.find(row));
    }
    int[] order = expected.keySet().stream().mapToInt(row -> row).toArray();
    assertEquals(Indices.of(order), set.toIndices());
    for (int place = 0; place < order.length; place++) {
      assertEquals(order[place], set.row(place));
      assertEquals(place, set.find(order[place])); // one after the other
    }
  }

  @Test
  void holdsRowsThatAreFarApart() {
    RowSet set = new RowSet();
    int[] rows = {Integer.MAX_VALUE, 0, 1 << 30, 7};
    for (int row : rows) {
      set.add(row);
    }
    assertEquals(Indices.of(rows), set.toIndices());
    assertEquals("4 rows", set.toString());
  }
}
