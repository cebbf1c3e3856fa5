package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.assertSame;
import static io.github.backstay.nn.files.TensorFiles.bits;
import static io.github.backstay.nn.files.TensorFiles.bytes;
import static io.github.backstay.nn.files.TensorFiles.doubles;
import static io.github.backstay.nn.files.TensorFiles.get;
import static io.github.backstay.nn.files.TensorFiles.list;
import static io.github.backstay.nn.files.TensorFiles.longs;
import static io.github.backstay.nn.files.TensorFiles.put;
import static io.github.backstay.nn.files.TensorFiles.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

  @TempDir private Path directory = Path.of("unset");
  private Path file = Path.of("unset");

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("t.safetensors");
  }

  private StateDict read(byte... bytes) {
    put(file, bytes);
    return Safetensors.read(file);
  }

  private StateDict read(String header, double... values) {
    return read(bytes(header, doubles(values)));
  }

  private String refused(byte... bytes) {
    put(file, bytes);
    return refusal(file, () -> assertEquals(0, Safetensors.read(file).names().size()));
  }

  private String refused(String header, double... values) {
    return refused(bytes(header, doubles(values)));
  }

  private static String tensor(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":["
        + begin
        + ","
        + end
        + "]}";
  }

  // ---- writing --------------------------------------------------------------------------------

  @Test
  void writesTheBytesOfTheFormat() {
    StateDict state =
        StateDict.builder()
            .put("b", new DMatrixRMaj(new double[][] {{1.0, -2.0}}))
            .put("a\"é", new DMatrixRMaj(0, 3))
            .text("step", "7\n")
            .build();
    Safetensors.write(file, state);
    String header =
        "{\"__metadata__\":{\"step\":\"7\\u000a\"},"
            + "\"b\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
            + "\"a\\\"é\":{\"dtype\":\"F64\",\"shape\":[0,3],\"data_offsets\":[16,16]}}";
    int length = header.getBytes(StandardCharsets.UTF_8).length;
    assertArrayEquals(bytes(header + " ".repeat(-length & 7), doubles(1.0, -2.0)), get(file));
    assertSame(state, Safetensors.read(file));
  }

  @Test
  void writesNothingAsAnEmptyObject() {
    StateDict nothing = StateDict.builder().build();
    Safetensors.write(file, nothing);
    assertArrayEquals(bytes("{}      "), get(file));
    assertSame(nothing, Safetensors.read(file));
  }

  @Test
  void keepsEveryBit() {
    double payload = Double.longBitsToDouble(0x7ff8000000abcdefL);
    double negativeNan = Double.longBitsToDouble(0xfff8000000000001L);
    DMatrixRMaj values =
        new DMatrixRMaj(
            new double[][] {
              {Double.NaN, payload, negativeNan, -0.0},
              {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Math.PI}
            });
    StateDict state = StateDict.builder().put("x", values).build();
    Safetensors.write(file, state);
    assertArrayEquals(bits(values), bits(Safetensors.read(file).matrix("x")));
  }

  @Test
  void movesMatricesOfSeveralChunks() {
    DMatrixRMaj large = new DMatrixRMaj(123, 457); // 56,211 numbers; a chunk holds 8,192
    Arrays.setAll(large.data, i -> Math.sin(i));
    StateDict state =
        StateDict.builder().put("large", large).put("small", new DMatrixRMaj(1, 1)).build();
    Safetensors.write(file, state);
    assertSame(state, Safetensors.read(file));
  }

  @Test
  void rejectsNamesThatTheFormatCannotSay() {
    DMatrixRMaj matrix = new DMatrixRMaj(1, 1);
    assertEquals(
        "cannot be written: a matrix must not be named \"__metadata__\".",
        refusal(
            file,
            () ->
                Safetensors.write(file, StateDict.builder().put("__metadata__", matrix).build())));
    assertEquals(
        "cannot be written: \"x\ud800\" holds half a surrogate pair.",
        refusal(
            file,
            () -> Safetensors.write(file, StateDict.builder().put("x\ud800", matrix).build())));
    assertEquals(List.of(), list(directory));
  }

  // ---- reading --------------------------------------------------------------------------------

  @Test
  void readsScalarsAndRows() {
    StateDict state =
        read(
            "{\"scalar\":"
                + tensor("F64", "[]", 0, 8)
                + ",\"row\":"
                + tensor("F64", "[3]", 8, 32)
                + ",\"none\":"
                + tensor("F64", "[0]", 32, 32)
                + "}",
            5.0,
            1.0,
            2.0,
            3.0);
    assertEquals("1×1", state.shape("scalar").toString());
    assertEquals("1×3", state.shape("row").toString());
    assertEquals("1×0", state.shape("none").toString());
    assertArrayEquals(new double[] {1, 2, 3}, state.matrix("row").data);
  }

  @Test
  void widensOtherNumberFormatsExactly() {
    ByteBuffer data = ByteBuffer.allocate(20 + 14 + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : new float[] {0.1f, -0.0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY, 1e30f}) {
      data.putFloat(value);
    }
    for (int half : new int[] {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0xfc00, 0x3555}) {
      data.putShort((short) half);
    }
    for (int bfloat : new int[] {0x3f80, 0xc049, 0x7f80, 0x0001}) {
      data.putShort((short) bfloat);
    }
    StateDict state =
        read(
            bytes(
                "{\"f32\":"
                    + tensor("F32", "[5]", 0, 20)
                    + ",\"f16\":"
                    + tensor("F16", "[7]", 20, 34)
                    + ",\"bf16\":"
                    + tensor("BF16", "[2,2]", 34, 42)
                    + "}",
                data.array()));
    assertArrayEquals(
        new double[] {0.1f, -0.0, Float.MIN_VALUE, Double.POSITIVE_INFINITY, 1.0000000150474662e30},
        state.matrix("f32").data);
    assertArrayEquals(
        new double[] {1.0, -2.0, 65504.0, 0x1p-24, -0.0, Double.NEGATIVE_INFINITY, 0.333251953125},
        state.matrix("f16").data);
    assertArrayEquals(
        new double[] {1.0, -3.140625, Double.POSITIVE_INFINITY, 0x1p-133},
        state.matrix("bf16").data);
    assertArrayEquals(
        new double[] {Double.NaN},
        read(bytes("{\"n\":" + tensor("F16", "[]", 0, 2) + "}", (byte) 1, (byte) 0x7c))
            .matrix("n")
            .data);
  }

  @Test
  void readsIntegers() {
    ByteBuffer data = ByteBuffer.allocate(12 + 24).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(7).putInt(Integer.MIN_VALUE).putInt(-1);
    data.putLong((1L << 53) - 1).putLong(-3).putLong(1 - (1L << 53));
    StateDict state =
        read(
            bytes(
                "{\"i32\":"
                    + tensor("I32", "[3]", 0, 12)
                    + ",\"i64\":"
                    + tensor("I64", "[3,1]", 12, 36)
                    + "}",
                data.array()));
    assertArrayEquals(new double[] {7.0, -0x1p31, -1.0}, state.matrix("i32").data);
    assertArrayEquals(new double[] {0x1p53 - 1, -3.0, 1 - 0x1p53}, state.matrix("i64").data);
  }

  @Test
  void orderIsThatOfTheDataAsInTheReferenceReader() {
    StateDict state =
        read(
            "{\"b\":"
                + tensor("F64", "[1,1]", 8, 16)
                + ", \"__metadata__\" : {} ,\"empty\":"
                + tensor("F64", "[0,2]", 8, 8)
                + ",\"a\":"
                + tensor("F64", "[1,1]", 0, 8)
                + "} \n ",
            1.0,
            2.0);
    assertEquals(List.of("a", "empty", "b"), List.copyOf(state.names()));
    assertEquals(1.0, state.matrix("a").get(0, 0));
    assertEquals(2.0, state.matrix("b").get(0, 0));
  }

  @Test
  void readsEscapesAndUtf8() {
    StateDict state =
        read(
            "{\"__metadata__\":{\"\\u00e9\\n\\\"\\\\\\/\\b\\f\\r\\t\":\"é€\ud83d\ude00\\ud83D\\uDE00\"}}");
    assertEquals(Map.of("é\n\"\\/\b\f\r\t", "é€\ud83d\ude00\ud83d\ude00"), state.texts());
  }

  @Test
  void aTextMayHaveTheNameOfATensor() {
    StateDict state =
        read("{\"__metadata__\":{\"x\":\"of what\"},\"x\":" + tensor("F64", "[]", 0, 8) + "}", 1.0);
    assertEquals("of what", state.text("x"));
    assertEquals(1.0, state.matrix("x").get(0, 0));
  }

  // ---- what is refused ------------------------------------------------------------------------

  @Test
  void rejectsWhatIsNoFile() {
    assertEquals(
        "there is no such file.",
        refusal(file, () -> assertEquals(0, Safetensors.read(file).names().size())));
    assertEquals(
        "cannot be read: it is not a regular file.",
        refusal(directory, () -> assertEquals(0, Safetensors.read(directory).names().size())));
  }

  @Test
  void rejectsAHeaderThatCannotBe() {
    assertEquals(
        "has 3 bytes, too few for a header. It is no safetensors file, or cut off.",
        refused(new byte[3]));
    String noBrace = "the header does not begin with a brace. It is no safetensors file.";
    assertEquals(noBrace, refused(new byte[30]));
    assertEquals(noBrace, refused(" {}"));
    assertEquals(noBrace, refused("[]"));
    assertEquals(
        "the header is said to have 3 bytes (need at most 100000000, and no more than the 2 that"
            + " follow). It is no safetensors file, or cut off.",
        refused(Arrays.copyOf(bytes("{} "), 10)));
    byte[] negative = bytes("{}");
    Arrays.fill(negative, 0, 8, (byte) 0xff);
    assertEquals(
        "the header is said to have 18446744073709551615 bytes (need at most 100000000, and no"
            + " more than the 2 that follow). It is no safetensors file, or cut off.",
        refused(negative));
  }

  @Test
  void rejectsAHeaderBeyondTheLimitWithoutReadingIt() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(
          ByteBuffer.allocate(9)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(100_000_001)
              .put((byte) '{')
              .array());
      sparse.setLength(200_000_000); // a hole, which takes no room on the disk
    }
    assertEquals(
        "the header is said to have 100000001 bytes (need at most 100000000, and no more than the"
            + " 199999992 that follow). It is no safetensors file, or cut off.",
        refusal(file, () -> assertEquals(0, Safetensors.read(file).names().size())));
  }

  @Test
  void rejectsTensorsThatDoNotFillTheData() {
    String one = tensor("F64", "[1]", 0, 8);
    String second = tensor("F64", "[1]", 8, 16);
    assertEquals(
        "tensor \"b\" begins at 16 (need 8, where the one before it ends: tensors must neither"
            + " overlap nor leave gaps).",
        refused("{\"a\":" + one + ",\"b\":" + tensor("F64", "[1]", 16, 24) + "}", 1, 2, 3));
    assertEquals(
        "tensor \"b\" begins at 0 (need 8, where the one before it ends: tensors must neither"
            + " overlap nor leave gaps).",
        refused("{\"a\":" + one + ",\"b\":" + one + "}", 1));
    assertEquals(
        "tensor \"b\" begins at 8 (need 0, where the one before it ends: tensors must neither"
            + " overlap nor leave gaps).",
        refused("{\"b\":" + second + "}", 1, 2));
    assertEquals(
        "there are 16 bytes of data, the tensors end at 8 (both must be the same).",
        refused("{\"a\":" + one + "}", 1, 2));
    assertEquals(
        "there are 1 bytes of data, the tensors end at 0 (both must be the same).",
        refused(bytes("{}", (byte) 0)));
    assertEquals(
        "tensor \"b\" lies at [8, 16], but the file has 15 bytes of data. It is cut off or broken.",
        refused(
            bytes("{\"a\":" + one + ",\"b\":" + second + "}", Arrays.copyOf(doubles(1, 2), 15))));
    assertEquals(
        "tensor \"a\" lies at [8, 0], but the file has 8 bytes of data. It is cut off or broken.",
        refused("{\"a\":" + tensor("F64", "[1]", 8, 0) + "}", 1));
  }

  @Test
  void rejectsShapesThatCannotBe() {
    assertEquals(
        "tensor \"a\" has 8 bytes (need 16 for the shape [2, 1] in F64).",
        refused("{\"a\":" + tensor("F64", "[2,1]", 0, 8) + "}", 1));
    assertEquals(
        "tensor \"a\" has the shape [1, 2, 3] (need at most two dimensions).",
        refused("{\"a\":" + tensor("F64", "[1,2,3]", 0, 48) + "}", 1, 2, 3, 4, 5, 6));
    for (String shape :
        List.of("[65536, 65536]", "[4294967296, 4294967296]", "[0, 2147483648]", "[2147483647]")) {
      assertEquals(
          "tensor \"a\" has the shape " + shape + " (a matrix holds at most 2147483639 numbers).",
          refused("{\"a\":" + tensor("F64", shape, 0, 8) + "}", 1));
    }
    assertEquals(
        "header, byte 31: the number is too large.",
        refused("{\"a\":" + tensor("F64", "[0,9223372036854775808]", 0, 8) + "}", 1));
    String number = " (need an integer without sign and leading zeros).";
    assertEquals(
        "header, byte 29: found '-'" + number,
        refused("{\"a\":" + tensor("F64", "[-1]", 0, 8) + "}", 1));
    assertEquals(
        "header, byte 29: found '0'" + number,
        refused("{\"a\":" + tensor("F64", "[01]", 0, 8) + "}", 1));
    assertEquals(
        "header, byte 30: found '.' (need ',' or ']').",
        refused("{\"a\":" + tensor("F64", "[1.0]", 0, 8) + "}", 1));
    assertEquals(
        "header, byte 30: found 'e' (need ',' or ']').",
        refused("{\"a\":" + tensor("F64", "[1e3]", 0, 8) + "}", 1));
    assertEquals(
        "header, byte 61: there are more than 16 numbers in an array.",
        refused("{\"a\":" + tensor("F64", "[" + "1,".repeat(16) + "1]", 0, 8) + "}", 1));
  }

  @Test
  void rejectsOtherNumberFormats() {
    assertEquals(
        "tensor \"a\" has dtype \"U64\" (need F64, F32, F16, BF16, I32 or I64).",
        refused("{\"a\":" + tensor("U64", "[1]", 0, 8) + "}", 1));
  }

  @Test
  void rejectsIntegersThatADoubleDoesNotHold() {
    String header = "{\"n\":" + tensor("I64", "[2]", 0, 16) + "}";
    for (long beyond : new long[] {1L << 53, -(1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertEquals(
          "tensor \"n\" holds an integer of about "
              + (double) beyond
              + " (need less than 2^53 in size, to be exact as a double).",
          refused(bytes(header, longs(0, beyond))));
    }
  }

  @Test
  void rejectsFieldsThatAreMissingOrUnknown() {
    assertEquals(
        "tensor \"a\" lacks a field (need dtype, shape and data_offsets).",
        refused("{\"a\":{\"dtype\":\"F64\",\"shape\":[1]}}", 1));
    assertEquals(
        "tensor \"a\" has a field \"offsets\" (need dtype, shape and data_offsets).",
        refused("{\"a\":{\"dtype\":\"F64\",\"offsets\":[0,8]}}", 1));
    assertEquals(
        "tensor \"a\" has the data_offsets [0] (need two).",
        refused("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0]}}", 1));
  }

  @Test
  void rejectsNamesThatAreThereTwice() {
    String one = tensor("F64", "[1]", 0, 8);
    assertEquals(
        "header, byte 54: the name \"a\" is there twice.",
        refused("{\"a\":" + one + ",\"\\u0061\":" + one + "}", 1));
    assertEquals(
        "header, byte 24: the name \"x\" is there twice.",
        refused("{\"__metadata__\":{\"x\":\"\",\"x\":\"\"}}"));
    assertEquals(
        "header, byte 19: the name \"__metadata__\" is there twice.",
        refused("{\"__metadata__\":{},\"__metadata__\":{}}"));
    assertEquals(
        "header, byte 20: the name \"dtype\" is there twice.",
        refused("{\"a\":{\"dtype\":\"F64\",\"dtype\":\"F64\"}}"));
  }

  @Test
  void rejectsWhatIsNotJsonOfThisKind() {
    String[][] cases = {
      {"{", "1: found the end (need '\"')"},
      {"{}x", "2: found 'x' (need nothing after the last brace)"},
      {"{}{}", "2: found '{' (need nothing after the last brace)"},
      {"{,}", "1: found ',' (need '\"')"},
      {"{\"a\"}", "4: found '}' (need ':')"},
      {"{\"a\":1}", "5: found '1' (need '{')"},
      {"{\"__metadata__\":{},}", "19: found '}' (need '\"')"},
      {"{\"__metadata__\":{\"x\":1}}", "21: found '1' (need '\"')"},
      {"{\"__metadata__\":null}", "16: found 'n' (need '{')"},
      {"{\"__metadata__\":{\"x\":\"\"", "23: found the end (need ',' or '}')"},
      {"{\"a", "3: found the end (need '\"')"},
      {"{\"a\u0000", "3: there is a control character in a string"},
      {"{\u0000", "1: found byte 0 (need '\"')"},
      {"{\"\\x", "3: found 'x' (need one of \"\\/bfnrtu after a backslash)"},
      {"{\"\\", "3: found the end (need one of \"\\/bfnrtu after a backslash)"},
      {"{\"\\u12g4\"", "6: found 'g' (need four hexadecimal digits)"},
      {"{\"\\u12", "6: found the end (need four hexadecimal digits)"},
      {"{\"\\ud800\"", "8: there is half a surrogate pair in a string"},
      {"{\"\\ud800\\u0041\"", "14: there is half a surrogate pair in a string"},
      {"{\"\\ude00\"", "8: there is half a surrogate pair in a string"},
      {"{/**/}", "1: found '/' (need '\"')"},
      {"{'a':{}}", "1: found ''' (need '\"')"},
    };
    for (String[] wrong : cases) {
      assertEquals("header, byte " + wrong[1] + ".", refused(wrong[0]));
    }
  }

  @Test
  void doesNotFollowDeepNesting() {
    String field = "tensor \"a\" has a field \"a\" (need dtype, shape and data_offsets).";
    assertEquals(field, refused("{\"a\":".repeat(1_000_000)));
    assertEquals(
        "header, byte 15: found '[' (need an integer without sign and leading zeros).",
        refused("{\"a\":{\"shape\":" + "[".repeat(1_000_000)));
  }

  @Test
  void rejectsStringsThatAreNotUtf8() {
    byte[][] wrong = {
      {(byte) 0x80}, // a continuation by itself
      {(byte) 0xc3}, // cut off
      {(byte) 0xc0, (byte) 0xaf}, // longer than needed
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half a surrogate pair
      {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80}, // beyond Unicode
    };
    for (byte[] piece : wrong) {
      byte[] header = new byte[4 + piece.length];
      header[0] = '{';
      header[1] = '"';
      System.arraycopy(piece, 0, header, 2, piece.length);
      header[header.length - 2] = '"';
      header[header.length - 1] = '}';
      assertEquals("header, byte 2: the string is not UTF-8.", refused(bytes(header, new byte[0])));
    }
  }

  @Test
  void takesAsManyNamesAsItWritesAndNoMore() {
    StateDict.Builder state = StateDict.builder();
    for (int i = 0; i < 100_000; i++) {
      state.put("t" + i, new Shape(0, 0), m -> {}).text("x" + i, "");
    }
    Safetensors.write(file, state.build());
    assertEquals(state.build().names(), Safetensors.read(file).names());
    StateDict more = state.text("one more", "").build();
    byte[] header = get(file);
    String tooMany = refusal(file, () -> Safetensors.write(file, more));
    assertTrue(
        tooMany.startsWith(
            "cannot be written: the header would have 100000 tensors, 100001 texts and "),
        tooMany);
    assertArrayEquals(header, get(file));
  }

  @Test
  void rejectsMoreNamesThanAnyModelHas() {
    StringBuilder texts = new StringBuilder("{\"__metadata__\":{\"\":\"\"");
    StringBuilder tensors = new StringBuilder("{\"\":" + tensor("F64", "[0]", 0, 0));
    for (int i = 0; i < 100_000; i++) {
      texts.append(",\"").append(i).append("\":\"\"");
      tensors.append(",\"").append(i).append("\":").append(tensor("F64", "[0]", 0, 0));
    }
    String message = refused(texts.append("}}").toString());
    assertEquals(
        "there are too many texts (at most 100000).", message.substring(message.indexOf(':') + 2));
    message = refused(tensors.append("}").toString());
    assertEquals(
        "there are too many tensors (at most 100000).",
        message.substring(message.indexOf(':') + 2));
  }

  @Test
  void errorsShowNoControlCharactersAndNoEndlessNames() {
    assertEquals(
        "tensor \"?[31m"
            + "x".repeat(35)
            + "…\" lacks a field (need dtype, shape and data_offsets).",
        refused("{\"\\u001b[31m" + "x".repeat(1000) + "\":{}}"));
    StateFileException odd =
        assertThrows(
            StateFileException.class,
            () -> assertEquals(0, Safetensors.read(Path.of("no\nsuch")).names().size()));
    assertEquals("no?such: there is no such file.", odd.getMessage());
  }
}
