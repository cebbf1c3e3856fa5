package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.contract.ContractRun;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bug zoo: eighteen kinds of mistakes with regularizers that were made in public, in reference
 * libraries too. Each is planted here, and must be refused by the compiler or by an exception, or
 * killed by the contract kit; most are both. The documentation quotes the words, and is held to
 * them.
 */
class BugZooTest {

  /** One kind of mistake, where it was made, and what answers it here. */
  private record Row(int number, String mistake, String publicCase, List<Answer> answers) {
    Row(int number, String mistake, String publicCase, Answer... answers) {
      this(number, mistake, publicCase, List.of(answers));
    }
  }

  /** An answer, with words that it uses. */
  private sealed interface Answer {
    String words();
  }

  /** The compiler refuses a line. */
  private record NotCompiled(String line, String words) implements Answer {}

  /** An exception refuses it at run time. */
  private record Refused(String words, Executable attempt) implements Answer {}

  /** It cannot happen: what is tried has no effect. The words are of the documentation. */
  private record Impossible(String words, Executable attempt) implements Answer {}

  /** The kit kills a mutant by a check. */
  private record Killed(Class<?> mutant, String check, String words) implements Answer {}

  private static final List<Row> ZOO =
      List.of(
          new Row(
              1,
              "penalty is a constant",
              "PyTorch forum 3550",
              new NotCompiled(
                  "objective.plus(\"anchor\", 0.5 * 0.1 * norm * norm)",
                  "double cannot be converted to Variable"),
              new Refused(
                  "no trainable parameter can be reached from term \"anchor\", so it would move the"
                      + " printed loss and no weight: it is a constant",
                  () -> plusAnchor((tape, weight) -> tape.constant(1.5))),
              new Killed(
                  ZooPenalties.Constant.class,
                  "gradientOfTheNodeMatchesDifferences",
                  "Is the penalty computed from detached values, a copy or a plain number?"),
              new Killed(
                  ZooTrainings.Constant.class,
                  "penaltyMovesTheWeightsAndNotOnlyThePrintedLoss",
                  "The penalty moves the printed loss only")),
          new Row(
              2,
              "penalty is detached upstream",
              "yifita/deep_cage#16",
              new Refused(
                  "the path is cut at detach 1×2 (#",
                  () -> plusAnchor((tape, weight) -> weight.detach().squaredNorm(0.1))),
              new Killed(
                  ZooPenalties.DetachedUpstream.class,
                  "gradientOfTheNodeMatchesDifferences",
                  "the node's gradient is 0 at a weight that is")),
          new Row(
              3,
              "penalty of a detached state dict",
              "jbohnslav/deepethogram",
              new NotCompiled(
                  "Regularizer.l2(0.1).over(saved)",
                  "StateDict cannot be converted to Parameterized"),
              new Refused(
                  "it reads only frozen parameters, such as \"copy\"",
                  () ->
                      plusAnchor((tape, weight) -> frozenCopy(weight).on(tape).squaredNorm(0.1)))),
          new Row(
              4,
              "anchor aliases the live weight",
              "keras-team/keras#12690",
              new Impossible("anchors are copies", BugZooTest::anchorsAreCopies),
              new Killed(
                  ZooTrainings.AliasedAnchor.class,
                  "penaltyMovesTheWeightsAndNotOnlyThePrintedLoss",
                  "The regularizer is never used"),
              new Killed(
                  ZooTrainings.AliasedAnchor.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "It is 0 everywhere")),
          new Row(
              5,
              "saved value is overwritten by the current one",
              "ContinualAI/avalanche#1099",
              new Killed(
                  ZooPenalties.SavedValueOverwritten.class,
                  "valueRisesWithEveryStepAwayFromTheAnchor",
                  "Is the anchor the live weight, or the value an old one?"),
              new Killed(
                  ZooTrainings.AnchorNotSaved.class,
                  "resumedTrainingPullsToTheOriginalAnchor",
                  "It pulls to where the training was resumed")),
          new Row(
              6,
              "penalty is computed once",
              "shenweichen/DeepCTR-Torch#131",
              new Refused("belongs to a step that has ended", BugZooTest::reusePenalty),
              new Killed(
                  ZooPenalties.ComputedOnce.class,
                  "answersDependOnNothingButWeightAndAnchor",
                  "Is it kept from an earlier step?"),
              new Killed(
                  ZooTrainings.ComputedOnce.class,
                  "printedLossContainsThePenaltyIfItIsInTheLoss",
                  "Is it an old value")),
          new Row(
              7,
              "regularizer is never wired",
              "SciSharp/TensorFlow.NET#1237",
              new Refused("covers no parameter of group \"all\"", BugZooTest::wrongGroup),
              new Refused("was given a regularizer that belongs in the loss", BugZooTest::wrongWay),
              new Killed(
                  ZooTrainings.NeverWired.class,
                  "penaltyMovesTheWeightsAndNotOnlyThePrintedLoss",
                  "The regularizer is never used")),
          new Row(
              8,
              "square is missing",
              "flwrlabs/flower#2210",
              new Killed(
                  ZooPenalties.MissingSquare.class,
                  "valueIsThatOfTheFormula",
                  "is a square missing"),
              new Killed(
                  ZooTrainings.MissingSquare.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "what the penalty changes in a step")),
          new Row(
              9,
              "proximal map of the norm instead of its square",
              "unc-optimization/FedDR#1",
              new Killed(
                  ZooPenalties.WrongProx.class,
                  "whatWasTakenAwayIsASubgradientAtTheImage",
                  "is no subgradient at the image"),
              new Killed(
                  ZooPenalties.WrongProx.class,
                  "imageIsWhereASearchFindsTheLeastObjective",
                  "the image must have the least")),
          new Row(
              10,
              "expression is overwritten",
              "alpemreacar/FedDyn#1",
              new Killed(
                  ZooPenalties.Overwritten.class,
                  "valueIsThatOfTheFormula",
                  "or a term overwritten"),
              new Killed(
                  ZooTrainings.Overwritten.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "The data loss is gone: is the sum overwritten?")),
          new Row(
              11,
              "factor of two",
              "KevinMusgrave/pytorch-metric-learning#299",
              new Killed(
                  ZooPenalties.FactorTwo.class,
                  "valueIsThatOfTheFormula",
                  "It is 2.0 times as large: is a factor ½"),
              new Killed(
                  ZooTrainings.FactorTwo.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "It is 2.0 times as large everywhere")),
          new Row(
              12,
              "decay is growth",
              "andersbll/deeppy#17",
              new Killed(
                  ZooPenalties.Growth.class,
                  "explicitStepShrinksTheDistanceAndDoesNotOvershoot",
                  "Is the sign of the gradient turned?"),
              new Killed(
                  ZooTrainings.Growth.class,
                  "weightsEndCloserToTheAnchor",
                  "Does the penalty push away")),
          new Row(
              13,
              "coefficient is forgotten",
              "HorizonRobotics/alf#1302",
              new Killed(
                  ZooPenalties.NoCoefficient.class,
                  "valueIsThatOfTheFormula",
                  "or the strength left out"),
              new Killed(
                  ZooTrainings.NoCoefficient.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "is a strength, a rate or a number of examples left out")),
          new Row(
              14,
              "Fisher information is averaged",
              "kuc2477/pytorch-ewc#2",
              new Killed(
                  ZooPenalties.FisherScalar.class,
                  "valueIsThatOfTheFormula",
                  "the node's value is"),
              new Killed(
                  ZooPenalties.FisherOfBatch.class,
                  "valueIsThatOfTheFormula",
                  "the node's value is")),
          new Row(
              15,
              "decay is applied twice",
              "tebesu/CollaborativeMemoryNetwork#5",
              new Refused("in the loss it would act a second time", BugZooTest::coupledInTheLoss),
              new Refused("was given the same regularizer twice", BugZooTest::sameTwice),
              new Impossible("is pulled by 2 terms", BugZooTest::notesTellOfTwo),
              new Killed(
                  ZooTrainings.Twice.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "or is it counted twice?")),
          new Row(
              16,
              "frozen parameters pollute the loss",
              "allenai/allennlp#2790",
              new Refused("all of its parameters are frozen", BugZooTest::allFrozen),
              new Killed(
                  ZooTrainings.FrozenToo.class,
                  "frozenWeightsAreLeftAloneAndOutOfTheLoss",
                  "Leave frozen parameters out of the penalty.")),
          new Row(
              17,
              "only the rows of the batch decay",
              "pytorch/pytorch#25560",
              new Killed(
                  ZooTrainings.RowsOfTheBatch.class,
                  "everyStepPullsAsThePenaltyPrescribes",
                  "are only the rows of the batch pulled?")),
          new Row(
              18,
              "published code with a wrong gradient",
              "bloodwass/mixout",
              new Killed(
                  ZooPenalties.WrongGradient.class,
                  "gradientOfTheNodeMatchesDifferences",
                  "the rule of op rescaled fails by itself")));

