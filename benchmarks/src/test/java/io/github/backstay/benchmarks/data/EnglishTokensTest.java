package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnglishTokensTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          A man isn't running        | A man is n't running
          THEY CAN'T, WON'T          | THEY CA N'T , WO N'T
          A dog's ball; the dogs' ball | A dog 's ball ; the dogs ' ball
          I'd've said it's what they'll do | I 'd 've said it 's what they 'll do
          We cannot. Cannot?         | We cannot. Can not ?
          We cannot.                 | We can not .
          the U.S.                   | the U.S.
          a St. Bernard at 3:30.     | a St. Bernard at 3:30 .
          it costs $1,000, or 3.50   | it costs $1,000 , or 3.50
          "Go," he said              | `` Go , '' he said
          He said "go."              | He said `` go . ''
          ("yes")                    | ( `` yes '' )
          “so” she’s here            | `` so '' she 's here
          ``so''                     | `` so ''
          wait...now -- or--never    | wait ... now -- or -- never
          a T-shirt and the/some 'em | a T-shirt and the/some 'em
          . - '                      | . - '
          's n't                     | 's n't
          end.)                      | end . )
          a—b…                       | a — b …
          """)
  void marksAndCliticsStandAlone(String text, String tokens) {
    assertEquals(tokens, String.join(" ", EnglishTokens.of(text)));
  }

  @Property
  void tokensTakenApartAgainAreTheSame(@ForAll("texts") String text) {
    List<String> tokens = EnglishTokens.of(text);
    assertEquals(tokens, EnglishTokens.of(String.join(" ", tokens)));
  }

  @Property
  void nothingIsLostButSpaceAndTheFormOfQuotes(@ForAll("texts") String text) {
    List<String> tokens = EnglishTokens.of(text);
    assertEquals(marked(text), marked(String.join("", tokens)));
    assertFalse(tokens.stream().anyMatch(token -> token.isBlank() || token.contains(" ")));
  }

  @Property
  void anyTextIsTakenApart(@ForAll String text) {
    assertFalse(EnglishTokens.of(text).stream().anyMatch(String::isBlank));
  }

  private static String marked(String text) {
    return text.replace('’', '\'').replaceAll("\\s", "").replaceAll("``|[\"“”]", "''");
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "I", "don", "cannot", "U.S", "n't", "'s", "'", "\"", "“", "”", "’", ".", ",", "-",
            ":", "7", "(", ")", "[", " ", "  ", "\t", "…", "``", "it'", "t-shirt")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
