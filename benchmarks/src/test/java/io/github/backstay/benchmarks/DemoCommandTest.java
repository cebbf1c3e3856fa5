package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void showsTheMistakeAndTheCureAndWritesPageAndNumbers() throws IOException {
    assertEquals(0, run("demo", "--out", folder.resolve("new/demo").toString()), err.toString());
    assertTrue(out.toString().contains("left every weight, to the last bit, as without a penalty"));

    JsonNode found = new ObjectMapper().readTree(folder.resolve("new/demo/summary.json").toFile());
    assertTrue(found.at("/bugLeavesWeightsAlone").asBoolean());
    assertEquals("FREE", found.at("/forumBug/0/treatment").asText());
    assertEquals(
        found.at("/forumBug/0/fingerprint").asText(), found.at("/forumBug/1/fingerprint").asText());
    assertTrue(
        found.at("/forumBug/1/epochs/24/cost").asDouble()
            > 2.0 * found.at("/forumBug/0/epochs/24/cost").asDouble());
    assertEquals(14, found.at("/anchoredWords/heldOutSeeds").size());
    assertEquals(4, found.at("/anchoredWords/rows").size());
    for (JsonNode row : found.at("/anchoredWords/rows")) {
      assertEquals(14, row.at("/scores").size());
    }

    String page = Files.readString(folder.resolve("new/demo/report.html"));
    assertEquals(3, page.split("<figure", -1).length - 1);
    assertFalse(page.contains("src=\"http"), "the page loads something");
  }

  @Test
  void badArgumentsEndWithOneLineAndExitCodeTwo() throws IOException {
    assertEquals(2, run("demo", "--seed", "-1"));
    assertEquals(
        "backstay demo: --seed must be from 0 to 2147483647, got -1. See backstay demo --help.",
        err.toString().strip());
    assertEquals(2, run("demo", "--seed", "x"));
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    err.getBuffer().setLength(0);
    assertEquals(2, run("demo", "--out", file.toString()));
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
  }
}
