package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.assertSame;
import static io.github.backstay.nn.files.TensorFiles.bytes;
import static io.github.backstay.nn.files.TensorFiles.doubles;
import static io.github.backstay.nn.files.TensorFiles.get;
import static io.github.backstay.nn.files.TensorFiles.list;
import static io.github.backstay.nn.files.TensorFiles.longs;
import static io.github.backstay.nn.files.TensorFiles.put;
import static io.github.backstay.nn.files.TensorFiles.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaFileTest {

  @TempDir private Path directory = Path.of("unset");
  private Path base = Path.of("unset");
  private Path delta = Path.of("unset");

  /** Words that are 4×2, and a bias. */
  private final DMatrixRMaj words =
      new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});

  private final DMatrixRMaj bias = new DMatrixRMaj(new double[][] {{0.5, -0.5}});

  @BeforeEach
  void writeTheBase() {
    base = directory.resolve("base.safetensors");
    delta = directory.resolve("delta.safetensors");
    Safetensors.write(base, StateDict.builder().put("words", words).put("bias", bias).build());
  }

  private DMatrixRMaj withRow(int row, double... values) {
    DMatrixRMaj moved = words.copy();
    System.arraycopy(values, 0, moved.data, 2 * row, 2);
    return moved;
  }

  private StateDict written(StateDict state) {
    DeltaFile.write(delta, base, state);
    StateDict read = DeltaFile.read(delta, base);
    assertSame(state, read);
    return Safetensors.read(delta);
  }

  // ---- the form -------------------------------------------------------------------------------

  @Test
  void keepsTheRowsThatMovedAndTheirValues() {
    StateDict kept =
        written(
            StateDict.builder()
                .put("words", withRow(2, 5, -6))
                .put("bias", bias)
                .integer("step", 7)
                .build());
    assertEquals(List.of("rows.words", "values.words"), List.copyOf(kept.names()));
    assertArrayEquals(new double[] {2}, kept.matrix("rows.words").data);
    assertArrayEquals(new double[] {5, -6}, kept.matrix("values.words").data);
    assertEquals(
        List.of(
            "format",
            "version",
            "base.name",
            "base.sha256",
            "matrix.words",
            "matrix.bias",
            "state.step"),
        List.copyOf(kept.texts().keySet()));
    assertEquals("base.safetensors", kept.text("base.name"));
    assertEquals("rows", kept.text("matrix.words"));
    assertEquals("same", kept.text("matrix.bias"));
    assertEquals("7", kept.text("state.step"));
    String header = new String(get(delta), StandardCharsets.UTF_8);
    assertTrue(
        header.contains("\"rows.words\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}"),
        header);
  }

  @Test
  void theChecksumIsThatOfTheBytesOfTheFile() {
    put(base, bytes("{}"));
    // printf '\x02\x00\x00\x00\x00\x00\x00\x00{}' | sha256sum
    assertEquals("411a485216e432ece6b9af94fa32154cf79a2a56d4f81266baa50063f45092bd", sha());
  }

  @Test
  void comparesByTheBits() {
    StateDict kept =
        written(
            StateDict.builder()
                .put("words", words)
                .put("bias", new DMatrixRMaj(new double[][] {{0.5, -0.5}}))
                .build());
    assertEquals(List.of(), List.copyOf(kept.names()));
    DMatrixRMaj odd = new DMatrixRMaj(3, 4);
    odd.set(0, 0, Double.NaN);
    odd.set(1, 1, Double.NaN);
    Safetensors.write(base, StateDict.builder().put("odd", odd).build());
    DMatrixRMaj after = odd.copy();
    after.set(1, 1, Double.longBitsToDouble(0x7ff8000000abcdefL)); // another NaN
    after.set(2, 2, -0.0);
    kept = written(StateDict.builder().put("odd", after).build());
    assertArrayEquals(new double[] {1, 2}, kept.matrix("rows.odd").data);
  }

  @Test
  void keepsWholeWhatTheBaseDoesNotHave() {
    StateDict kept =
        written(
            StateDict.builder()
                .put("head", bias)
                .put("words", new DMatrixRMaj(5, 2))
                .put("bias", new DMatrixRMaj(2, 1))
                .build());
    assertEquals(List.of("whole.head", "whole.words", "whole.bias"), List.copyOf(kept.names()));
  }

  @Test
  void keepsWholeWhatIsShorterSo() {
    DMatrixRMaj two = withRow(0, 9, 9);
    two.set(3, 0, 9); // 2 rows of 2 numbers and their row numbers: 6 numbers of 8
    assertEquals(
        "rows", written(StateDict.builder().put("words", two).build()).text("matrix.words"));
    two.set(1, 1, 9); // 9 of 8
    assertEquals(
        "whole", written(StateDict.builder().put("words", two).build()).text("matrix.words"));
  }

  @Test
  void leavesOutWhatTheStateDoesNotHave() {
    written(StateDict.builder().put("bias", bias).build());
    written(StateDict.builder().build());
  }

  @Test
  void keepsTheOrderAndTheTextsOfTheState() {
    Safetensors.write(
        base, StateDict.builder().put("a", bias).put("b", words).text("of", "the base").build());
    written(
        StateDict.builder()
            .put("b", words)
            .put("new.", bias)
            .put("", bias)
            .put("a", bias)
            .text("format", "its own")
            .text("matrix.b", "")
            .build());
  }

  @Test
  void aBaseInSinglePrecisionCountsAsTheDoublesThatItBecomes() {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : new float[] {0.1f, -0.0f, 1e30f, Float.MIN_VALUE, 3f, 4f}) {
      data.putFloat(value);
    }
    put(
        base,
        bytes("{\"t\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}}", data.array()));
    DMatrixRMaj table = Safetensors.read(base).matrix("t");
    table.set(2, 0, 0.1);
    StateDict kept = written(StateDict.builder().put("t", table).build());
    assertArrayEquals(new double[] {2}, kept.matrix("rows.t").data);
  }

  @Test
  void isAsLargeAsTheRowsThatMovedNotAsTheMatrix() throws IOException {
    DMatrixRMaj table = new DMatrixRMaj(20_000, 10);
    Arrays.setAll(table.data, i -> Math.sin(i));
    Safetensors.write(base, StateDict.builder().put("t", table).build());
    long[] sizes = new long[3];
    int[] moved = {0, 100, 200};
    for (int i = 0; i < 3; i++) {
      for (int r = 0; r < moved[i]; r++) {
        table.set(97 * r, 3, -1.0);
      }
      written(StateDict.builder().put("t", table).build());
      sizes[i] = Files.size(delta);
    }
    assertTrue(sizes[0] < 300, () -> "equal: " + sizes[0] + " bytes");
    assertTrue(sizes[1] - 100 * 88 < 600, () -> "100 rows: " + sizes[1] + " bytes");
    assertTrue(
        Math.abs(sizes[2] - sizes[1] - 100 * 88) < 16, () -> "200 rows: " + sizes[2] + " bytes");
  }

  // ---- memory ---------------------------------------------------------------------------------

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void readingTakesOneTableAndTheRowNumbers() {
    DMatrixRMaj table = new DMatrixRMaj(100_000, 50);
    Arrays.setAll(table.data, i -> i);
    Safetensors.write(base, StateDict.builder().put("t", table).build());
    for (int r = 0; r < 50_000; r++) {
      table.set(2 * r, 7, -1.0);
    }
    StateDict state = StateDict.builder().put("t", table).build();
    DeltaFile.write(delta, base, state);
    long before = allocated();
    StateDict read = DeltaFile.read(delta, base);
    long taken = allocated() - before;
    assertSame(state, read);
    // One table of 40 MB, 0.4 MB of row numbers, and a view of the buffer per run of rows, which is
    // garbage at once; the values of the rows that moved alone would be 20 MB.
    assertTrue(taken < 8L * 100_000 * 50 * 5 / 4, () -> taken + " bytes");
    before = allocated();
    DeltaFile.write(delta, base, state);
    long forWriting = allocated() - before;
    assertTrue(forWriting < 8L * 100_000 * 50 / 4, () -> forWriting + " bytes");
  }

  // ---- what is refused ------------------------------------------------------------------------

  private String refused() {
    return refusal(delta, () -> assertEquals(0, DeltaFile.read(delta, base).names().size()));
  }

  private String sha() {
    try (TensorFile file = TensorFile.open(base)) {
      return file.sha256();
    }
  }

  /** A delta made by hand of one tensor of row numbers and one of values. */
  private void forge(String matrices, String rows, String values, byte[] numbers, byte[] data) {
    String header =
        "{\"__metadata__\":{\"format\":\"backstay-delta\",\"version\":\"1\",\"base.name\":\"b\","
            + "\"base.sha256\":\""
            + sha()
            + "\""
            + matrices
            + "},\"rows.words\":{"
            + rows
            + ",\"data_offsets\":[0,"
            + numbers.length
            + "]},\"values.words\":{"
            + values
            + ",\"data_offsets\":["
            + numbers.length
            + ","
            + (numbers.length + data.length)
            + "]}}";
    byte[] all = Arrays.copyOf(numbers, numbers.length + data.length);
    System.arraycopy(data, 0, all, numbers.length, data.length);
    put(delta, bytes(header, all));
  }

  private static final String MOVED = ",\"matrix.words\":\"rows\"";

  private String refusedRows(long... rows) {
    forge(
        MOVED,
        "\"dtype\":\"I64\",\"shape\":[" + rows.length + "]",
        "\"dtype\":\"F64\",\"shape\":[" + rows.length + ",2]",
        longs(rows),
        doubles(new double[2 * rows.length]));
    return refused();
  }

  @Test
  void rejectsRowNumbersThatAreNotAscendingOrNotThere() {
    String need = " (need ascending numbers from 0 to 3, each once).";
    assertEquals("tensor \"rows.words\" has row 4 at position 0" + need, refusedRows(4));
    assertEquals("tensor \"rows.words\" has row -1 at position 0" + need, refusedRows(-1));
    assertEquals("tensor \"rows.words\" has row 1 at position 1" + need, refusedRows(1, 1));
    assertEquals("tensor \"rows.words\" has row 0 at position 2" + need, refusedRows(1, 2, 0));
    assertEquals(
        "tensor \"rows.words\" has row 4294967296 at position 1" + need, refusedRows(0, 1L << 32));
    assertEquals(
        "tensor \"rows.words\" holds an integer of about 9.223372036854776E18 (need less than 2^53"
            + " in size, to be exact as a double).",
        refusedRows(0, Long.MAX_VALUE));
    assertEquals(
        "tensor \"rows.words\" has row 4 at position 4" + need, refusedRows(0, 1, 2, 3, 4, 5));
  }

  @Test
  void rejectsRowNumbersThatAreNoIntegers() {
    for (double wrong : new double[] {1.5, Double.NaN, 1.0}) {
      forge(
          MOVED,
          "\"dtype\":\"F64\",\"shape\":[1]",
          "\"dtype\":\"F64\",\"shape\":[1,2]",
          doubles(wrong),
          doubles(0, 0));
      assertEquals("tensor \"rows.words\" is 1×1 in F64 (need one dimension in I64).", refused());
    }
    forge(
        MOVED,
        "\"dtype\":\"I64\",\"shape\":[2,1]",
        "\"dtype\":\"F64\",\"shape\":[2,2]",
        longs(0, 1),
        doubles(0, 0, 0, 0));
    assertEquals("tensor \"rows.words\" is 2×1 in I64 (need one dimension in I64).", refused());
  }

  @Test
  void rejectsRowsAndValuesThatDisagree() {
    forge(
        MOVED,
        "\"dtype\":\"I64\",\"shape\":[2]",
        "\"dtype\":\"F64\",\"shape\":[1,2]",
        longs(0, 1),
        doubles(0, 0));
    String need = ": as many rows as row numbers, as many columns as the base).";
    assertEquals("tensor \"values.words\" is 1×2 (need 2×2" + need, refused());
    forge(
        MOVED,
        "\"dtype\":\"I64\",\"shape\":[1]",
        "\"dtype\":\"F64\",\"shape\":[1,3]",
        longs(0),
        doubles(0, 0, 0));
    assertEquals("tensor \"values.words\" is 1×3 (need 1×2" + need, refused());
  }

  @Test
  void rejectsTextsAndTensorsThatDisagree() {
    String rows = "\"dtype\":\"I64\",\"shape\":[1]";
    String values = "\"dtype\":\"F64\",\"shape\":[1,2]";
    Map<String, String> cases =
        Map.of(
            "",
            "tensor \"rows.words\" belongs to no matrix of the delta.",
            ",\"matrix.words\":\"same\"",
            "tensor \"rows.words\" belongs to no matrix of the delta.",
            ",\"matrix.words\":\"whole\"",
            "there is no tensor \"whole.words\", which the texts speak of.",
            ",\"matrix.words\":\"new\"",
            "matrix \"words\" is kept as \"new\" (need same, rows or whole).",
            MOVED + ",\"matrix.x\":\"same\"",
            "matrix \"x\" is kept as same, but the base does not have it.",
            MOVED + ",\"matrix.x\":\"rows\"",
            "matrix \"x\" is kept as rows, but the base does not have it.",
            MOVED + ",\"matrix.bias\":\"rows\"",
            "there is no tensor \"rows.bias\", which the texts speak of.",
            MOVED + ",\"more\":\"\"",
            "has a text \"more\", which deltas do not have.");
    cases.forEach(
        (texts, message) -> {
          forge(texts, rows, values, longs(1), doubles(0, 0));
          assertEquals(message, refused());
        });
    forge(MOVED, rows, values, longs(1), doubles(0, 0));
    assertArrayEquals(withRow(1, 0, 0).data, DeltaFile.read(delta, base).matrix("words").data);
  }

  @Test
  void rejectsAnotherBase() {
    DeltaFile.write(delta, base, StateDict.builder().put("words", withRow(1, 0, 0)).build());
    String needed = sha();
    byte[] other = get(base);
    other[other.length - 1] ^= 1;
    put(base, other);
    assertEquals(
        "is not the base of \"delta.safetensors\": its SHA-256 is "
            + sha()
            + " (need "
            + needed
            + ", that of \"base.safetensors\"). Give the file that the delta was written against.",
        refusal(base, () -> assertEquals(0, DeltaFile.read(delta, base).names().size())));
  }

  @Test
  void aBaseMayHaveAnotherName() throws IOException {
    StateDict state = StateDict.builder().put("words", withRow(1, 0, 0)).build();
    DeltaFile.write(delta, base, state);
    Path moved = Files.move(base, directory.resolve("moved"));
    assertSame(state, DeltaFile.read(delta, moved));
  }

  @Test
  void rejectsADeltaAsABaseAndABaseAsADelta() {
    StateDict state = StateDict.builder().put("words", withRow(1, 0, 0)).build();
    DeltaFile.write(delta, base, state);
    String noBase = "is a delta, not a base (need a file that holds every matrix whole).";
    Path second = directory.resolve("second");
    assertEquals(noBase, refusal(delta, () -> DeltaFile.write(second, delta, state)));
    assertEquals(
        noBase, refusal(delta, () -> assertEquals(0, DeltaFile.read(delta, delta).names().size())));
    assertEquals(
        "is no delta: the text \"format\" is not \"backstay-delta\". A file of whole matrices is"
            + " read with Safetensors.read.",
        refusal(base, () -> assertEquals(0, DeltaFile.read(base, delta).names().size())));
    assertEquals(List.of("base.safetensors", "delta.safetensors"), list(directory));
  }

  @Test
  void rejectsOtherVersionsAndMissingTexts() {
    String start = "{\"__metadata__\":{\"format\":\"backstay-delta\"";
    put(delta, bytes(start + ",\"version\":\"2\"}}"));
    assertEquals(
        "is a delta of version \"2\" (need 1). It was written by another release.", refused());
    put(delta, bytes(start + "}}"));
    assertEquals("is a delta without the text \"version\". It is broken.", refused());
    put(delta, bytes(start + ",\"version\":\"1\"}}"));
    assertEquals("is a delta without the text \"base.sha256\". It is broken.", refused());
    put(
        delta,
        bytes(start + ",\"version\":\"1\",\"base.name\":\"x\",\"base.sha256\":\"\\u001b[1m\"}}"));
    String message =
        refusal(base, () -> assertEquals(0, DeltaFile.read(delta, base).names().size()));
    assertTrue(message.contains("(need \"?[1m\", that of \"x\")"), message);
  }

  @Test
  void rejectsFilesThatAreCutOffOrMissing() {
    StateDict state = StateDict.builder().put("words", withRow(1, 0, 0)).build();
    DeltaFile.write(delta, base, state);
    byte[] whole = get(delta);
    for (int length = 0; length < whole.length; length++) {
      put(delta, Arrays.copyOf(whole, length));
      assertTrue(refused().length() > 10);
    }
    put(delta, whole);
    Path missing = directory.resolve("missing");
    assertEquals(
        "there is no such file.",
        refusal(missing, () -> assertEquals(0, DeltaFile.read(delta, missing).names().size())));
    assertEquals(
        "there is no such file.",
        refusal(missing, () -> DeltaFile.write(directory.resolve("new"), missing, state)));
    assertEquals(List.of("base.safetensors", "delta.safetensors"), list(directory));
  }

  @Test
  void neverWritesOverTheBase() throws IOException {
    byte[] before = get(base);
    StateDict state = StateDict.builder().put("words", withRow(1, 0, 0)).build();
    String message = "cannot be written: it is the base. Give the delta a name of its own.";
    assertEquals(message, refusal(base, () -> DeltaFile.write(base, base, state)));
    Path link = Files.createSymbolicLink(directory.resolve("link"), base);
    assertEquals(message, refusal(link, () -> DeltaFile.write(link, base, state)));
    assertArrayEquals(before, get(base));
  }

  @Test
  void leavesTheOldFileWhenItCannotWrite() {
    StateDict state = StateDict.builder().put("words", withRow(1, 0, 0)).build();
    DeltaFile.write(delta, base, state);
    byte[] before = get(delta);
    StateDict odd = StateDict.builder().put("x\ud800", new Shape(1, 1), m -> {}).build();
    assertEquals(
        "cannot be written: \"matrix.x\ud800\" holds half a surrogate pair.",
        refusal(delta, () -> DeltaFile.write(delta, base, odd)));
    assertArrayEquals(before, get(delta));
  }
}