  /** Not in the table, but planted all the same: what the story of the forum tells besides. */
  private static final List<Killed> BESIDES =
      List.of(
          new Killed(
              ZooTrainings.OncePerExample.class,
              "pullDoesNotDependOnTheNumberOfExamples",
              "and counted once for each?"),
          new Killed(
              ZooTrainings.ToZero.class,
              "everyStepPullsAsThePenaltyPrescribes",
              "It pulls to zero: is the anchor left out?"),
          new Killed(
              ZooTrainings.PrintedWithout.class,
              "printedLossContainsThePenaltyIfItIsInTheLoss",
              "the printed loss is"));

  @Test
  void noRowIsMissingAndNoneIsSilent() {
    assertEquals(
        IntStream.rangeClosed(1, 18).boxed().toList(), ZOO.stream().map(Row::number).toList());
    for (Row row : ZOO) {
      assertFalse(row.answers.isEmpty(), row.mistake);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyMistakeIsRefusedOrKilled(@TempDir Path folder) {
    return ZOO.stream()
        .flatMap(
            row ->
                row.answers.stream()
                    .map(
                        answer ->
                            DynamicTest.dynamicTest(
                                row.number + " " + row.mistake + " (" + row.publicCase + ")",
                                () -> require(answer, folder))));
  }

  @TestFactory
  Stream<DynamicTest> soAreThoseBesides(@TempDir Path folder) {
    return BESIDES.stream()
        .map(
            killed ->
                DynamicTest.dynamicTest(
                    killed.mutant.getSimpleName(), () -> require(killed, folder)));
  }

  @Test
  void whatIsNotMutatedPassesEveryCheck() {
    for (Class<?> right :
        List.of(
            ZooPenalties.Unmutated.class,
            ZooPenalties.FisherTest.class,
            ZooTrainings.Unmutated.class)) {
      assertEquals(Map.of(), ContractRun.of(right).failed(), right.getSimpleName());
    }
  }

  /** The page on the kit has a line for every row, with its words. */
  @Test
  void documentationSaysWhatHappens() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "contract-kit.md"));
    List<String> lines = page.lines().toList();
    for (Row row : ZOO) {
      String start = "| " + row.number + " | " + row.mistake + " | ";
      String line =
          lines.stream()
              .filter(l -> l.startsWith(start))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no line starts with " + start));
      assertTrue(line.contains(row.publicCase), line);
      for (Answer answer : row.answers) {
        assertTrue(line.contains(answer.words()), () -> answer.words() + " is not in " + line);
        if (answer instanceof Killed killed) {
          assertTrue(line.contains(killed.check), () -> killed.check + " is not in " + line);
        }
      }
    }
  }

  // ---- how an answer is asked for -----------------------------------------------------------

  private static void require(Answer answer, Path folder) throws Throwable {
    if (answer instanceof NotCompiled line) {
      String messages = compile(line.line, folder);
      assertTrue(messages.contains(line.words), messages);
    } else if (answer instanceof Refused refused) {
      Throwable thrown = assertThrows(RuntimeException.class, refused.attempt);
      assertTrue(String.valueOf(thrown.getMessage()).contains(refused.words), thrown::toString);
    } else if (answer instanceof Impossible impossible) {
      impossible.attempt.execute();
    } else if (answer instanceof Killed killed) {
      Map<String, String> failed = ContractRun.of(killed.mutant).failed();
      String said = failed.get(killed.check);
      assertTrue(said != null && said.contains(killed.words), () -> killed + ": " + failed);
    }
  }

  /** What the compiler says to a method with this line in it. */
  private static String compile(String line, Path folder) throws IOException {
    String source =
        """
        import io.github.backstay.core.*;
        import io.github.backstay.regularizers.*;
        class Attempt {
          void attempt(Objective objective, StateDict saved, double norm) {
            var unused = %s;
          }
        }
        """
            .formatted(line);
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Attempt.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    String classPath = System.getProperty("java.class.path");
    List<String> options = List.of("-proc:none", "-cp", classPath, "-d", folder.toString());
    boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(file)).call();
    assertFalse(compiled, () -> line + " compiles");
    return messages.toString();
  }

  // ---- what is attempted --------------------------------------------------------------------

  private interface Penalizing {
    Variable penalty(Tape tape, Variable weight);
  }

  private static void plusAnchor(Penalizing penalizing) {
    try (Tape tape = Tape.create()) {
      Variable weight = weight().on(tape);
      var unused =
          Objective.of("data", weight.sum()).plus("anchor", penalizing.penalty(tape, weight));
    }
  }

  private static Parameter weight() {
    return new Parameter("w", new DMatrixRMaj(1, 2, true, 3.0, -1.0));
  }

  private static Parameter frozenCopy(Variable weight) {
    Parameter copy = new Parameter("copy", weight.toMatrix());
    copy.freeze();
    return copy;
  }

  private static void anchorsAreCopies() {
    Parameter weight = weight();
    DMatrixRMaj given = weight.toMatrix();
    Regularizer pull = Regularizer.l2(0.1).over(weight).towards(given).inLoss();
    Regularizer initial = Regularizer.l2(0.1).over(weight).towardsInitialValue().inLoss();
    weight.set(0, 0, 5.0);
    given.set(0, 0, 5.0);
    assertEquals(3.0, pull.anchorOf(weight).get(0, 0));
    assertEquals(3.0, initial.anchorOf(weight).get(0, 0));
    assertEquals(0.2, pull.value(), 1e-15);
    assertEquals(0.2, initial.value(), 1e-15);
  }

  private static void reusePenalty() {
    Parameter weight = weight();
    Regularizer pull = Regularizer.l2(0.1).over(weight).inLoss();
    try (Tape tape = Tape.create()) {
      Variable once = pull.penalty(tape);
      tape.reset();
      var unused = Objective.of("data", weight.on(tape).sum()).plus("anchor", once);
    }
  }

  private static void wrongGroup() {
    Regularizer pull = Regularizer.l2(0.1).over(weight()).coupled();
    Optimizer.builder().group("all", weight(), Sgd.of(0.1), pull);
  }

  private static void wrongWay() {
    Parameter weight = weight();
    Regularizer pull = Regularizer.l2(0.1).over(weight).inLoss();
    Optimizer.builder().group("all", weight, Sgd.of(0.1), pull);
  }

  private static void coupledInTheLoss() {
    Regularizer pull = Regularizer.l2(0.1).over(weight()).coupled();
    try (Tape tape = Tape.create()) {
      var unused = pull.penalty(tape);
    }
  }

  private static void sameTwice() {
    Parameter weight = weight();
    Regularizer pull = Regularizer.l2(0.1).over(weight).coupled();
    Optimizer.builder().group("all", weight, Sgd.of(0.1), pull, pull);
  }

  private static void notesTellOfTwo() {
    Parameter weight = weight();
    Regularizer pull = Regularizer.l2(0.1).over(weight).coupled();
    Optimizer optimizer =
        Optimizer.builder().group("all", weight, Sgd.of(0.1).withWeightDecay(0.1), pull).build();
    assertTrue(optimizer.notes().get(0).contains("is pulled by 2 terms"));
  }

  private static void allFrozen() {
    Parameter weight = weight();
    Regularizer pull = Regularizer.l2(0.1).over(weight).inLoss();
    weight.freeze();
    try (Tape tape = Tape.create()) {
      var unused = pull.penalty(tape);
    }
  }
}
