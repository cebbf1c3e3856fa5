package io.github.backstay.benchmarks.training;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.nn.files.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * An encoder that was trained before, for the same or another task: its word vectors, found again
 * by word, and its other weights, found again by name.
 */
public final class Pretrained {

  private static final String ENCODER = "model.encoder";
  private static final String WORDS = "run.more.words";

  private final Path file;
  private final StateDict encoder;
  private final List<String> words;

  private Pretrained(Path file, StateDict encoder, List<String> words) {
    this.file = file;
    this.encoder = encoder;
    this.words = words;
  }

  /**
   * Reads what a training has saved.
   *
   * @param file a checkpoint of {@code train}
   * @return its encoder
   * @throws DataException if it is not such a file
   * @throws io.github.backstay.nn.files.StateFileException if it cannot be read
   */
  public static Pretrained read(Path file) {
    StateDict all = Safetensors.read(file);
    if (!all.texts().containsKey(WORDS)) {
      throw DataException.in(file, "has no words (need a file that train … --save has written).");
    }
    List<String> words = all.text(WORDS).lines().toList();
    return new Pretrained(file, all.below(ENCODER), words);
  }

  /** The words of a vocabulary as one text, one a line. */
  static String text(Vocabulary vocabulary) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < vocabulary.size(); row++) {
      text.append(vocabulary.word(row)).append('\n');
    }
    return text.toString();
  }

  /**
   * Puts the weights into a new model. Words that the file does not have keep their vectors.
   *
   * @param task model and data
   * @param vocabulary the rows of its words
   * @return how many of its words the file has
   * @throws DataException if the encoder is another one
   */
  public int into(Task task, Vocabulary vocabulary) {
    Parameter table = task.words().weight();
    int known = 0;
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Parameter> entry : task.encoder().namedParameters().entrySet()) {
      String name = entry.getKey();
      Parameter parameter = entry.getValue();
      if (!encoder.names().contains(name)
          || (parameter != table && !encoder.shape(name).equals(parameter.shape()))
          || (parameter == table
              && (encoder.shape(name).cols() != table.cols()
                  || encoder.shape(name).rows() != words.size()))) {
        missing.add(name + " " + parameter.shape());
      }
    }
    if (!missing.isEmpty()) {
      throw DataException.in(
          file,
          "holds another encoder: this one needs "
              + String.join(", ", missing)
              + ", the file has "
              + encoder.names()
              + ". Choose the same --model, sizes and width of vectors.");
    }
    for (Map.Entry<String, Parameter> entry : task.encoder().namedParameters().entrySet()) {
      DMatrixRMaj saved = encoder.matrix(entry.getKey());
      if (entry.getValue() != table) {
        entry.getValue().set(saved);
      } else {
        DMatrixRMaj rows = table.toMatrix();
        for (int i = 0; i < words.size(); i++) {
          int row = rowOf(words.get(i), vocabulary);
          if (row >= 0) {
            System.arraycopy(
                saved.data, i * saved.numCols, rows.data, row * rows.numCols, rows.numCols);
            known++;
          }
        }
        table.set(rows);
      }
    }
    return known;
  }

  /** The row of a word as it stands in {@link #text}, or −1. */
  private static int rowOf(String word, Vocabulary vocabulary) {
    if (word.equals(vocabulary.word(vocabulary.unknown()))) {
      return vocabulary.unknown();
    }
    int row = vocabulary.id(word);
    return row == vocabulary.unknown() ? -1 : row;
  }
}
