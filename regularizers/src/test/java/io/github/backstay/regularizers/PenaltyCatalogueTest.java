package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No restraint of the library is without a contract test. */
class PenaltyCatalogueTest {

  @Test
  void everyRestraintIsInTheCatalogueOrHasAContractTestOfItsOwn()
      throws IOException, URISyntaxException {
    Path classes = Path.of(L2.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> missing = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String path = classes.relativize(file).toString().replace('\\', '/');
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (!name.endsWith("package-info") && isConcreteRestraint(name)) {
          missing.add(name);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    assertTrue(missing.contains(L2.class.getName()), "the search itself must find restraints");
    for (PenaltyCase row : PenaltyCatalogue.ROWS) {
      missing.remove(row.type().getName());
      assertEquals(row.type(), row.penalty(2, 3).getClass(), row.name());
    }
    missing.remove(BallContractTest.balls().get(0).getClass().getName());
    assertEquals(Set.of(), missing, "give these a row in the catalogue");
  }

  private static boolean isConcreteRestraint(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, Restraint.class.getClassLoader());
    return Restraint.class.isAssignableFrom(type)
        && !type.isInterface()
        && !Modifier.isAbstract(type.getModifiers());
  }

  @Test
  void rowsHaveTheirOwnNames() {
    Set<String> names =
        PenaltyCatalogue.ROWS.stream().map(PenaltyCase::name).collect(Collectors.toSet());
    assertEquals(PenaltyCatalogue.ROWS.size(), names.size());
  }
}
