package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScopeTest {

  private final Parameter table = parameter("embedding.weight");
  private final Parameter hiddenWeight = parameter("encoder.hidden.weight");
  private final Parameter hiddenBias = parameter("encoder.hidden.bias");
  private final Parameter outputWeight = parameter("output.weight");
  private final Parameter outputBias = parameter("output.bias");
  private final Parameterized output = () -> List.of(outputWeight, outputBias);
  private final Parameterized encoder = () -> List.of(hiddenWeight, hiddenBias);
  private final Parameterized model =
      () -> List.of(table, hiddenWeight, hiddenBias, outputWeight, outputBias);

  private static Parameter parameter(String name) {
    return new Parameter(name, new DMatrixRMaj(1, 1));
  }

  private static String refusal(Executable wrong) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void holdsAllParametersOfAModuleInTheirOrder() {
    assertEquals(model.parameters(), Scope.of(model).parameters());
  }

  @Test
  void joinsModulesAndParametersAndCountsEachOnce() {
    assertEquals(
        List.of(outputWeight, outputBias, table, hiddenWeight, hiddenBias),
        Scope.of(output, table, model, outputBias).parameters());
    assertEquals(List.of(table), Scope.of(table, table, Scope.of(table)).parameters());
  }

  @Test
  void twoParametersOfOneNameAreTwo() {
    Parameter twin = parameter("output.bias");
    assertEquals(
        List.of(outputBias, twin), Scope.of(outputBias, twin).named("output.bias").parameters());
  }

  @Test
  void aStarStandsForAnyCharactersDotsIncluded() {
    assertEquals(
        List.of(hiddenWeight, hiddenBias), Scope.of(model).named("encoder.*").parameters());
    assertEquals(
        List.of(table, hiddenWeight, outputWeight), Scope.of(model).named("*.weight").parameters());
    assertEquals(List.of(hiddenBias), Scope.of(model).named("e*r.*.b*s").parameters());
    assertEquals(model.parameters(), Scope.of(model).named("*").parameters());
    assertEquals(List.of(table), Scope.of(model).named("*embedding.weight*").parameters());
  }

  @Test
  void aPatternMustFitTheWholeName() {
    assertEquals(
        "scope: no parameter fits \"weight\". There are: embedding.weight, encoder.hidden.weight,"
            + " encoder.hidden.bias, output.weight, output.bias.",
        refusal(() -> Scope.of(model).named("weight")));
    String unused = refusal(() -> Scope.of(model).named("output"));
    assertEquals("scope: no parameter fits \"output\"", unused.substring(0, unused.indexOf('.')));
  }

  @Test
  void aDotIsADotAndMetacharactersAreLiteral() {
    Parameter dotted = parameter("a.b");
    Parameter undotted = parameter("aXb");
    Parameter bracket = parameter("layer[0]+(x|y)?^$\\E{2}");
    Scope all = Scope.of(dotted, undotted, bracket);
    assertEquals(List.of(dotted), all.named("a.b").parameters());
    assertEquals(List.of(bracket), all.named("layer[0]+(x|y)?^$\\E{2}").parameters());
    assertEquals(List.of(bracket), all.named("layer[0]*\\E{*}").parameters());
    assertEquals(
        "scope: no parameter fits \"[a-z].b\". There are: a.b, aXb, layer[0]+(x|y)?^$\\E{2}.",
        refusal(() -> all.named("[a-z].b")));
  }

  @Property(seed = "1")
  void everyNameFitsItselfAndItsPartsBetweenStars(
      @ForAll @NotBlank @StringLength(max = 12) @CharRange(from = ' ', to = '~') String name,
      @ForAll @Chars({'x', '.', '\\', '[', '('}) char other) {
    Parameter wanted = parameter(name);
    Parameter longer = parameter(name + other);
    Scope both = Scope.of(wanted, longer);
    if (name.indexOf('*') < 0) {
      assertEquals(List.of(wanted), both.named(name).parameters());
      assertEquals(List.of(longer), both.allBut(name).parameters());
    }
    int middle = name.length() / 2;
    String around = name.substring(0, middle) + "*" + name.substring(middle);
    assertEquals(List.of(wanted), Scope.of(wanted).named(around).parameters());
    assertEquals(both.parameters(), both.named("*" + name + "*").parameters());
  }

  @Test
  void severalPatternsAreAUnion() {
    assertEquals(
        List.of(table, outputWeight, outputBias),
        Scope.of(model).named("output.*", "embedding.weight", "output.bias").parameters());
  }

  @Test
  void everyOneOfSeveralPatternsMustFitSomething() {
    assertEquals(
        "scope: no parameter fits \"outptu.*\". There are: output.weight, output.bias.",
        refusal(() -> Scope.of(output).named("output.*", "outptu.*")));
    assertEquals(
        "scope: no parameter fits \"*.bais\". There are: output.weight, output.bias.",
        refusal(() -> Scope.of(output).allBut("*.bais")));
  }

  @Test
  void leavesOutByPatternModuleAndHand() {
    assertEquals(
        List.of(table, hiddenWeight), Scope.of(model).allBut(output).allBut("*.bias").parameters());
    assertEquals(
        List.of(hiddenWeight, hiddenBias), Scope.of(encoder, table).allBut(table).parameters());
    assertEquals(
        List.of(table, hiddenWeight, outputWeight),
        Scope.of(model).allBut("encoder.hidden.bias", "output.bias").parameters());
  }

  @Test
  void refusesToLeaveOutWhatIsNotThere() {
    assertEquals(
        "scope: none of embedding.weight is in this scope, so leaving them out changes nothing."
            + " It holds: output.weight, output.bias.",
        refusal(() -> Scope.of(output).allBut(table)));
  }

  @Test
  void refusesToChooseNothing() {
    assertEquals("scope: there are no parameters to choose from.", refusal(() -> Scope.of()));
    assertEquals(
        "scope: there are no parameters to choose from.", refusal(() -> Scope.of(() -> List.of())));
    assertEquals(
        "scope: nothing is left of output.weight, output.bias after allBut(\"*.weight\","
            + " \"*.bias\").",
        refusal(() -> Scope.of(output).allBut("*.weight", "*.bias")));
    assertEquals(
        "scope: nothing is left of output.weight, output.bias after named().",
        refusal(() -> Scope.of(output).named()));
    assertEquals(
        "scope: nothing is left of output.weight, output.bias after leaving out output.weight,"
            + " output.bias.",
        refusal(() -> Scope.of(output).allBut(output)));
  }

  @Test
  void eachStepGivesANewScope() {
    Scope all = Scope.of(model);
    Scope weights = all.named("*.weight");
    Scope rest = weights.allBut("output.*");
    assertEquals(5, all.parameters().size());
    assertEquals(3, weights.parameters().size());
    assertEquals(List.of(table, hiddenWeight), rest.parameters());
  }

  @Test
  void canNotBeChangedFromOutside() {
    assertThrows(UnsupportedOperationException.class, () -> Scope.of(model).parameters().clear());
    assertThrows(
        UnsupportedOperationException.class,
        () -> Scope.of(model).named("*.bias").parameters().clear());
  }

  @Test
  void readsAsItsNames() {
    assertEquals("output.weight, output.bias", Scope.of(output).toString());
  }
}
