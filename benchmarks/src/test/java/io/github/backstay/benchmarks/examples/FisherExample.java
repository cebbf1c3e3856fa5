package io.github.backstay.benchmarks.examples;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Fisher;
import io.github.backstay.regularizers.Regularizer;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** What the Javadoc of the Fisher information shows. */
final class FisherExample {

  private final Parameter model = new Parameter("model", new DMatrixRMaj(1, 2));

  /** A number to be met by both entries. */
  private Variable loss(Tape tape, double example) {
    return model.on(tape).minus(example).square().sum().scale(0.5);
  }

  List<Regularizer> consolidation(List<Double> examples) {
    Fisher fisher = Fisher.empirical(model, examples, (tape, example) -> loss(tape, example));
    List<Regularizer> pulls = fisher.ewc(400.0);
    return pulls;
  }

  /** The value of the penalty after a step away from where the examples were learnt. */
  double penaltyAfter(List<Double> examples, double step) {
    List<Regularizer> pulls = consolidation(examples);
    model.set(0, 0, model.get(0, 0) + step);
    return pulls.get(0).value();
  }
}
