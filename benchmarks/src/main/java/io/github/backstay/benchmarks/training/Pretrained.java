package io.github.backstay.benchmarks.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import io.github.backstay.nn.files.Safetensors;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * An encoder that was trained before, for the same or another task: its word vectors, found again
 * by word, and its other weights, found again by name.
 */
public final class Pretrained {

  private static final String ENCODER = "model.encoder";
  private static final String MORE = "run.more.";

  private final Path file;
  private final StateDict encoder;
  private final List<String> words;
  private final String network;

  private Pretrained(Path file, StateDict encoder, List<String> words, String network) {
    this.file = file;
    this.encoder = encoder;
    this.words = words;
    this.network = network;
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
    for (String text : List.of(SavedRuns.WORDS, SavedRuns.SETUP)) {
      if (!all.texts().containsKey(MORE + text)) {
        throw DataException.in(file, "has no " + text + " (need what train … --save has written).");
      }
    }
    String text = all.text(MORE + SavedRuns.WORDS);
    List<String> words = List.of(text.split("\n", -1));
    if (new HashSet<>(words).size() != words.size()) {
      throw DataException.in(file, "has a word twice, so that its rows cannot be told apart.");
    }
    JsonNode setup;
    try {
      setup = new ObjectMapper().readTree(all.text(MORE + SavedRuns.SETUP));
    } catch (JsonProcessingException e) {
      throw DataException.in(file, "does not tell its setup: " + e.getOriginalMessage(), e);
    }
    return new Pretrained(
        file, all.below(ENCODER), words, setup.path(Experiment.NETWORK).asText("none"));
  }

  /** The words of a vocabulary as one text, one a line; the row of all others is an empty one. */
  static String text(Vocabulary vocabulary) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < vocabulary.unknown(); row++) {
      text.append(vocabulary.word(row)).append('\n');
    }
    return text.toString();
  }

  /**
   * Puts the weights into a new model. Words that the file does not have keep their vectors.
   *
   * @param task model and data
   * @param network what the encoder is, as the setup of a training says it
   * @param vocabulary the rows of its words
   * @return how many of its rows the file has
   * @throws DataException if the encoder is another one
   */
  int into(Task task, String network, Vocabulary vocabulary) {
    if (!this.network.equals(network)) {
      throw DataException.in(
          file,
          "holds another encoder, "
              + this.network
              + ", not "
              + network
              + " (choose the same --model, --width and --layers).");
    }
    Parameter table = task.words().weight();
    Map<String, Parameter> parameters = task.encoder().namedParameters();
    Map<String, Shape> needed = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) ->
            needed.put(
                name,
                parameter == table ? new Shape(words.size(), table.cols()) : parameter.shape()));
    try {
      encoder.requireExactly(needed);
    } catch (IllegalArgumentException e) {
      throw DataException.in(file, "holds another encoder: " + e.getMessage(), e);
    }
    parameters.forEach(
        (name, parameter) -> {
          if (parameter != table) {
            parameter.set(encoder.matrix(name));
          }
        });
    DMatrixRMaj rows = table.toMatrix();
    int known = 0;
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      if (entry.getValue() == table) {
        known = copyRows(encoder.matrix(entry.getKey()), rows, vocabulary);
      }
    }
    table.set(rows);
    return known;
  }

  private int copyRows(DMatrixRMaj from, DMatrixRMaj to, Vocabulary vocabulary) {
    int known = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean others = i == words.size() - 1; // the row of all others is the last
      int row = others ? vocabulary.unknown() : vocabulary.rowOf(words.get(i));
      if (row >= 0) {
        System.arraycopy(from.data, i * from.numCols, to.data, row * to.numCols, to.numCols);
        known++;
      }
    }
    return known;
  }
}
