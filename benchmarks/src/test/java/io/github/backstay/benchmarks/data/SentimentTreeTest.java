package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.benchmarks.data.SentimentTree.Leaf;
import io.github.backstay.benchmarks.data.SentimentTree.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentimentTreeTest {

  @Property(tries = 300)
  void printedTreeIsReadBack(@ForAll("trees") SentimentTree tree) {
    assertEquals(tree, SentimentTree.parse(tree.toString()));
  }

  @Property(tries = 200)
  void spacesBetweenBracketsDoNotMatter(@ForAll("trees") SentimentTree tree) {
    String spread = tree.toString().replace("(", " ( ").replace(")", " ) ").replace(" ", "  ");
    assertEquals(tree, SentimentTree.parse(spread));
  }

  @Property(tries = 200)
  void everyTruePrefixIsRefused(@ForAll("trees") SentimentTree tree) {
    String text = tree.toString();
    for (int length = 1; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThrows(IllegalArgumentException.class, () -> SentimentTree.parse(cut), cut);
    }
  }

  @Property(tries = 500)
  void anyTextIsATreeOrRefused(@ForAll("bracketSoup") String text) {
    try {
      String canonical = SentimentTree.parse(text).toString();
      assertEquals(text.replace(" ", ""), canonical.replace(" ", ""));
    } catch (IllegalArgumentException e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }
  }

  @Property(tries = 200)
  void postOrderHasPartsBeforeTheWholeAndTokensInReadingOrder(@ForAll("trees") SentimentTree tree) {
    List<SentimentTree> order = tree.postOrder();
    assertSame(tree, order.get(order.size() - 1));
    Set<Integer> seen = new HashSet<>();
    int leaves = 0;
    for (SentimentTree part : order) {
      if (part instanceof Node node) {
        assertEquals(true, seen.contains(System.identityHashCode(node.left())));
        assertEquals(true, seen.contains(System.identityHashCode(node.right())));
      } else {
        leaves++;
      }
      seen.add(System.identityHashCode(part));
    }
    assertEquals(2 * leaves - 1, order.size());
    String words = tree.toString().replaceAll("\\([0-4] |\\)", "");
    assertEquals(words, String.join(" ", tree.tokens()));
  }

  @Test
  void readsLabelsTokensAndDepth() {
    SentimentTree tree = SentimentTree.parse("(3 (2 It) (4 (2 's) (3 fun)))");
    assertEquals(
        new Node(3, new Leaf(2, "It"), new Node(4, new Leaf(2, "'s"), new Leaf(3, "fun"))), tree);
    assertEquals(new Sentence(List.of("It", "'s", "fun"), 3), tree.sentence());
    assertEquals(2, tree.depth());
    assertEquals(0, new Leaf(1, "bad").depth());
  }

  @Test
  void noBreakSpaceIsPartOfAToken() {
    assertEquals(new Leaf(2, "2\u00a01\\/2"), SentimentTree.parse("(2 2\u00a01\\/2)"));
    assertEquals(new Leaf(2, "a\u3000b"), SentimentTree.parse("(2 a\u3000b)"));
  }

  @Test
  void deepestTreeAllowedIsReadAndOneLevelMoreIsRefused() {
    String fits = chain(SentimentTree.MAX_DEPTH);
    SentimentTree tree = SentimentTree.parse(fits);
    assertEquals(SentimentTree.MAX_DEPTH, tree.depth());
    assertEquals(fits, tree.toString());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> SentimentTree.parse(chain(SentimentTree.MAX_DEPTH + 1)));
    assertEquals("column 3004: the tree is deeper than 1000 levels.", refused.getMessage());
  }

  @Test
  void aMillionBracketsAreRefusedWithoutOverflow() {
    assertThrows(
        IllegalArgumentException.class, () -> SentimentTree.parse("(2 ".repeat(1_000_000)));
    assertThrows(IllegalArgumentException.class, () -> SentimentTree.parse("(".repeat(1_000_000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          <html><body>         | not a sentiment tree: starts with "<html><body>" (need a tree such as (3 (2 good) (2 fun))).
          2 good)              | not a sentiment tree: starts with "2 good)" (need a tree such as (3 (2 good) (2 fun))).
          )                    | not a sentiment tree: starts with ")" (need a tree such as (3 (2 good) (2 fun))).
          (                    | the tree ends early: inside a bracket (the line or the file is cut off).
          (3                   | the tree ends early: 1 bracket is still open (the line or the file is cut off).
          (3 (2 good) (2 fu    | the tree ends early: 2 brackets are still open (the line or the file is cut off).
          (3 (2 good) (5 fun)) | column 14: the label is "5" (need 0..4).
          (3 (2 good) (-1 x))  | column 14: the label is "-1" (need 0..4).
          (33 good)            | column 2: the label is "33" (need 0..4).
          (٣ good)             | column 2: the label is "٣" (need 0..4).
          ((2 good) (2 fun))   | column 2: the label is "" (need 0..4).
          ()                   | column 2: the label is "" (need 0..4).
          (3)                  | column 1: a node has neither a token nor parts (need (label left right) or (label token)).
          (3 (2 good))         | column 1: a node has only one part (need (label left right) or (label token)).
          (3 (2 a) (2 b) (2 c))| column 1: a node has more than two parts (need (label left right) or (label token)).
          (3 good fun)         | column 9: the token "fun" is one too many (need (label left right) or (label token)).
          (3 (2 good) fun)     | column 13: the token "fun" is one too many (need (label left right) or (label token)).
          (3 good (2 fun))     | column 1: a node has both a token and a part (need (label left right) or (label token)).
          (2 a) (2 b)          | column 7: the tree is complete, but "(2 b)" follows (need one tree a line).
          (2 a))               | column 6: the tree is complete, but ")" follows (need one tree a line).
          """)
  void saysWhatIsWrong(String text, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SentimentTree.parse(text));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void controlCharactersAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SentimentTree.parse("(2 a\tb)"));
    assertEquals(
        "column 1: leaf: the token \"a?b\" holds the character U+0009 (spaces, brackets and control"
            + " characters cannot be part of one).",
        refused.getMessage());
  }

  @Test
  void nodesCheckTheirLabels() {
    Leaf leaf = new Leaf(2, "a");
    for (int label : new int[] {-1, 5}) {
      String message = "sentiment tree: the label must be in 0..4, got " + label + ".";
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> new Leaf(label, "a")).getMessage());
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> new Node(label, leaf, leaf))
              .getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> new Leaf(2, ""));
  }

  private static String chain(int depth) {
    return "(2 ".repeat(depth) + "(2 a)" + " (2 b))".repeat(depth);
  }

  @Provide
  Arbitrary<SentimentTree> trees() {
    Arbitrary<Integer> labels = Arbitraries.integers().between(0, 4);
    Arbitrary<String> tokens =
        Arbitraries.strings()
            .withCharRange('!', '\'')
            .withCharRange('*', '~')
            .withChars('\u00a0', 'é', '\u2019', '\u3000')
            .ofMinLength(1)
            .ofMaxLength(8);
    Arbitrary<SentimentTree> leaves = Combinators.combine(labels, tokens).as(Leaf::new);
    return Arbitraries.lazyOf(
        () -> leaves,
        () -> leaves,
        () -> Combinators.combine(labels, trees(), trees()).as(Node::new));
  }

  @Provide
  Arbitrary<String> bracketSoup() {
    return Arbitraries.strings().withChars("(() ))0123ab ").ofMaxLength(24);
  }
}
