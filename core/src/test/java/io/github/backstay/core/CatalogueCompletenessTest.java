package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.LossTerms;
import io.github.backstay.core.ops.Losses;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fails when an op has no row in the catalogue, or cannot be reached. */
class CatalogueCompletenessTest {

  private static final String OPS = "io.github.backstay.core.ops";

  static Iterable<OpCase> rows() {
    return OpCatalogue.ROWS;
  }

  /** All classes of the ops package, read from the directory of compiled classes. */
  static List<Class<?>> classes() throws IOException, URISyntaxException, ClassNotFoundException {
    Path directory =
        Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(OPS.replace('.', '/'));
    assertTrue(Files.isDirectory(directory), () -> directory + " must be a directory of classes");
    List<Class<?>> classes = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.class")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.equals("package-info")) {
          classes.add(Class.forName(OPS + "." + name));
        }
      }
    }
    return classes;
  }

  /** The public records of the ops package that are ops. */
  static Set<String> ops() throws IOException, URISyntaxException, ClassNotFoundException {
    Set<String> ops = new TreeSet<>();
    for (Class<?> type : classes()) {
      if (type.isRecord() && Op.class.isAssignableFrom(type)) {
        assertTrue(Modifier.isPublic(type.getModifiers()), () -> type + " must be public");
        ops.add(type.getName());
      }
    }
    return ops;
  }

  /** The public classes of the ops package that hold ops or static forms. */
  static List<Class<?>> families() throws IOException, URISyntaxException, ClassNotFoundException {
    return classes().stream()
        .filter(type -> type.getDeclaringClass() == null && Modifier.isPublic(type.getModifiers()))
        .toList();
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
  void everyOpHasAFluentMethodOrAStaticForm() throws Exception {
    Set<String> used = new TreeSet<>(used(Variable.class));
    for (Class<?> family : families()) {
      used.addAll(used(family));
    }
    for (String op : ops()) {
      assertTrue(
          used.contains(op.replace('.', '/')),
          () -> op + " has no fluent method on Variable and no static form in its family");
    }
  }

  @Test
  void anOpIsNotUsedByBeingDeclared() throws Exception {
    String huber = LossTerms.Huber.class.getName().replace('.', '/');
    assertFalse(used(LossTerms.class).contains(huber));
    assertTrue(used(Losses.class).contains(huber));
  }

  /**
   * The classes whose fields or methods the code of a class itself uses, not that of the classes
   * within it: read from the constant pool of its class file (Java Virtual Machine Specification,
   * §4.4).
   */
  static Set<String> used(Class<?> type) throws IOException {
    try (DataInputStream file =
        new DataInputStream(
            Objects.requireNonNull(type.getResourceAsStream(type.getSimpleName() + ".class")))) {
      file.skipNBytes(8);
      int count = file.readUnsignedShort();
      String[] texts = new String[count];
      int[] names = new int[count];
      List<Integer> owners = new ArrayList<>();
      for (int i = 1; i < count; i++) {
        int tag = file.readUnsignedByte();
        switch (tag) {
          case 1 -> texts[i] = file.readUTF();
          case 7 -> names[i] = file.readUnsignedShort();
          case 9, 10, 11 -> {
            owners.add(file.readUnsignedShort());
            file.skipNBytes(2);
          }
          case 8, 16, 19, 20 -> file.skipNBytes(2);
          case 15 -> file.skipNBytes(3);
          case 3, 4, 12, 17, 18 -> file.skipNBytes(4);
          case 5, 6 -> {
            file.skipNBytes(8);
            i++; // takes two places
          }
          default -> throw new IOException("unknown tag " + tag + " in " + type);
        }
      }
      return owners.stream()
          .map(owner -> texts[names[owner]])
          .collect(Collectors.toCollection(TreeSet::new));
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
