package io.github.backstay.benchmarks.conformance;

import io.github.backstay.optim.OneCycle;
import io.github.backstay.optim.Plateau;
import io.github.backstay.optim.Schedule;
import java.util.Arrays;
import java.util.List;

/** A schedule: the rate of each group in each step, and the momentum where it moves too. */
record ScheduleRunner() implements Runner {

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    Fields attrs = reference.attrs();
    double[] bases = attrs.numbers("baseLrs");
    if (attrs.has("max_lr")) { // where Backstay's own rate is the peak
      Arrays.fill(bases, attrs.number("max_lr"));
    }
    Schedule schedule = Rates.of(attrs);
    int steps = fields.integer("steps");
    List<double[]> rates = fields.numberLists("lrs");
    double[] metrics = fields.has("metrics") ? fields.numbers("metrics") : new double[0];
    if (rates.size() != steps) {
      throw CaseException.at("lrs", "has " + rates.size() + " steps (need " + steps + ").");
    }
    for (int t = 0; t < steps; t++) {
      double[] actual = new double[bases.length];
      for (int group = 0; group < bases.length; group++) {
        actual[group] = schedule.rate(t, bases[group]);
      }
      check.numbers("lrs", "in step " + t, rates.get(t), actual);
      if (schedule instanceof Plateau plateau && t < metrics.length) {
        plateau.report(metrics[t]);
      }
    }
    if (schedule instanceof OneCycle cycle && fields.has("momenta")) {
      List<double[]> momenta = fields.numberLists("momenta");
      check.require("momenta", momenta.size() == steps, "momenta has " + momenta.size() + " steps");
      for (int t = 0; t < momenta.size(); t++) {
        double[] actual = new double[bases.length];
        Arrays.fill(actual, cycle.momentum(t));
        check.numbers("momenta", "in step " + t, momenta.get(t), actual);
      }
    }
  }
}
