package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs every {@code java} block of the README, CONTRIBUTING and docs as it stands
 * there, and compares what it prints with the {@code text} block that follows it.
 */
class DocumentationTest {

  private static final Pattern BLOCK =
      Pattern.compile("```java\\n(.*?)```(?:\\s*```text\\n(.*?)```)?", Pattern.DOTALL);
  private static final Pattern JAVADOC =
      Pattern.compile("<pre>\\{@code(.*?)\\}</pre>", Pattern.DOTALL);
  private static final Pattern PARTS = Pattern.compile("\\n\\s*\\n|\\n(?=\\s*Scope\\.of\\()");
  private static final Pattern FORMULA = Pattern.compile("[←≈·λ]");
  private static final Pattern CLASS = Pattern.compile("public class (\\w+)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  private record Example(Path file, String name, String source, String output) {}

  @TestFactory
  Stream<DynamicTest> everyExampleCompilesRunsAndPrintsWhatItSays(@TempDir Path folder)
      throws IOException {
    List<Example> examples = new ArrayList<>();
    for (Path file : pages()) {
      Matcher block = BLOCK.matcher(Files.readString(file));
      while (block.find()) {
        Matcher name = CLASS.matcher(block.group(1));
        assertTrue(name.find(), () -> file + ": a java block is no complete program");
        String output = block.group(2) == null ? "" : block.group(2);
        examples.add(new Example(file, name.group(1), block.group(1), output));
      }
    }
    assertFalse(examples.isEmpty(), "no example was found");
    return examples.stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.file.getFileName() + ": " + example.name,
                    () -> assertEquals(example.output, run(example, folder))));
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    for (Path file : pages()) {
      Matcher link = LINK.matcher(Files.readString(file));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains(":")) {
          assertTrue(
              Files.exists(file.resolveSibling(target)),
              () -> file.getFileName() + " links to " + target + ", which does not exist");
        }
      }
    }
  }

  @Test
  void continuousIntegrationRunsTheTestCommandOfTheReadme() throws IOException {
    String command = "mvn --batch-mode --no-transfer-progress verify";
    assertTrue(Files.readString(root().resolve("README.md")).contains("\n" + command + "\n"));
    assertTrue(Files.readString(root().resolve(".ci/run")).contains(command));
  }

  @Test
  void everyExampleOfTheJavadocStandsInATestThatRunsIt() throws IOException {
    StringBuilder run = new StringBuilder();
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root())) {
      files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
    }
    for (Path source : sources) {
      if (source.toString().contains("test") && source.resolveSibling("").endsWith("examples")) {
        run.append(squeezed(Files.readString(source)));
      }
    }
    int found = 0;
    for (Path source : sources) {
      if (!source.toString().contains("main")) {
        continue;
      }
      Matcher block = JAVADOC.matcher(Files.readString(source));
      while (block.find()) {
        String text = block.group(1).replaceAll("\\n *\\*", "\n").strip();
        if (!FORMULA.matcher(text).find()) {
          for (String part : PARTS.splitAsStream(text).toList()) {
            assertTrue(
                run.indexOf(squeezed(part)) >= 0,
                () -> source.getFileName() + " shows what no test runs:\n" + part);
            found++;
          }
        }
      }
    }
    assertTrue(found >= 8, "found only " + found);
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }

  private static String run(Example example, Path folder) throws IOException, InterruptedException {
    Path source = Files.createDirectories(folder.resolve(example.name));
    Path file = Files.writeString(source.resolve(example.name + ".java"), example.source);
    String classPath = System.getProperty("java.class.path");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-proc:none", "-cp", classPath, "-d", source.toString()),
                  null,
                  files.getJavaFileObjects(file.toFile()))
              .call();
      assertTrue(compiled, () -> example.file + ": " + messages);
    }
    Path out = source.resolve("out.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Duser.language=en",
                "-cp",
                source + System.getProperty("path.separator") + classPath,
                example.name)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the example does not end");
    String printed = Files.readString(out);
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    pages.add(root().resolve("README.md"));
    pages.add(root().resolve("CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("the project's root was not found");
    }
    return folder;
  }
}
