package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.ModuleCatalogue.Entry;
import io.github.backstay.nn.ModuleCatalogue.Subject;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModuleContractTest {

  private static final double STEP = 1e-3;
  private static final double TOLERANCE = 1e-9;

  /** A way to run a forward pass; every call draws the same numbers. */
  private record Mode(String name, Supplier<Pass> pass) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Mode> MODES =
      List.of(
          new Mode("evaluation", Pass::evaluation),
          new Mode("training", () -> Pass.training(new Seeds(7).generator(1, "pass"))));

  static Stream<Entry> entries() {
    return ModuleCatalogue.entries().stream();
  }

  static Stream<Arguments> casesOfGradients() {
    return entries()
        .flatMap(
            entry ->
                MODES.stream()
                    .flatMap(
                        mode ->
                            Stream.of(0, 1, 3)
                                .filter(rows -> rows >= smallestBatch(entry, mode))
                                .map(rows -> Arguments.of(entry, mode, rows))));
  }

  private static int smallestBatch(Entry entry, Mode mode) {
    return mode.pass().get().isTraining() ? entry.smallestBatch() : 0;
  }

  @Test
  void everyPublicModuleIsInTheCatalogue() throws IOException, URISyntaxException {
    Path classes =
        Path.of(Module.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name =
            classes.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        if (name.endsWith("package-info.class") || name.startsWith("META-INF")) {
          continue;
        }
        Class<?> type = load(name.substring(0, name.length() - ".class".length()));
        boolean isModule =
            Module.class.isAssignableFrom(type) || Layer.class.isAssignableFrom(type);
        if (isModule
            && Modifier.isPublic(type.getModifiers())
            && !Modifier.isAbstract(type.getModifiers())) {
          found.add(type.getName());
        }
      }
    }

    assertTrue(found.contains(Linear.class.getName()), "looked in the wrong place");
    assertEquals(found, entries().map(entry -> entry.type().getName()).collect(Collectors.toSet()));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Module.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void parametersAreListedInOrder(Entry entry) {
    Parameterized module = entry.make(1).module();

    assertEquals(entry.parameters(), module.parameters().stream().map(Parameter::name).toList());
  }

  @ParameterizedTest
  @MethodSource("casesOfGradients")
  void gradientOfTheInputMatchesDifferences(Entry entry, Mode mode, int rows) {
    Subject subject = entry.make(2);
    DMatrixRMaj input = ModuleCatalogue.input(rows, entry.in(), 3);
    GradientCheck check =
        GradientCheck.of(x -> subject.forward().apply(x[0], mode.pass().get()))
            .withStep(STEP)
            .withTolerance(TOLERANCE);

    check.at(input).requirePassed();
    check.secondOrder().at(input).requirePassed();
  }

  @ParameterizedTest
  @MethodSource("casesOfGradients")
  void gradientOfEveryParameterMatchesDifferences(Entry entry, Mode mode, int rows) {
    Subject subject = entry.make(4);
    DMatrixRMaj input = ModuleCatalogue.input(rows, entry.in(), 5);
    if (subject.module().parameters().isEmpty()) {
      return;
    }
    try (Tape tape = Tape.create()) {
      Variable output = subject.forward().apply(tape.constant(input), mode.pass().get());
      DMatrixRMaj cotangent = ModuleCatalogue.input(output.rows(), output.cols(), 6);
      Gradients gradients = tape.gradients(output, cotangent);
      for (Parameter parameter : subject.module().parameters()) {
        DMatrixRMaj exact = gradients.of(parameter).toMatrix();
        for (int i = 0; i < parameter.rows(); i++) {
          for (int j = 0; j < parameter.cols(); j++) {
            double numeric = difference(subject, mode, input, cotangent, parameter, i, j);
            double scale = Math.max(1.0, Math.abs(numeric));
            String where = parameter + ", entry (" + i + ", " + j + ")";
            assertEquals(numeric, exact.get(i, j), TOLERANCE * scale, where);
          }
        }
      }
    }
  }

  /** Five points, as in {@link GradientCheck}. */
  private static double difference(
      Subject subject,
      Mode mode,
      DMatrixRMaj input,
      DMatrixRMaj cotangent,
      Parameter parameter,
      int row,
      int col) {
    double at = parameter.get(row, col);
    double[] offsets = {-2.0, -1.0, 1.0, 2.0};
    double[] weights = {1.0, -8.0, 8.0, -1.0};
    double sum = 0.0;
    for (int k = 0; k < offsets.length; k++) {
      parameter.set(row, col, at + offsets[k] * STEP);
      try (Tape tape = Tape.create()) {
        Variable output = subject.forward().apply(tape.constant(input), mode.pass().get());
        sum += weights[k] * output.dot(tape.constant(cotangent)).toDouble();
      }
    }
    parameter.set(row, col, at);
    return sum / (12.0 * STEP);
  }

  @ParameterizedTest
  @MethodSource("casesOfGradients")
  void outputHasOneRowPerExampleAndTheInputIsUnchanged(Entry entry, Mode mode, int rows) {
    DMatrixRMaj input = ModuleCatalogue.input(rows, entry.in(), 8);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(input);

      assertEquals(rows, entry.make(9).forward().apply(x, mode.pass().get()).rows());
      assertArrayEquals(input.data, x.toMatrix().data);
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void forwardKeepsNothingAndWritesNoParameter(Entry entry) {
    Subject subject = entry.make(10);
    DMatrixRMaj input = ModuleCatalogue.input(3, entry.in(), 11);
    List<Long> versions = subject.module().parameters().stream().map(Parameter::version).toList();
    for (Mode mode : MODES) {
      List<double[]> first = run(subject, mode, input);
      List<double[]> second = run(subject, mode, input);

      assertSameBits(first, second);
    }
    assertEquals(versions, subject.module().parameters().stream().map(Parameter::version).toList());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void twoTapesInTwoThreadsGiveTheSameAsOne(Entry entry) throws Exception {
    Subject subject = entry.make(12);
    DMatrixRMaj input = ModuleCatalogue.input(3, entry.in(), 13);
    Mode mode = MODES.get(1);
    List<double[]> expected = run(subject, mode, input);
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<List<List<double[]>>> work =
        () -> {
          start.await();
          List<List<double[]>> results = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            results.add(run(subject, mode, input));
          }
          return results;
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<List<List<double[]>>>> both = List.of(threads.submit(work), threads.submit(work));
      for (Future<List<List<double[]>>> one : both) {
        for (List<double[]> result : one.get()) {
          assertSameBits(expected, result);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void frozenParametersGetNoGradientAndChangeNoOther(Entry entry) {
    Subject subject = entry.make(14);
    DMatrixRMaj input = ModuleCatalogue.input(3, entry.in(), 15);
    List<double[]> before = run(subject, MODES.get(0), input);
    subject.module().parameters().forEach(Parameter::freeze);
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(input);
      Variable output = subject.forward().apply(x, Pass.evaluation());
      Gradients gradients = tape.gradients(output.sum().plus(x.sum()));

      assertArrayEquals(before.get(0), output.toMatrix().data);
      assertArrayEquals(before.get(1), gradients.of(x).data);
      for (Parameter parameter : subject.module().parameters()) {
        assertFalse(gradients.contains(parameter), parameter.name());
      }
    }
  }

  /** The output, the gradient by the input, and those by all parameters. */
  private static List<double[]> run(Subject subject, Mode mode, DMatrixRMaj input) {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(input);
      Variable output = subject.forward().apply(x, mode.pass().get());
      Gradients gradients = tape.gradients(output.sum().plus(x.sum())); // reaches x in any case
      List<double[]> results = new ArrayList<>();
      results.add(output.toMatrix().data);
      results.add(gradients.of(x).data);
      for (Parameter parameter : subject.module().parameters()) {
        results.add(gradients.of(parameter).toMatrix().data);
      }
      return results;
    }
  }

  private static void assertSameBits(List<double[]> expected, List<double[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }
}
