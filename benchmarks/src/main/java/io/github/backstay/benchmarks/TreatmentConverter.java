package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.experiments.Treatment;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code data-bug} and its siblings from the command line. */
final class TreatmentConverter implements ITypeConverter<Treatment> {

  @Override
  public Treatment convert(String value) {
    for (Treatment treatment : Treatment.values()) {
      if (treatment.toString().equals(value)) {
        return treatment;
      }
    }
    throw new TypeConversionException(
        "there is no \""
            + value
            + "\" (need one of "
            + Arrays.stream(Treatment.values())
                .map(Treatment::toString)
                .collect(Collectors.joining(", "))
            + ")");
  }
}
