package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.conformance.Conformance;
import io.github.backstay.benchmarks.conformance.FamilyReport;
import io.github.backstay.benchmarks.conformance.FamilyReport.Worst;
import io.github.backstay.benchmarks.conformance.Outcome;
import io.github.backstay.benchmarks.conformance.Verdict;
import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backstay conformance DIR}: replays reference files of another library. */
@Command(
    name = "conformance",
    description = {
      "Replays the cases of reference files (values, gradients, trajectories that another library",
      "computed) and compares. Ends with exit code 1 if a case fails."
    })
final class ConformanceCommand implements Runnable {

  /** A family that fails as a whole would fill the screen; the file has every case. */
  private static final int SHOWN = 20;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Reference files, *.json or *.json.gz.")
  private Path directory = Path.of("");

  @Option(
      names = "--family",
      paramLabel = "F",
      description = "Replay this family only; may be given more than once.")
  private List<String> chosen = new ArrayList<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Write every outcome to a file.")
  private @Nullable Path json;

  /** What goes into the file: the counts of a family, and all its cases. */
  private record Row(
      String family,
      int passed,
      int failed,
      int skipped,
      int differsByChoice,
      Worst worstAbsolute,
      Worst worstRelative,
      List<Outcome> cases) {

    static Row of(FamilyReport report) {
      return new Row(
          report.family(),
          report.count(Verdict.PASSED),
          report.count(Verdict.FAILED),
          report.count(Verdict.SKIPPED),
          report.count(Verdict.DIFFERS_BY_CHOICE),
          report.worstAbsolute(),
          report.worstRelative(),
          report.outcomes());
    }
  }

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    Conformance conformance = Conformance.in(directory);
    Set<String> families = conformance.families();
    for (String family : chosen) {
      if (!families.contains(family)) {
        throw new ParameterException(
            command.commandLine(),
            "there is no family \""
                + family
                + "\" in "
                + directory
                + ". Found: "
                + String.join(", ", families));
      }
    }
    List<FamilyReport> reports =
        conformance.replay(chosen.isEmpty() ? families : new LinkedHashSet<>(chosen));
    PrintWriter out = command.commandLine().getOut();
    out.print(TextTable.format(table(reports)));
    out.println();
    out.println(
        count(reports, Verdict.PASSED)
            + " passed, "
            + count(reports, Verdict.FAILED)
            + " failed, "
            + count(reports, Verdict.SKIPPED)
            + " skipped, "
            + count(reports, Verdict.DIFFERS_BY_CHOICE)
            + " differ by choice");
    printCases(out, "Failed", Verdict.FAILED, reports);
    printCases(out, "Skipped", Verdict.SKIPPED, reports);
    printCases(out, "Differs by choice", Verdict.DIFFERS_BY_CHOICE, reports);
    if (json != null) {
      JsonFile.write(json, reports.stream().map(Row::of).toList());
    }
    int failed = count(reports, Verdict.FAILED);
    int all = reports.stream().mapToInt(report -> report.outcomes().size()).sum();
    if (failed > 0) {
      throw new CheckFailedException(failed + " of " + all + " cases failed");
    }
  }

  private static int count(List<FamilyReport> reports, Verdict verdict) {
    return reports.stream().mapToInt(report -> report.count(verdict)).sum();
  }

  private static Table table(List<FamilyReport> reports) {
    Table table =
        new Table(
            "Worst errors of the cases that passed; absolute: |a − e|, relative: |a − e|/max(1, |e|)",
            Column.text("family"),
            Column.number("passed"),
            Column.number("failed"),
            Column.number("skipped"),
            Column.number("differs"),
            Column.number("absolute"),
            Column.text("in"),
            Column.number("relative"),
            Column.text("in"));
    for (FamilyReport report : reports) {
      Worst absolute = report.worstAbsolute();
      Worst relative = report.worstRelative();
      table.row(
          report.family(),
          String.valueOf(report.count(Verdict.PASSED)),
          String.valueOf(report.count(Verdict.FAILED)),
          String.valueOf(report.count(Verdict.SKIPPED)),
          String.valueOf(report.count(Verdict.DIFFERS_BY_CHOICE)),
          String.format(Locale.ROOT, "%.1e", absolute.error()),
          absolute.name(),
          String.format(Locale.ROOT, "%.1e", relative.error()),
          relative.name());
    }
    return table;
  }

  private static void printCases(
      PrintWriter out, String heading, Verdict verdict, List<FamilyReport> reports) {
    boolean first = true;
    for (FamilyReport report : reports) {
      List<Outcome> outcomes = report.of(verdict);
      for (Outcome outcome : outcomes.subList(0, Math.min(SHOWN, outcomes.size()))) {
        if (first) {
          out.println();
          out.println(heading);
          first = false;
        }
        out.println(
            "  " + oneLine(report.family() + ", " + outcome.name() + ": " + outcome.detail()));
      }
      if (outcomes.size() > SHOWN) {
        out.println(
            "  " + report.family() + ": " + (outcomes.size() - SHOWN) + " more, see --json");
      }
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
