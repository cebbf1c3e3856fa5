package io.github.backstay.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A loss made of named terms. It refuses a term from which no trainable parameter can be reached: a
 * penalty computed from detached values changes the printed loss and nothing else, which is the
 * mistake this library began with.
 *
 * <pre>{@code
 * Objective objective = Objective.of("data", loss).plus("anchor", penalty);
 * optimizer.step(objective.gradients());
 * }</pre>
 *
 * <p>Immutable; lives as long as the tape's step.
 */
public final class Objective {

  /**
   * One named summand.
   *
   * @param name its name in messages and reports
   * @param value a 1×1 variable
   * @param detached whether it was added with {@link #plusDetached}
   */
  public record Term(String name, Variable value, boolean detached) {}

  private final List<Term> terms;
  private final Variable total;
  private final Map<String, Double> reported;
  private final long epoch;

  private Objective(List<Term> terms, Variable total, Map<String, Double> reported) {
    this.terms = terms;
    this.total = total;
    this.reported = reported;
    this.epoch = total.epoch;
  }

  /**
   * An objective of one term.
   *
   * @param name the term's name
   * @param value a 1×1 variable from which a trainable parameter can be reached
   * @return the objective
   * @throws IllegalArgumentException if no trainable parameter can be reached
   * @throws ShapeException if the value is not 1×1
   */
  public static Objective of(String name, Variable value) {
    Term term = new Term(name, requireReaching(name, value), false);
    return new Objective(List.of(term), value, Map.of());
  }

  /**
   * This objective and one more term.
   *
   * @param name the term's name, not used yet
   * @param value a 1×1 variable from which a trainable parameter can be reached
   * @return a new objective; its total is the sum
   * @throws IllegalArgumentException if no trainable parameter can be reached, or the name is taken
   * @throws ShapeException if the value is not 1×1
   */
  public Objective plus(String name, Variable value) {
    return with(new Term(name, requireReaching(name, value), false));
  }

  /**
   * This objective and a term that moves the printed value and nothing else. There is one honest
   * use: to show what that mistake does. To log a number use {@link #report}.
   *
   * @param name the term's name, not used yet
   * @param value a 1×1 variable from which no trainable parameter can be reached
   * @return a new objective; its total is the sum
   * @throws IllegalArgumentException if a parameter <em>can</em> be reached, or the name is taken
   * @throws ShapeException if the value is not 1×1
   */
  public Objective plusDetached(String name, Variable value) {
    requireScalar(name, value);
    if (value.reachesParameter()) {
      throw new IllegalArgumentException(
          "objective: term \""
              + name
              + "\" is not detached: trainable parameters can be reached from it. Use plus(…).");
    }
    return with(new Term(name, value, true));
  }

  private Objective with(Term term) {
    requireCurrent();
    if (term.value.tape != total.tape) {
      throw new IllegalArgumentException(
          "objective: term \""
              + term.name
              + "\" is on another tape than the terms before it (all must be on one).");
    }
    List<Term> more = new ArrayList<>(terms.size() + 1);
    for (Term other : terms) {
      if (other.name.equals(term.name)) {
        throw new IllegalArgumentException(
            "objective: there is a term \"" + term.name + "\" already. Give each its own name.");
      }
      more.add(other);
    }
    more.add(term);
    return new Objective(more, total.plus(term.value), reported);
  }

  /**
   * This objective and a number that is shown beside it. It is no part of the loss.
   *
   * @param name the number's name
   * @param number the number
   * @return a new objective with the same terms
   */
  public Objective report(String name, double number) {
    Map<String, Double> more = new LinkedHashMap<>(reported);
    more.put(name, number);
    return new Objective(terms, total, more);
  }

  /**
   * The sum of all terms.
   *
   * @return a 1×1 variable
   */
  public Variable total() {
    requireCurrent();
    return total;
  }

  /**
   * The value of the sum.
   *
   * @return a number
   */
  public double value() {
    return total().toDouble();
  }

  /**
   * The terms in the order in which they were added.
   *
   * @return an unmodifiable list
   */
  public List<Term> terms() {
    return Collections.unmodifiableList(terms);
  }

  /**
   * The numbers that were reported.
   *
   * @return names and numbers in order
   */
  public Map<String, Double> reported() {
    return Collections.unmodifiableMap(reported);
  }

