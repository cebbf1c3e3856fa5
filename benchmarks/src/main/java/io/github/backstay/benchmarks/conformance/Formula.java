package io.github.backstay.benchmarks.conformance;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A formula in one variable t, such as {@code 1/(1+0.1*t)}: numbers, {@code + - * /}, {@code **}
 * for powers, brackets, and a few functions. Reads it anew for each value. For one thread.
 */
final class Formula {

  private static final Map<String, DoubleUnaryOperator> FUNCTIONS =
      Map.of(
          "sqrt",
          Math::sqrt,
          "exp",
          Math::exp,
          "log",
          Math::log,
          "cos",
          Math::cos,
          "sin",
          Math::sin);

  private static final Map<String, DoubleBinaryOperator> CHOICES =
      Map.of("min", Math::min, "max", Math::max, "pow", Math::pow);

  private final String text;
  private final double t;
  private int next;

  private Formula(String text, double t) {
    this.text = text.replaceAll("\\s+", "");
    this.t = t;
  }

  /**
   * The value of a formula.
   *
   * @throws CaseException if it cannot be read
   */
  static double at(String text, double t) {
    Formula formula = new Formula(text, t);
    double value = formula.sum();
    if (formula.next < formula.text.length()) {
      throw formula.error();
    }
    return value;
  }

  private double sum() {
    double value = product();
    while (true) {
      if (take("+")) {
        value += product();
      } else if (take("-")) {
        value -= product();
      } else {
        return value;
      }
    }
  }

  private double product() {
    double value = signed();
    while (true) {
      if (take("*")) {
        value *= signed();
      } else if (take("//")) {
        value = Math.floor(value / signed());
      } else if (take("/")) {
        value /= signed();
      } else {
        return value;
      }
    }
  }

  private double signed() {
    return take("-") ? -signed() : power();
  }

  private double power() {
    double base = atom();
    return take("**") ? Math.pow(base, signed()) : base;
  }

  private double atom() {
    if (take("(")) {
      double value = sum();
      if (!take(")")) {
        throw error();
      }
      return value;
    }
    int from = next;
    while (next < text.length() && isPartOfWord(from)) {
      next++;
    }
    String word = text.substring(from, next).replaceFirst("^math\\.", "");
    DoubleUnaryOperator function = FUNCTIONS.get(word);
    if (function != null && next < text.length() && text.charAt(next) == '(') {
      return function.applyAsDouble(atom());
    }
    DoubleBinaryOperator choice = CHOICES.get(word);
    if (choice != null && take("(")) {
      double first = sum();
      if (!take(",")) {
        throw error();
      }
      double value = choice.applyAsDouble(first, sum());
      if (!take(")")) {
        throw error();
      }
      return value;
    }
    if (word.equals("t")) {
      return t;
    }
    if (word.equals("pi")) {
      return Math.PI;
    }
    if (word.matches("[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?|[0-9]+\\.")) {
      return Double.parseDouble(word);
    }
    throw error();
  }

  /** Letters, digits, points, and the sign of an exponent. */
  private boolean isPartOfWord(int from) {
    char c = text.charAt(next);
    boolean sign = (c == '-' || c == '+') && next > from;
    return Character.isLetterOrDigit(c)
        || c == '.'
        || (sign && text.substring(from, next).matches("[0-9.]+[eE]"));
  }

  /** A single star is not the beginning of two. */
  private boolean take(String symbol) {
    boolean there =
        text.startsWith(symbol, next) && !(symbol.equals("*") && text.startsWith("**", next));
    next += there ? symbol.length() : 0;
    return there;
  }

  private CaseException error() {
    return CaseException.at(
        "formula", "\"" + text + "\" cannot be read from position " + next + " on.");
  }
}
