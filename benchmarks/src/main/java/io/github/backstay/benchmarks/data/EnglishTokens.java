package io.github.backstay.benchmarks.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words and marks of plain English text, taken apart as in the Penn Treebank (its tokenizer's
 * rules are by R. MacIntyre, 1995), on which most word vectors rest. Spelling and case are kept;
 * see {@link Vocabulary#normalize}.
 *
 * <ul>
 *   <li>Text is cut at white space.
 *   <li>{@code , ; : ? ! ( ) [ ] { } — …} and double quotes stand alone wherever they are, except
 *       for a comma or a colon between two digits; two dots or hyphens and more are one token. A
 *       single dot is cut off only at the end of the text, quotes and brackets not counted, and
 *       stays where it closes an abbreviation such as {@code U.S.}
 *   <li>A straight double quote becomes {@code ``} before a word and {@code ''} after one, curly
 *       ones likewise; these pairs stand alone too. A curly apostrophe becomes a straight one.
 *   <li>The clitics {@code n't 's 'm 'd 're 've 'll} are cut off, and so is an apostrophe at the
 *       end of a word: {@code is n't}, {@code dog 's}, {@code dogs '}. {@code cannot} becomes
 *       {@code can not}.
 *   <li>Everything else stays together: {@code t-shirt}, {@code the/some}, {@code 'em}.
 * </ul>
 */
public final class EnglishTokens {

  private static final String ALONE = ",;:?!()[]{}\u2014\u2026";
  private static final List<String> CLITICS = List.of("n't", "'s", "'m", "'d", "'re", "'ve", "'ll");

  private EnglishTokens() {}

  /**
   * Takes a text apart.
   *
   * @param text any text
   * @return its tokens, none of them empty or with white space in it; none for a blank text
   */
  public static List<String> of(String text) {
    String plain = text.replace('\u2019', '\'').replace('\u2018', '\'');
    List<String> tokens = new ArrayList<>();
    int at = 0;
    while (at < plain.length()) {
      int end = at;
      while (end < plain.length() && !isSpace(plain.charAt(end))) {
        end++;
      }
      if (end > at) {
        addPiece(plain.substring(at, end), closes(plain, end), tokens);
      }
      at = end + 1;
    }
    return List.copyOf(tokens);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
  }

  /** Whether nothing but closing marks and white space follows. */
  private static boolean closes(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isSpace(c) && !isClosing(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isClosing(char c) {
    return c == '\'' || isQuote(c) || c == ')' || c == ']' || c == '}';
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\u201c' || c == '\u201d';
  }

  /**
   * Cuts a piece without white space at its marks; {@code last} says that the text ends with it.
   */
  private static void addPiece(String piece, boolean last, List<String> tokens) {
    int from = 0;
    int at = 0;
    while (at < piece.length()) {
      int end = markEnd(piece, at, last);
      if (end > at) {
        addWord(piece.substring(from, at), tokens);
        tokens.add(mark(piece, at, end, from == at && (at == 0 || opens(piece.charAt(at - 1)))));
        from = end;
      }
      at = Math.max(at + 1, end);
    }
    addWord(piece.substring(from), tokens);
  }

  /** The end of the mark that begins here, or −1 if none does. */
  private static int markEnd(String piece, int at, boolean last) {
    char c = piece.charAt(at);
    if (c == '.' || c == '-') {
      int end = at + 1;
      while (end < piece.length() && piece.charAt(end) == c) {
        end++;
      }
      boolean full = c == '.' && last && closes(piece, end) && !isAbbreviation(piece, at);
      return end - at > 1 || full ? end : -1;
    }
    if ((c == '\'' || c == '`') && at + 1 < piece.length() && piece.charAt(at + 1) == c) {
      return at + 2;
    }
    boolean between = (c == ',' || c == ':') && isDigit(piece, at - 1) && isDigit(piece, at + 1);
    return isQuote(c) || (ALONE.indexOf(c) >= 0 && !between) ? at + 1 : -1;
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && Character.isDigit(text.charAt(at));
  }

  /** Whether the dot closes single letters with dots between them, as in {@code U.S.} */
  private static boolean isAbbreviation(String piece, int dot) {
    return dot >= 3
        && Character.isLetter(piece.charAt(dot - 1))
        && piece.charAt(dot - 2) == '.'
        && Character.isLetter(piece.charAt(dot - 3));
  }

  private static boolean opens(char c) {
    return isQuote(c) || c == '(' || c == '[' || c == '{';
  }

  private static String mark(String piece, int from, int to, boolean opening) {
    char c = piece.charAt(from);
    if (!isQuote(c)) {
      return piece.substring(from, to);
    }
    return c == '\u201c' || (c == '"' && opening) ? "``" : "''";
  }

  /** Adds a word and its clitics. */
  private static void addWord(String word, List<String> tokens) {
    if (word.isEmpty()) {
      return;
    }
    if (word.equalsIgnoreCase("cannot")) {
      tokens.add(word.substring(0, 3));
      tokens.add(word.substring(3));
      return;
    }
    int cut = cliticStart(word);
    if (cut > 0) {
      addWord(word.substring(0, cut), tokens);
      tokens.add(word.substring(cut));
    } else {
      tokens.add(word);
    }
  }

  /** Where the last clitic begins, or 0 if there is none with a word before it. */
  private static int cliticStart(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.length() == word.length()) {
      for (String clitic : CLITICS) {
        if (lower.endsWith(clitic)) {
          return word.length() - clitic.length();
        }
      }
    }
    return word.endsWith("'") ? word.length() - 1 : 0;
  }
}
