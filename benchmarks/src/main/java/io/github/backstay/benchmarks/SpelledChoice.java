package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.training.Rule;
import io.github.backstay.benchmarks.training.TrainingType;
import io.github.backstay.benchmarks.training.Treatment;
import io.github.backstay.nn.NegativeSampling;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code data-bug} and its like from the command line, as {@code toString} spells them. */
abstract class SpelledChoice<E extends Enum<E>> implements ITypeConverter<E> {

  private final E[] choices;

  private SpelledChoice(E[] choices) {
    this.choices = choices;
  }

  @Override
  public E convert(String value) {
    for (E choice : choices) {
      if (spelling(choice).equals(value)) {
        return choice;
      }
    }
    throw new TypeConversionException(
        "there is no \""
            + value
            + "\" (need one of "
            + Arrays.stream(choices).map(this::spelling).collect(Collectors.joining(", "))
            + ")");
  }

  /** How a choice is written. */
  String spelling(E choice) {
    return choice.toString();
  }

  /** What is done with the word vectors. */
  static final class OfTreatment extends SpelledChoice<Treatment> {
    OfTreatment() {
      super(Treatment.values());
    }
  }

  /** The training type. */
  static final class OfType extends SpelledChoice<TrainingType> {
    OfType() {
      super(TrainingType.values());
    }
  }

  /** The update rule. */
  static final class OfRule extends SpelledChoice<Rule> {
    OfRule() {
      super(Rule.values());
    }
  }

  /** The encoder. */
  static final class OfNetwork extends SpelledChoice<Network.Kind> {
    OfNetwork() {
      super(Network.Kind.values());
    }
  }

  /** How negatives are found. */
  static final class OfSampling extends SpelledChoice<NegativeSampling> {
    OfSampling() {
      super(NegativeSampling.values());
    }

    @Override
    String spelling(NegativeSampling choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
  }
}
