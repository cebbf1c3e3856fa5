package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fails when an op has no row in the catalogue, or no fluent method. */
class CatalogueCompletenessTest {

  private static final String OPS = "io.github.backstay.core.ops";

  static Iterable<OpCase> rows() {
    return OpCatalogue.ROWS;
  }

  /** The public records of the ops package that are ops, read from the compiled classes. */
  static Set<String> ops() throws IOException, URISyntaxException, ClassNotFoundException {
    Path classes =
        Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(OPS.replace('.', '/'));
    assertTrue(Files.isDirectory(classes), () -> classes + " must be a directory of classes");
    Set<String> ops = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.equals("package-info")) {
          Class<?> type = Class.forName(OPS + "." + name);
          if (type.isRecord() && Op.class.isAssignableFrom(type)) {
            assertTrue(Modifier.isPublic(type.getModifiers()), () -> type + " must be public");
            ops.add(type.getName());
          }
        }
      }
    }
    return ops;
  }

  @Test
  void everyOpHasARow() throws Exception {
    Set<String> listed =
        OpCatalogue.ROWS.stream()
            .map(row -> row.op().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found = ops();
    assertFalse(found.isEmpty());
    assertEquals(found, listed);
  }

  @Test
  void everyOpIsUsedByVariable() throws Exception {
    String constants;
    try (InputStream file =
        Objects.requireNonNull(Variable.class.getResourceAsStream("Variable.class"))) {
      constants = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    for (String op : ops()) {
      assertTrue(
          constants.contains(op.replace('.', '/')), () -> op + " has no fluent method on Variable");
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theFluentMethodRecordsTheOpOfItsRow(OpCase row) {
    assertFalse(row.shapes().isEmpty(), "a row needs shapes");
    try (Tape tape = Tape.create()) {
      Variable y = row.on(tape, row.operands(row.shapes().get(0), Matrices.random(1L)));
      assertEquals(row.op(), Objects.requireNonNull(y.op()).getClass());
      assertTrue(y.toString().contains(Objects.requireNonNull(y.op()).name()));
    }
  }

  @Test
  void rowsHaveNamesOfTheirOwn() {
    Set<String> names = OpCatalogue.ROWS.stream().map(OpCase::name).collect(Collectors.toSet());
    assertEquals(OpCatalogue.ROWS.size(), names.size());
  }
}
