package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The regularizers that an optimizer applies to one parameter, by the way they are applied.
 *
 * @param coupled those whose gradients are added to that of the loss
 * @param decoupled those that make a step of their own before the rule
 * @param proximal the one that is mapped after the rule; of several, one after the other would not
 *     be the map of their sum
 */
record Pulls(
    List<Regularizer> coupled, List<Regularizer> decoupled, @Nullable Regularizer proximal) {

  /** Sorts those of some regularizers that cover a parameter. */
  static Pulls on(Parameter parameter, List<Regularizer> regularizers) {
    List<Regularizer> coupled = new ArrayList<>();
    List<Regularizer> decoupled = new ArrayList<>();
    List<Regularizer> proximal = new ArrayList<>();
    for (Regularizer regularizer : regularizers) {
      if (regularizer.covers(parameter)) {
        List<Regularizer> alike =
            switch (regularizer.application()) {
              case COUPLED -> coupled;
              case DECOUPLED -> decoupled;
              case PROXIMAL -> proximal;
              case IN_LOSS -> throw new IllegalArgumentException("refused by the builder");
            };
        alike.add(regularizer);
      }
    }
    if (proximal.size() > 1) {
      throw new IllegalArgumentException(
          "optimizer: "
              + proximal.size()
              + " proximal regularizers hold parameter \""
              + parameter.name()
              + "\" ("
              + proximal
              + "), and one map after the other is not the map of their sum (need at most one). Use"
              + " an elastic net, or make the others decoupled().");
    }
    return new Pulls(coupled, decoupled, proximal.isEmpty() ? null : proximal.get(0));
  }

  boolean isEmpty() {
    return coupled.isEmpty() && decoupled.isEmpty() && proximal == null;
  }

  /** All of them, in the order in which they act. */
  List<Regularizer> all() {
    List<Regularizer> all = new ArrayList<>(coupled);
    all.addAll(decoupled);
    if (proximal != null) {
      all.add(proximal);
    }
    return all;
  }
}
