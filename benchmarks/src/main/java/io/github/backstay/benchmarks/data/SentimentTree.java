package io.github.backstay.benchmarks.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * A sentence as a binary tree with a sentiment label at each node: 0 very negative, 1 negative, 2
 * neutral, 3 positive, 4 very positive. Immutable.
 */
public sealed interface SentimentTree {

  /** The number of labels. */
  int LABELS = 5;

  /** The most levels below the root that {@link #parse} takes; the published trees have 29. */
  int MAX_DEPTH = 1000;

  /**
   * The sentiment of this part of the sentence.
   *
   * @return 0..4
   */
  int label();

  /**
   * A word.
   *
   * @param label its sentiment, 0..4
   * @param token the word as written, without spaces, brackets and control characters
   */
  record Leaf(int label, String token) implements SentimentTree {

    /** Checks label and token. */
    public Leaf {
      requireLabel(label);
      if (token.isEmpty()) {
        throw new IllegalArgumentException("leaf: the token is empty.");
      }
      for (int i = 0; i < token.length(); i++) {
        char c = token.charAt(i);
        if (c <= ' ' || c == '(' || c == ')' || c == 0x7f) {
          throw new IllegalArgumentException(
              "leaf: the token "
                  + DataException.quote(token)
                  + String.format(" holds the character U+%04X", (int) c)
                  + " (spaces, brackets and control characters cannot be part of one).");
        }
      }
    }

    @Override
    public String toString() {
      return bracketed(this);
    }
  }

  /**
   * Two parts put together.
   *
   * @param label the sentiment of the whole, 0..4
   * @param left the first part
   * @param right the second part
   */
  record Node(int label, SentimentTree left, SentimentTree right) implements SentimentTree {

    /** Checks the label. */
    public Node {
      requireLabel(label);
    }

    @Override
    public String toString() {
      return bracketed(this);
    }
  }

  private static void requireLabel(int label) {
    if (label < 0 || label >= LABELS) {
      throw new IllegalArgumentException(
          "sentiment tree: the label must be in 0..4, got " + label + ".");
    }
  }

  /**
   * All nodes, the two parts always before the whole, so that the last one is this tree. The order
   * in which a recursive model computes.
   *
   * @return a new list
   */
  default List<SentimentTree> postOrder() {
    List<SentimentTree> reversed = new ArrayList<>();
    Deque<SentimentTree> open = new ArrayDeque<>();
    open.push(this);
    while (!open.isEmpty()) {
      SentimentTree next = open.pop();
      reversed.add(next);
      if (next instanceof Node node) {
        open.push(node.left());
        open.push(node.right());
      }
    }
    Collections.reverse(reversed);
    return reversed;
  }

  /**
   * The words from left to right.
   *
   * @return a new list
   */
  default List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (SentimentTree part : postOrder()) {
      if (part instanceof Leaf leaf) {
        tokens.add(leaf.token());
      }
    }
    return tokens;
  }

  /**
   * The words and the label of the root.
   *
   * @return the sentence
   */
  default Sentence sentence() {
    return new Sentence(tokens(), label());
  }

  /**
   * The number of levels below the root.
   *
   * @return 0 for a leaf
   */
  default int depth() {
    Deque<Integer> depths = new ArrayDeque<>();
    for (SentimentTree part : postOrder()) {
      depths.push(part instanceof Leaf ? 0 : 1 + Math.max(depths.pop(), depths.pop()));
    }
    return depths.pop();
  }

  /**
   * Reads a tree from one line: {@code (label left right)} or {@code (label token)}. Only the ASCII
   * space and the brackets separate; a no-break space, for instance, is part of a token.
   *
   * @param line the line, without line end
   * @return the tree
   * @throws IllegalArgumentException if the line is not one tree; the message says at which column
   */
  static SentimentTree parse(String line) {
    return new SentimentTreeParser(line).parse();
  }

  private static String bracketed(SentimentTree tree) {
    StringBuilder text = new StringBuilder();
    Deque<Object> rest = new ArrayDeque<>();
    rest.push(tree);
    while (!rest.isEmpty()) {
      Object next = rest.pop();
      if (next instanceof Leaf leaf) {
        text.append('(').append(leaf.label()).append(' ').append(leaf.token()).append(')');
      } else if (next instanceof Node node) {
        text.append('(').append(node.label()).append(' ');
        rest.push(")");
        rest.push(node.right());
        rest.push(" ");
        rest.push(node.left());
      } else {
        text.append(next);
      }
    }
    return text.toString();
  }
}
