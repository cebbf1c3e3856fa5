package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which parameters something applies to: chosen by module, by name pattern, by hand, or as all but
 * some. Immutable; each step gives a new scope. A step that chooses nothing is an error, because a
 * misspelt name would otherwise leave every weight alone in silence.
 *
 * <pre>{@code
 * Scope.of(model).named("embedding.*")
 * Scope.of(model).allBut(model.output()).allBut("*.bias")
 * }</pre>
 */
public final class Scope implements Parameterized {

  private final List<Parameter> parameters;

  private Scope(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /**
   * All parameters of some modules, or some parameters by hand; each counts once.
   *
   * @param sources modules or parameters
   * @return the scope
   * @throws IllegalArgumentException if there is no parameter
   */
  public static Scope of(Parameterized... sources) {
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Parameter> all = new ArrayList<>();
    for (Parameterized source : sources) {
      for (Parameter parameter : source.parameters()) {
        if (seen.add(parameter)) {
          all.add(parameter);
        }
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException("scope: there are no parameters to choose from.");
    }
    return new Scope(Collections.unmodifiableList(all));
  }

  /**
   * Keeps the parameters whose name fits a pattern.
   *
   * @param patterns one or more, of which one must fit; {@code *} stands for any characters
   * @return the smaller scope
   * @throws IllegalArgumentException if a pattern fits no name
   */
  public Scope named(String... patterns) {
    List<Predicate<Parameter>> fits = new ArrayList<>();
    for (String pattern : patterns) {
      fits.add(fitting(pattern));
    }
    return keep(p -> fits.stream().anyMatch(fit -> fit.test(p)), "named(" + quoted(patterns) + ")");
  }

  /**
   * Leaves out the parameters whose name fits a pattern.
   *
   * @param patterns one or more; {@code *} stands for any characters
   * @return the smaller scope
   * @throws IllegalArgumentException if a pattern fits no name, or nothing is left
   */
  public Scope allBut(String... patterns) {
    List<Predicate<Parameter>> fits = new ArrayList<>();
    for (String pattern : patterns) {
      fits.add(fitting(pattern));
    }
    return keep(
        p -> fits.stream().noneMatch(fit -> fit.test(p)), "allBut(" + quoted(patterns) + ")");
  }

  /**
   * Leaves out the parameters of a module, or one parameter.
   *
   * @param excluded what to leave out
   * @return the smaller scope
   * @throws IllegalArgumentException if none of them is in this scope, or nothing is left
   */
  public Scope allBut(Parameterized excluded) {
    Set<Parameter> out = Collections.newSetFromMap(new IdentityHashMap<>());
    out.addAll(excluded.parameters());
    if (parameters.stream().noneMatch(out::contains)) {
      throw new IllegalArgumentException(
          "scope: none of "
              + names(excluded.parameters())
              + " is in this scope, so leaving them out changes nothing. It holds: "
              + names(parameters)
              + ".");
    }
    return keep(p -> !out.contains(p), "leaving out " + names(excluded.parameters()));
  }

  private Predicate<Parameter> fitting(String pattern) {
    Pattern regex =
        Pattern.compile(
            Pattern.compile("\\*")
                .splitAsStream(pattern + "\0")
                .map(part -> part.replace("\0", ""))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    Predicate<Parameter> fits = p -> regex.matcher(p.name()).matches();
    if (parameters.stream().noneMatch(fits)) {
      throw new IllegalArgumentException(
          "scope: no parameter fits \"" + pattern + "\". There are: " + names(parameters) + ".");
    }
    return fits;
  }

  private Scope keep(Predicate<Parameter> wanted, String what) {
    List<Parameter> kept = parameters.stream().filter(wanted).toList();
    if (kept.isEmpty()) {
      throw new IllegalArgumentException(
          "scope: nothing is left of " + names(parameters) + " after " + what + ".");
    }
    return new Scope(kept);
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  private static String quoted(String[] patterns) {
    return patterns.length == 0 ? "" : "\"" + String.join("\", \"", patterns) + "\"";
  }

  private static String names(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return names(parameters);
  }
}
