package io.github.backstay.core;

import static java.text.Normalizer.Form.NFD;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page {@code docs/ops.md}: one row per op of the {@link OpCatalogue}. What it says about an op
 * is the Javadoc of its record, cut at "Rule:", so that formula, rule and convention are written
 * once, beside the code.
 */
final class OpsPage {

  private static final Path SOURCES = Path.of("src/main/java/io/github/backstay/core");
  private static final Pattern RECORD =
      Pattern.compile("/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*public record (\\w+)", Pattern.DOTALL);
  private static final Pattern METHOD =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*public (?:static )?Variable (\\w+)\\(([^)]*)\\)",
          Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\{@link (?:\\w+\\.)?([A-Z]\\w+)\\}");
  private static final Pattern RULE = Pattern.compile("\\bRules?(?: \\([^)]*\\))?:");
  private static final Pattern CODE = Pattern.compile("\\{@code ((?:[^{}]|\\{[^{}]*\\})*)\\}");
  private static final Pattern NEXT_RULE =
      Pattern.compile("; (?:\\w\\u0304|\\S+: ).*", Pattern.DOTALL);

  /** What one op's Javadoc says. */
  private record Entry(String formula, String rule, String convention) {}

  private OpsPage() {}

  /** The page as it must stand in the file. */
  static String text() throws IOException {
    Map<Class<? extends Op>, List<OpCase>> rows = new LinkedHashMap<>();
    Map<String, List<Class<? extends Op>>> families = new TreeMap<>();
    for (OpCase row : OpCatalogue.ROWS) {
      rows.computeIfAbsent(row.op(), op -> new ArrayList<>()).add(row);
      List<Class<? extends Op>> family =
          families.computeIfAbsent(family(row.op()), name -> new ArrayList<>());
      if (!family.contains(row.op())) {
        family.add(row.op());
      }
    }
    Map<String, List<String>> calls = new LinkedHashMap<>();
    List<String> compositions = new ArrayList<>();
    calls(SOURCES.resolve("Variable.java"), "x.", calls, compositions);
    for (String family : families.keySet()) {
      calls(SOURCES.resolve("ops/" + family + ".java"), family + ".", calls, compositions);
    }

    StringBuilder page = new StringBuilder();
    page.append("# All operations\n\n");
    page.append(
        """
        Written by a test from the catalogue of ops and the Javadoc of their records; do not edit.
        When it is stale, `OpsPageTest` fails and says how to write it anew.

        """);
    page.append(rows.size())
        .append(" ops in ")
        .append(families.size())
        .append(" families, ")
        .append(OpCatalogue.ROWS.size())
        .append(
            """
             catalogue rows. Each row is held to the same contract
            (`OpContractTest`): the value against a second formula, one cotangent per input in its shape, first and
            second derivative against five-point differences, the rule's fast form against its plain one, one
            variable in several places, empty matrices, the values named under "conventions". x̄ is the cotangent of x;
            ⊙ and ⊘ are the product and the quotient entry by entry.
            """);
    families.forEach(
        (family, ops) -> {
          page.append("\n## ").append(family).append("\n\n");
          page.append("| call | formula | rule | conventions | catalogue rows |\n");
          page.append("| --- | --- | --- | --- | --- |\n");
          Map<String, Entry> entries = entries(SOURCES.resolve("ops/" + family + ".java"));
          for (Class<? extends Op> op : ops) {
            Entry entry = entries.get(op.getSimpleName());
            if (entry == null) {
              throw new IllegalStateException(op + " has no Javadoc");
            }
            page.append("| ")
                .append(
                    calls.getOrDefault(op.getSimpleName(), List.of()).stream()
                        .distinct()
                        .map(call -> "`" + call + "`")
                        .collect(Collectors.joining("<br>")))
                .append(" | ")
                .append(cell(entry.formula))
                .append(" | ")
                .append(cell(entry.rule))
                .append(" | ")
                .append(cell(entry.convention))
                .append(" | ")
                .append(
                    rows.getOrDefault(op, List.of()).stream()
                        .map(OpCase::name)
                        .collect(Collectors.joining(", ")))
                .append(" |\n");
          }
        });
    page.append("\n## Compositions\n\n");
    page.append(
        "Calls that record several of the ops above, or one of them in a special form.\n\n");
    page.append("| call | what it is |\n| --- | --- |\n");
    compositions.forEach(page::append);
    return page.toString();
  }

  private static String family(Class<? extends Op> op) {
    Class<?> outer = op.getEnclosingClass();
    if (outer == null) {
      throw new IllegalStateException(op + " stands in no family");
    }
    return outer.getSimpleName();
  }

  /** Finds the calls of a file, by the op that their Javadoc links to. */
  private static void calls(
      Path file, String receiver, Map<String, List<String>> calls, List<String> compositions)
      throws IOException {
    Matcher method = METHOD.matcher(Files.readString(file));
    while (method.find()) {
      String name = method.group(2);
      if (name.equals("apply") || name.equals("keepGradient") || name.equals("vjp")) {
        continue;
      }
      String arguments =
          method
              .group(3)
              .strip()
              .replaceAll("\\s+", " ")
              .replaceAll("(?:@\\w+ )?[\\w.]+(?:\\.\\.\\.)? (\\w+)", "$1");
      String call = receiver + name + "(" + arguments + ")";
      Matcher link = LINK.matcher(method.group(1).replaceAll("\\n *\\* ?", " "));
      if (link.find()) {
        calls.computeIfAbsent(link.group(1), op -> new ArrayList<>()).add(call);
      } else {
        compositions.add("| `" + call + "` | " + cell(sentence(plain(method.group(1)))) + " |\n");
      }
    }
  }

  private static Map<String, Entry> entries(Path file) {
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Matcher record = RECORD.matcher(source);
    while (record.find()) {
      entries.put(record.group(2), entry(plain(record.group(1))));
    }
    return entries;
  }

  private static Entry entry(String text) {
    Matcher rule = RULE.matcher(text);
    boolean found = rule.find();
    String head = (found ? text.substring(0, rule.start()) : text).strip();
    String tail = found ? text.substring(rule.end()).strip() : "none";
    int headEnd = end(head);
    int tailEnd = end(tail);
    String convention = rest(head, headEnd) + " " + rest(tail, tailEnd);
    return new Entry(head.substring(0, headEnd), tail.substring(0, tailEnd), convention.strip());
  }

  private static String sentence(String text) {
    return text.substring(0, end(text));
  }

  /**
   * Where the first sentence or its first part ends: at a full stop or semicolon outside
   * parentheses, unless the semicolon is followed by the rule of another operand.
   */
  private static int end(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      boolean last = i == text.length() - 1;
      boolean stop = c == '.' && (last || text.charAt(i + 1) == ' ');
      boolean part =
          c == ';' && !NEXT_RULE.matcher(Normalizer.normalize(text.substring(i), NFD)).matches();
      if (depth == 0 && (stop || part)) {
        return i;
      }
    }
    return text.length();
  }

  private static String rest(String text, int from) {
    String rest = from < text.length() ? text.substring(from + 1).strip() : "";
    boolean isWord = rest.length() > 1 && Character.isLetter(rest.charAt(1)); // no symbol
    return isWord ? Character.toUpperCase(rest.charAt(0)) + rest.substring(1) : rest;
  }

  /** Javadoc without its tags and marks. */
  private static String plain(String javadoc) {
    String text = javadoc.replaceAll("\\n *\\* ?", "\n");
    int tags = text.indexOf("\n@");
    return CODE.matcher(tags < 0 ? text : text.substring(0, tags))
        .replaceAll("$1")
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@link (?:[a-z]+\\.)*([^} ]*)(?: [^}]*)?\\}", "$1")
        .replace('#', '.')
        .replaceAll("</?\\w+>", " ")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&")
        .replaceAll(" +", " ")
        .strip();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_");
  }
}
