package io.github.backstay.nn.files;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import java.nio.file.Path;

/**
 * State dicts as files in the safetensors format (github.com/huggingface/safetensors), which most
 * libraries of the field read and write: eight bytes with the length of the header, little-endian;
 * the header, JSON that says of each tensor its name, number format, shape, and place in the data;
 * the data, row after row. A file holds numbers and texts only, so that reading one runs nothing.
 *
 * <pre>{@code
 * Safetensors.write(file, model.stateDict());
 * model.load(Safetensors.read(file));
 * }</pre>
 *
 * <p>Written are matrices of doubles ({@code F64}), to the bit, in the order of the state dict, and
 * its texts as the header's {@code __metadata__}. Read are also {@code F32}, {@code F16}, {@code
 * BF16}, {@code I32} and {@code I64}, which become doubles exactly (integers of 2⁵³ and more are
 * refused); a tensor of one dimension becomes a row, one without dimensions 1×1, and one of more
 * than two is refused, as are all other number formats.
 *
 * <p>A file is checked before its numbers are read: the header begins with a brace and has at most
 * 100,000,000 bytes, no name is there twice, and the tensors fill the data without gaps, overlaps,
 * or bytes left over. Stricter than the format are: at most 100,000 tensors and as many texts, no
 * other fields than the format's own. What is wrong is a {@link StateFileException}. Reading takes
 * the memory of the matrices and little more; writing takes none for them.
 */
public final class Safetensors {

  private Safetensors() {}

  // ---- writing --------------------------------------------------------------------------------

  /**
   * Writes a file, as a whole or not at all: nobody ever sees half of it, and after an error the
   * file that was there before is still there. Directories that are missing are made.
   *
   * @param file the file; replaced if there is one
   * @param state what to write
   * @throws StateFileException if the file cannot be written, or the format cannot say a name
   */
  public static void write(Path file, StateDict state) {
    byte[] header = header(file, state);
    AtomicFile.write(
        file,
        channel -> {
          NumberWriter numbers = new NumberWriter(channel);
          numbers.header(header);
          for (String name : state.names()) {
            numbers.doubles(state.values(name));
          }
          numbers.flush();
        });
  }

  /** The header that says where the matrices will lie; the file is what errors call it. */
  static byte[] header(Path file, StateDict state) {
    HeaderWriter header = new HeaderWriter(file);
    state.texts().forEach(header::text);
    for (String name : state.names()) {
      Shape shape = state.shape(name);
      header.tensor(name, Dtype.F64, shape.rows(), shape.cols());
    }
    return header.toBytes();
  }

  // ---- reading --------------------------------------------------------------------------------

  /**
   * Reads a file.
   *
   * @param file the file
   * @return the matrices in the order in which they lie in the file, and the texts
   * @throws StateFileException if it cannot be read, or is not what it should be
   */
  public static StateDict read(Path file) {
    try (TensorFile from = TensorFile.open(file)) {
      StateDict.Builder state = StateDict.builder();
      for (TensorEntry tensor : from.tensors()) {
        Shape shape = new Shape(tensor.rows(), tensor.cols());
        state.put(tensor.name(), shape, matrix -> from.read(tensor, matrix.data));
      }
      from.metadata().forEach(state::text);
      return state.build();
    }
  }
}
