package io.github.backstay.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeTest {

  @Test
  void jarsOfTheirOwnCountWhole(@TempDir Path folder) throws IOException {
    Path a = Files.write(folder.resolve("a.jar"), new byte[30]);
    Path b = Files.write(folder.resolve("b.jar"), new byte[400]);
    assertEquals(
        List.of(
            new Code("core", folder.getFileName().toString(), null),
            new Code("ejml-core", "a.jar", 30L),
            new Code("ejml-ddense", "b.jar", 400L)),
        Code.parts(folder, a, b));
  }

  @Test
  void ofOneJarCountsWhatIsNeeded(@TempDir Path folder) throws IOException {
    Path jar = folder.resolve("all.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setMethod(ZipOutputStream.DEFLATED);
      zip.setLevel(0); // the sizes below: 5 bytes more than the content
      put(zip, "io/github/backstay/core/Tape.class", 20);
      put(zip, "io/github/backstay/core/ops/Tanh.class", 3);
      put(zip, "io/github/backstay/corelli/Violin.class", 700);
      put(zip, "io/github/backstay/nn/Linear.class", 700);
      put(zip, "org/ejml/data/DMatrixRMaj.class", 100);
      put(zip, "picocli/CommandLine.class", 700);
    }
    assertEquals(
        List.of(new Code("core", "all.jar", 33L), new Code("EJML", "all.jar", 105L)),
        Code.parts(jar, jar, jar));
  }

  private static void put(ZipOutputStream zip, String name, int size) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(new byte[size]);
    zip.closeEntry();
  }

  @Test
  void refusesWhatIsNoJar(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("no.jar"), "text");
    String message =
        String.valueOf(
            assertThrows(StartException.class, () -> Code.parts(text, text, text)).getMessage());
    assertTrue(message.startsWith("start: " + text + " cannot be read: "), message);
  }
}
