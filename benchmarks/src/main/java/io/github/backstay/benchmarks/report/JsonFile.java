package io.github.backstay.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import java.nio.file.Path;

/** Numbers for other programs. */
public final class JsonFile {

  private JsonFile() {}

  /**
   * Writes a value as JSON, indented, as a whole or not at all. Doubles are written so that they
   * read back as the same doubles. JSON has no NaN and no infinity: they become the strings {@code
   * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
   *
   * @param file the file; replaced if there is one; missing directories are made
   * @param value records, maps, lists, arrays, numbers, text, enums
   * @throws DataException if the file cannot be written
   * @throws IllegalArgumentException if the value has a part that has no form in JSON
   */
  public static void write(Path file, Object value) {
    OutputFiles.write(file, format(value));
  }

  /**
   * The text that {@link #write} writes.
   *
   * @param value as there
   * @return JSON, with LF at the end of each line
   * @throws IllegalArgumentException if the value has a part that has no form in JSON
   */
  public static String format(Object value) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(indenter)
            .withSeparators(
                DefaultPrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(
                    Separators.Spacing.AFTER));
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("json: " + e.getOriginalMessage(), e);
    }
  }
}