  /**
   * The gradients of the sum.
   *
   * @return the gradients, usable until the tape is reset
   */
  public Gradients gradients() {
    return total.tape().gradients(total());
  }

  /**
   * What every term contributes: its value, and the norm of its gradient for every parameter. Costs
   * one reverse sweep per term.
   *
   * @return one line per term
   */
  public Audit audit() {
    requireCurrent();
    List<Audit.Line> lines = new ArrayList<>();
    for (Term term : terms) {
      Map<String, Double> norms = new LinkedHashMap<>();
      if (!term.detached) {
        Gradients gradients = total.tape().gradients(term.value);
        for (Parameter parameter : gradients.parameters()) {
          if (gradients.reaches(parameter)) {
            norms.merge(
                parameter.name(),
                Math.sqrt(gradients.of(parameter).squaredNorm()),
                StrictMath::hypot);
          }
        }
      }
      lines.add(new Audit.Line(term.name, term.value.toDouble(), term.detached, norms));
    }
    return new Audit(lines, total.toDouble(), reported());
  }

  /**
   * The value of every term and the size of its pull.
   *
   * @param lines one per term
   * @param total the sum
   * @param reported numbers shown beside the loss
   */
  public record Audit(List<Line> lines, double total, Map<String, Double> reported) {

    /**
     * Checks the values.
     *
     * @param lines one per term
     * @param total the sum
     * @param reported numbers shown beside the loss
     */
    public Audit {
      lines = List.copyOf(lines);
      reported = Collections.unmodifiableMap(new LinkedHashMap<>(reported));
    }

    /**
     * One term.
     *
     * @param term its name
     * @param value its value
     * @param detached whether it has no gradient at all
     * @param gradientNorms by parameter name, the Frobenius norm of the gradient; parameters that
     *     the term does not reach are absent, those of one name are taken together
     */
    public record Line(
        String term, double value, boolean detached, Map<String, Double> gradientNorms) {

      /**
       * Checks the values.
       *
       * @param term its name
       * @param value its value
       * @param detached whether it has no gradient at all
       * @param gradientNorms by parameter name, the Frobenius norm of the gradient; parameters that
       *     the term does not reach are absent, those of one name are taken together
       */
      public Line {
        gradientNorms = Collections.unmodifiableMap(new LinkedHashMap<>(gradientNorms));
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Line line : lines) {
        text.append(String.format(Locale.ROOT, "%-12s %.6g", line.term, line.value));
        text.append(line.detached ? "  DETACHED: no gradient" : "");
        line.gradientNorms.forEach(
            (name, norm) ->
                text.append(String.format(Locale.ROOT, "  ‖∂/∂%s‖ = %.3g", name, norm)));
        text.append('\n');
      }
      reported.forEach(
          (name, number) -> text.append(String.format(Locale.ROOT, "(%s = %.6g)%n", name, number)));
      return text.append(String.format(Locale.ROOT, "%-12s %.6g", "total", total)).toString();
    }
  }

  /** Also where the tape uses its variables again, an objective belongs to its own step. */
  private void requireCurrent() {
    if (total.epoch != epoch) {
      throw new IllegalStateException(
          "objective: it belongs to a step that has ended (the tape was reset). Make a new one in"
              + " every step.");
    }
  }

  private static Variable requireReaching(String name, Variable value) {
    requireScalar(name, value);
    if (!value.reachesParameter()) {
      CutPath cut = CutPath.from(value);
      throw new IllegalArgumentException(
          "objective: no trainable parameter can be reached from term \""
              + name
              + "\", so it would move the printed loss and no weight: "
              + cut.reason()
              + ". "
              + cut.remedy()
              + "; to log a number use report(\""
              + name
              + "\", value).");
    }
    return value;
  }

  private static void requireScalar(String name, Variable value) {
    if (value.rows() != 1 || value.cols() != 1) {
      throw new ShapeException(
          "objective: term \""
              + name
              + "\" is "
              + value.shape()
              + " but must be 1×1. Reduce it with sum() or mean().");
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("objective");
    for (Term term : terms) {
      text.append(text.length() == 9 ? " " : " + ").append(term.name);
      text.append(term.detached ? " (detached)" : "");
    }
    return text.toString();
  }
}
