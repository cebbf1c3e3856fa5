package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * An update rule under given gradients. The gradients come from a loss that has them: the sum of
 * {@code g ⊙ w} over the parameters, without those that have none in that step.
 */
record TrajectoryRunner() implements Runner {

  @Override
  public Tolerance tolerance() {
    return Tolerance.TRAJECTORY;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    Fields attrs = reference.attrs();
    Walk walk = Walk.from(reference.inputs("params"));
    Optimizer.Builder builder = Optimizer.builder();
    Set<String> negated = new HashSet<>();
    int number = 0;
    for (Fields group : fields.objects("groups")) {
      List<String> names = group.texts("params");
      Fields own = attrs.with(group.object("overrides"));
      Parameter[] members =
          names.stream()
              .map(name -> walk.parameter(name, group.place("params")))
              .toArray(Parameter[]::new);
      builder.group("group " + number++, Scope.of(members), Rules.of(reference.op(), own));
      if (!Rules.canMaximize(reference.op()) && own.flag("maximize", false)) {
        negated.addAll(names);
      }
      own.requireAllRead("\"" + reference.op() + "\"", "clip", "scheduler");
    }
    if (attrs.has("clip")) {
      Fields clip = attrs.object("clip");
      ClipRunner.clip(builder, clip.text("type"), clip);
      clip.requireAllRead("clipping");
    }
    if (attrs.has("scheduler")) {
      builder.schedule(Rates.of(attrs.object("scheduler")));
    }
    Optimizer optimizer = builder.build();
    int steps = fields.integer("steps");
    Map<String, List<double @Nullable []>> gradients = gradients(fields, walk, steps);
    List<double[]> rates = fields.has("lrs") ? fields.numberLists("lrs") : List.of();
    if (!rates.isEmpty() && rates.size() != steps) {
      throw CaseException.at("lrs", "has " + rates.size() + " steps (need " + steps + ").");
    }
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        if (!rates.isEmpty()) {
          double[] actual =
              optimizer.groups().stream().mapToDouble(optimizer::learningRate).toArray();
          check.numbers("lrs", "in step " + t, rates.get(t), actual);
        }
        Variable loss = loss(tape, walk, gradients, negated, t);
        if (loss != null) {
          optimizer.step(tape.gradients(loss));
        } else {
          optimizer.restore(optimizer.steps() + 1); // nothing moves, but the schedule goes on
        }
        tape.reset();
        walk.note();
      }
    }
    walk.compare(check, "trajectory", fields.object("trajectory"));
  }

  private static Map<String, List<double @Nullable []>> gradients(
      Fields fields, Walk walk, int steps) {
    Fields given = fields.object("gradients");
    Map<String, List<double @Nullable []>> gradients = new LinkedHashMap<>();
    walk.parameters()
        .forEach(
            (name, parameter) -> {
              List<double @Nullable []> list = given.numberListsOrNulls(name);
              if (list.size() != steps) {
                throw CaseException.at(
                    given.place(name), "has " + list.size() + " steps (need " + steps + ").");
              }
              for (int t = 0; t < steps; t++) {
                double[] gradient = list.get(t);
                if (gradient != null && gradient.length != parameter.shape().size()) {
                  throw CaseException.at(
                      given.place(name) + "[" + t + "]",
                      "has "
                          + gradient.length
                          + " numbers, the parameter is "
                          + parameter.shape()
                          + ".");
                }
              }
              gradients.put(name, list);
            });
    given.requireAllRead("this training");
    return gradients;
  }

  private static @Nullable Variable loss(
      Tape tape,
      Walk walk,
      Map<String, List<double @Nullable []>> gradients,
      Set<String> negated,
      int step) {
    Variable sum = null;
    for (Map.Entry<String, List<double @Nullable []>> entry : gradients.entrySet()) {
      double[] gradient = entry.getValue().get(step);
      if (gradient != null) {
        Parameter parameter = walk.parameter(entry.getKey(), "gradients");
        DMatrixRMaj weights = DMatrixRMaj.wrap(parameter.rows(), parameter.cols(), gradient);
        Variable term = parameter.on(tape).elementMult(tape.constant(weights)).sum();
        term = negated.contains(entry.getKey()) ? term.negative() : term;
        sum = sum == null ? term : sum.plus(term);
      }
    }
    return sum;
  }
}
