package io.github.backstay.benchmarks.data;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads one bracketed tree with a stack of its own, so that no input can overflow the thread's. */
final class SentimentTreeParser {

  private static final String NEED = " (need (label left right) or (label token)).";

  /** A bracket that is still open, and what has been read inside it. */
  private static final class Open {
    final int label;
    final int column;
    @Nullable String token;
    @Nullable SentimentTree left;
    @Nullable SentimentTree right;

    Open(int label, int column) {
      this.label = label;
      this.column = column;
    }
  }

  private final String line;
  private final Deque<Open> open = new ArrayDeque<>();
  private int at;

  SentimentTreeParser(String line) {
    this.line = line;
  }

  SentimentTree parse() {
    while (true) {
      skipSpaces();
      if (at == line.length()) {
        throw endsEarly();
      }
      char c = line.charAt(at);
      if (c == '(') {
        open();
      } else if (open.isEmpty()) {
        throw new IllegalArgumentException(
            "not a sentiment tree: starts with "
                + DataException.quote(line.substring(at))
                + " (need a tree such as (3 (2 good) (2 fun))).");
      } else if (c == ')') {
        SentimentTree whole = close();
        if (open.isEmpty()) {
          requireEnd();
          return whole;
        }
        attach(open.element(), whole);
      } else {
        token(open.element());
      }
    }
  }

  private IllegalArgumentException endsEarly() {
    if (open.isEmpty()) {
      return new IllegalArgumentException("not a sentiment tree: nothing but spaces.");
    }
    int count = open.size();
    String brackets = count == 1 ? "1 bracket is" : count + " brackets are";
    return new IllegalArgumentException(
        "the tree ends early: " + brackets + " still open (the line or the file is cut off).");
  }

  private void open() {
    int column = at + 1;
    if (open.size() > SentimentTree.MAX_DEPTH) {
      throw error(column, "the tree is deeper than " + SentimentTree.MAX_DEPTH + " levels.");
    }
    at++;
    skipSpaces();
    String label = word();
    if (label.isEmpty() && at == line.length()) {
      throw new IllegalArgumentException(
          "the tree ends early: inside a bracket (the line or the file is cut off).");
    }
    if (label.length() != 1 || label.charAt(0) < '0' || label.charAt(0) > '4') {
      throw error(column + 1, "the label is " + DataException.quote(label) + " (need 0..4).");
    }
    open.push(new Open(label.charAt(0) - '0', column));
  }

  private void token(Open parent) {
    int column = at + 1;
    String token = word();
    if (parent.token != null || parent.left != null) {
      throw error(column, "the token " + DataException.quote(token) + " is one too many" + NEED);
    }
    parent.token = token;
  }

  private void attach(Open parent, SentimentTree child) {
    if (parent.token != null) {
      throw error(parent.column, "a node has both a token and a part" + NEED);
    } else if (parent.left == null) {
      parent.left = child;
    } else if (parent.right == null) {
      parent.right = child;
    } else {
      throw error(parent.column, "a node has more than two parts" + NEED);
    }
  }

  private SentimentTree close() {
    at++;
    Open node = open.pop();
    if (node.token != null) {
      try {
        return new SentimentTree.Leaf(node.label, node.token);
      } catch (IllegalArgumentException e) {
        throw error(node.column, String.valueOf(e.getMessage()));
      }
    }
    if (node.left == null) {
      throw error(node.column, "a node has neither a token nor parts" + NEED);
    }
    if (node.right == null) {
      throw error(node.column, "a node has only one part" + NEED);
    }
    return new SentimentTree.Node(node.label, node.left, node.right);
  }

  private void requireEnd() {
    skipSpaces();
    if (at < line.length()) {
      throw error(
          at + 1,
          "the tree is complete, but "
              + DataException.quote(line.substring(at))
              + " follows (need one tree a line).");
    }
  }

  private void skipSpaces() {
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
  }

  private String word() {
    int from = at;
    while (at < line.length() && " ()".indexOf(line.charAt(at)) < 0) {
      at++;
    }
    return line.substring(from, at);
  }

  private static IllegalArgumentException error(int column, String problem) {
    return new IllegalArgumentException("column " + column + ": " + problem);
  }
}
