package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.assertSame;
import static io.github.backstay.nn.files.TensorFiles.bytes;
import static io.github.backstay.nn.files.TensorFiles.get;
import static io.github.backstay.nn.files.TensorFiles.put;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.ejml.data.DMatrixRMaj;

/** Base and delta give the state, to the bit; what was damaged is read as it stands or refused. */
class DeltaFileLawsTest {

  private Path base = Path.of("unset");
  private Path delta = Path.of("unset");

  @BeforeProperty
  void makeFiles() throws IOException {
    base = Files.createTempFile("laws", ".base");
    delta = Files.createTempFile("laws", ".delta");
  }

  @AfterProperty
  void deleteTheFiles() throws IOException {
    Files.delete(base);
    Files.delete(delta);
  }

  /** Of any bits, under names that often are the same. */
  @Provide
  Arbitrary<StateDict> states() {
    Arbitrary<String> texts =
        Arbitraries.strings()
            .ofMaxLength(8)
            .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
    Arbitrary<String> names =
        Arbitraries.oneOf(Arbitraries.of("a", "b", "rows.a", "a.weight"), texts)
            .filter(name -> !name.equals("__metadata__"));
    Arbitrary<DMatrixRMaj> matrices =
        Combinators.combine(
                Arbitraries.integers().between(0, 6),
                Arbitraries.integers().between(0, 3),
                Arbitraries.longs().array(long[].class).ofSize(18))
            .as(
                (rows, cols, bits) -> {
                  DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
                  Arrays.setAll(matrix.data, i -> Double.longBitsToDouble(bits[i]));
                  return matrix;
                });
    return Combinators.combine(
            Arbitraries.maps(names, matrices).ofMaxSize(4),
            Arbitraries.maps(texts, texts).ofMaxSize(3))
        .as(
            (tensors, notes) -> {
              StateDict.Builder state = StateDict.builder();
              tensors.forEach(state::put);
              notes.forEach(state::text);
              return state.build();
            });
  }

  /** In which some matrices are missing, some entries are others, and the order is another. */
  private static StateDict changed(StateDict state, Random random) {
    List<String> names = new ArrayList<>(state.names());
    Collections.shuffle(names, random);
    StateDict.Builder changed = StateDict.builder();
    for (String name : names) {
      int what = random.nextInt(5);
      if (what > 0) {
        DMatrixRMaj matrix = state.matrix(name);
        for (int i = 0; i < what - 1 && matrix.data.length > 0; i++) {
          matrix.data[random.nextInt(matrix.data.length)] =
              random.nextBoolean() ? -0.0 : Double.longBitsToDouble(random.nextLong());
        }
        changed.put(name, matrix);
      }
    }
    state.texts().forEach(changed::text);
    return changed.build();
  }

  @Property(seed = "1", tries = 120, edgeCases = EdgeCasesMode.NONE)
  void baseAndDeltaGiveTheStateToTheBit(
      @ForAll("states") StateDict before, @ForAll("states") StateDict after, @ForAll long seed) {
    Safetensors.write(base, before);
    DeltaFile.write(delta, base, after);
    assertSame(after, DeltaFile.read(delta, base));
    StateDict near = changed(before, new Random(seed));
    DeltaFile.write(delta, base, near);
    assertSame(near, DeltaFile.read(delta, base));
    assertTrue(Safetensors.read(delta).names().size() <= 2 * near.names().size());
  }

  /** What a matrix takes is at most itself, and at most the rows that moved with their numbers. */
  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theNumbersKeptAreThoseOfTheRowsThatMoved(
      @ForAll("states") StateDict before, @ForAll long seed) {
    StateDict after = changed(before, new Random(seed));
    Safetensors.write(base, before);
    DeltaFile.write(delta, base, after);
    StateDict kept = Safetensors.read(delta);
    for (String name : after.names()) {
      Shape shape = after.shape(name);
      int moved = movedRows(before.values(name), after.values(name), shape.cols());
      long size = 0;
      for (String start : List.of("rows.", "values.", "whole.")) {
        size += kept.names().contains(start + name) ? kept.shape(start + name).size() : 0;
      }
      assertTrue(size <= Math.min(shape.size(), moved * (1L + shape.cols())), name + ": " + size);
    }
  }

  private static int movedRows(DoubleBuffer before, DoubleBuffer after, int cols) {
    int moved = 0;
    for (int r = 0; cols > 0 && r < after.limit() / cols; r++) {
      boolean same = true;
      for (int i = r * cols; i < (r + 1) * cols; i++) {
        same &=
            Double.doubleToRawLongBits(before.get(i)) == Double.doubleToRawLongBits(after.get(i));
      }
      moved += same ? 0 : 1;
    }
    return moved;
  }

  /** Any bits of single precision: what is compared is what reading gives. */
  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aBaseInSinglePrecisionDoes(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] numbers = new byte[4 * 12];
    random.nextBytes(numbers);
    put(
        base,
        bytes("{\"t\":{\"dtype\":\"F32\",\"shape\":[4,3],\"data_offsets\":[0,48]}}", numbers));
    StateDict same = Safetensors.read(base);
    DeltaFile.write(delta, base, same);
    assertSame(same, DeltaFile.read(delta, base));
    assertTrue(Safetensors.read(delta).names().isEmpty());
    StateDict near = changed(same, random);
    DeltaFile.write(delta, base, near);
    assertSame(near, DeltaFile.read(delta, base));
  }

  /** Every byte of one delta, in turn, changed in several ways. */
  @Property(seed = "1", tries = 1, edgeCases = EdgeCasesMode.NONE)
  void oneChangedByteIsReadAsItStandsOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    DMatrixRMaj table = new DMatrixRMaj(5, 2);
    Safetensors.write(base, StateDict.builder().put("t", table).put("u", table).build());
    table.set(3, 1, 7.0);
    DeltaFile.write(
        delta,
        base,
        StateDict.builder()
            .put("t", table)
            .put("u", new DMatrixRMaj(5, 2))
            .put("v", new DMatrixRMaj(1, 1))
            .text("step", "1")
            .build());
    byte[] whole = get(delta);
    for (int at = 0; at < whole.length; at++) {
      for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 1 + random.nextInt(255)}) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) change;
        put(delta, damaged);
        readOrRefuse();
      }
    }
  }

  private void readOrRefuse() {
    try {
      StateDict state = DeltaFile.read(delta, base);
      assertTrue(state.names().size() <= 3, state.toString());
    } catch (StateFileException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(delta + ": ") || message.startsWith(base + ": "), message);
    }
  }
}
