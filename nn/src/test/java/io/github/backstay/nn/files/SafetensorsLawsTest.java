package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.assertSame;
import static io.github.backstay.nn.files.TensorFiles.get;
import static io.github.backstay.nn.files.TensorFiles.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.ejml.data.DMatrixRMaj;

/** What is read is what was written; what was damaged is read as it stands or refused. */
class SafetensorsLawsTest {

  private Path file = Path.of("unset");

  @BeforeProperty
  void makeAFile() throws IOException {
    file = Files.createTempFile("laws", ".safetensors");
  }

  @AfterProperty
  void deleteTheFile() throws IOException {
    Files.delete(file);
  }

  @Provide
  Arbitrary<StateDict> states() {
    // Pairs of surrogates come as one character; half of one cannot be written.
    Arbitrary<String> texts =
        Arbitraries.strings()
            .ofMaxLength(12)
            .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
    Arbitrary<String> names = texts.filter(name -> !name.equals("__metadata__"));
    Arbitrary<DMatrixRMaj> matrices =
        Combinators.combine(
                Arbitraries.integers().between(0, 4),
                Arbitraries.integers().between(0, 4),
                Arbitraries.longs().array(long[].class).ofSize(16))
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

  @Property(seed = "1", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsReadIsWhatWasWrittenToTheBit(@ForAll("states") StateDict state) {
    Safetensors.write(file, state);
    assertSame(state, Safetensors.read(file));
    assertEquals(0, get(file).length % 8);
  }

  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void writingWhatWasReadGivesTheSameFile(@ForAll("states") StateDict state) {
    Safetensors.write(file, state);
    byte[] first = get(file);
    Safetensors.write(file, Safetensors.read(file));
    assertArrayEquals(first, get(file));
  }

  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aFileThatIsCutOffOrLongerIsRefused(
      @ForAll("states") StateDict state, @ForAll @IntRange(min = -40, max = 9) int change) {
    Safetensors.write(file, state);
    byte[] whole = get(file);
    int length = Math.max(0, whole.length + change);
    put(file, Arrays.copyOf(whole, length));
    if (length == whole.length) {
      assertSame(state, Safetensors.read(file));
    } else {
      String message =
          String.valueOf(
              assertThrows(StateFileException.class, () -> assertReadable(state)).getMessage());
      assertTrue(message.startsWith(file + ": "), message);
    }
  }

  private void assertReadable(StateDict state) {
    assertEquals(state.names(), Safetensors.read(file).names());
  }

  /** Every byte of one file, in turn, with every one of its bits changed and some others. */
  @Property(seed = "1", tries = 1, edgeCases = EdgeCasesMode.NONE)
  void oneChangedByteIsReadAsItStandsOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StateDict state =
        StateDict.builder()
            .put("a.weight", new Shape(2, 1), m -> Arrays.setAll(m.data, i -> random.nextDouble()))
            .put("b\u00e9", new Shape(1, 1), m -> m.data[0] = Double.NaN)
            .text("step", "1\t2")
            .build();
    Safetensors.write(file, state);
    byte[] whole = get(file);
    for (int at = 0; at < whole.length; at++) {
      for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 1 + random.nextInt(255)}) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) change;
        assertWholeOrRefused(damaged);
      }
    }
  }

  @Property(seed = "1", tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void aHeaderWithManyChangesIsReadAsItStandsOrRefused(
      @ForAll("states") StateDict state,
      @ForAll @Size(max = 8) List<@IntRange(max = 65535) Integer> changes) {
    byte[] header = Safetensors.header(file, state);
    String json = "{}[]\",:\\u0019 .-eE_adtypeshF64";
    for (int change : changes) {
      header[change % header.length] =
          change % 3 == 0
              ? (byte) (change >> 8)
              : (byte) json.charAt((change >> 4) % json.length());
    }
    long numbers = state.names().stream().mapToLong(name -> state.shape(name).size()).sum();
    assertContiguousOrRefused(header, 8 * numbers);
  }

  @Property(seed = "1", tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void anyHeaderIsReadAsItStandsOrRefused(
      @ForAll byte[] bytes, @ForAll @CharRange(from = '\t', to = '~') String text) {
    assertContiguousOrRefused(bytes, 0);
    assertContiguousOrRefused(("{\"" + text).getBytes(StandardCharsets.UTF_8), 0);
    assertContiguousOrRefused(
        ("{\"" + text + "\":{\"shape\":[" + text).getBytes(StandardCharsets.UTF_8), 8);
  }

  private void assertContiguousOrRefused(byte[] header, long dataLength) {
    List<TensorEntry> tensors;
    try {
      tensors = new HeaderReader(file, header, dataLength).tensors();
    } catch (StateFileException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
      return;
    }
    long end = 0;
    for (TensorEntry tensor : tensors) {
      assertEquals(end, tensor.begin());
      assertEquals((long) tensor.rows() * tensor.cols() * tensor.dtype().bytes, tensor.end() - end);
      end = tensor.end();
    }
    assertEquals(dataLength, end);
  }

  /**
   * Either the exception that is documented, or a state that fills the file: never anything else.
   */
  private void assertWholeOrRefused(byte[] bytes) {
    put(file, bytes);
    StateDict state;
    try {
      state = Safetensors.read(file);
    } catch (StateFileException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), e.getMessage());
      return;
    }
    long numbers = state.names().stream().mapToLong(name -> state.shape(name).size()).sum();
    assertTrue(2 * numbers <= bytes.length - 8, numbers + " numbers in " + bytes.length + " bytes");
  }
}
