package io.github.backstay.benchmarks.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Replays the cases of one file and judges them. For one thread. */
final class Replay implements ReferenceFile.Visitor {

  private final Vocabulary vocabulary = new Vocabulary();
  private final Map<String, Runner> runners =
      Map.ofEntries(
          Map.entry("program", new ProgramRunner(vocabulary)),
          Map.entry("hessian", new SecondOrderRunner(vocabulary)),
          Map.entry("grad_penalty", new SecondOrderRunner(vocabulary)),
          Map.entry("jacobian", new SecondOrderRunner(vocabulary)),
          Map.entry("nth_derivative", new SecondOrderRunner(vocabulary)),
          Map.entry("unrolled_sgd", new SecondOrderRunner(vocabulary)),
          Map.entry("function", new FunctionRunner(vocabulary)),
          Map.entry("graph_vs_data", new GraphVersusDataRunner(vocabulary)),
          Map.entry("pulls", new PullsRunner(vocabulary)),
          Map.entry("lasagne", new LasagneRunner()));
  private final Set<String> names = new HashSet<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  @Override
  public void found(JsonNode node) {
    String name = Case.nameOf(node, "case " + (outcomes.size() + 1));
    if (!names.add(name)) {
      outcomes.add(failed(name, "a case of this name came before it in the file."));
      return;
    }
    outcomes.add(judge(name, node));
  }

  @Override
  public void damaged(String place, String problem) {
    outcomes.add(failed(place, problem));
  }

  /** The outcomes of everything found so far, in order. */
  List<Outcome> outcomes() {
    return outcomes;
  }

  private Outcome judge(String name, JsonNode node) {
    Case reference;
    try {
      reference = Case.of(node);
    } catch (CaseException e) {
      return failed(name, String.valueOf(e.getMessage()));
    }
    try {
      Runner runner = runner(reference);
      Comparison check = new Comparison(Tolerance.of(reference.tags(), runner.tolerance()));
      runner.run(reference, check);
      return verdict(reference, check);
    } catch (CaseException e) {
      return e.isUnknown() && reference.tags().contains("optional")
          ? new Outcome(name, Verdict.SKIPPED, "optional, and " + e.getMessage(), 0.0, 0.0)
          : failed(name, String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      return failed(name, "threw " + e);
    } catch (OutOfMemoryError e) { // whatever the case has made is garbage by now
      return failed(name, "needs more memory than there is.");
    }
  }

  private Runner runner(Case reference) {
    Fields fields = reference.fields();
    if (!reference.kind().isEmpty()) {
      Runner runner = runners.get(reference.kind());
      if (runner == null) {
        throw CaseException.unknown("kind", reference.kind());
      }
      return runner;
    }
    if (fields.has("upstreams")) {
      return new LayerRunner();
    }
    if (reference.op().equals("lr_schedule")) {
      return new ScheduleRunner();
    }
    if (reference.op().startsWith("clip_grad_")) {
      return new ClipRunner();
    }
    if (fields.has("trajectory")) {
      return new TrajectoryRunner();
    }
    if (fields.has("args")) {
      return new OpRunner(vocabulary);
    }
    throw CaseException.unknown("op", reference.op());
  }

  private static Outcome verdict(Case reference, Comparison check) {
    String name = reference.name();
    if (check.isEmpty()) {
      return failed(name, "expects nothing, so that nothing was compared.");
    }
    if (check.differences().isEmpty()) {
      return new Outcome(name, Verdict.PASSED, "", check.worstAbsolute(), check.worstRelative());
    }
    for (Deviation deviation : Deviation.ALL) {
      if (deviation.explains(reference, check)) {
        return new Outcome(name, Verdict.DIFFERS_BY_CHOICE, deviation.reason(), 0.0, 0.0);
      }
    }
    int more = check.differences().size() - 1;
    return failed(
        name,
        check.differences().get(0)
            + (more == 0 ? "." : "; " + more + (more == 1 ? " more differs." : " more differ.")));
  }

  private static Outcome failed(String name, String detail) {
    return new Outcome(name, Verdict.FAILED, detail, 0.0, 0.0);
  }
}
