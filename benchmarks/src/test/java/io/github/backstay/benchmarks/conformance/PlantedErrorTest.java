package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The replay is tested with expectations that are wrong: in one case of every form, each expected
 * member in turn gets one number that is a little off, and the case must fail.
 */
class PlantedErrorTest {

  /** What goes in; everything else of a case says what must come out. */
  private static final Set<String> GIVEN =
      Set.of(
          "name",
          "op",
          "kind",
          "attrs",
          "tags",
          "args",
          "inputs",
          "params",
          "groups",
          "steps",
          "program",
          "programs",
          "result",
          "upstream",
          "upstreams",
          "gradients",
          "documents",
          "labels",
          "batches",
          "metrics",
          "vector",
          "optimizer",
          "how");

  /** Collects the cases of a file. */
  private record Collector(List<ObjectNode> cases) implements ReferenceFile.Visitor {
    @Override
    public void found(JsonNode node) {
      cases.add((ObjectNode) node);
    }

    @Override
    public void damaged(String place, String problem) {
      throw new AssertionError(place + ": " + problem);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyPlantedErrorIsFound() {
    List<DynamicTest> tests = new ArrayList<>();
    Set<String> forms = new HashSet<>();
    for (Path file : files()) {
      Collector collector = new Collector(new ArrayList<>());
      ReferenceFile.read(file).visit(collector);
      for (ObjectNode found : collector.cases) {
        if (judge(found).verdict() == Verdict.PASSED && forms.add(form(found))) {
          tests.add(
              DynamicTest.dynamicTest(
                  form(found) + ": " + found.get("name").textValue(), () -> plant(found)));
        }
      }
    }
    assertTrue(tests.size() >= 18, "only " + tests.size() + " forms");
    return tests.stream();
  }

  /** What kind of case it is, by the names of its members. */
  private static String form(ObjectNode found) {
    List<String> names = new ArrayList<>();
    found.fieldNames().forEachRemaining(names::add);
    names.remove("tags");
    return (found.has("kind") ? found.get("kind").textValue() : "") + names;
  }

  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    try (var entries = Files.list(Replays.resources())) {
      entries.filter(ReferenceFile::hasName).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static Outcome judge(JsonNode node) {
    Replay replay = new Replay();
    replay.found(node);
    return replay.outcomes().get(0);
  }

  private static void plant(ObjectNode found) {
    List<ArrayNode> lists = new ArrayList<>();
    List<ObjectNode> holders = new ArrayList<>();
    List<String> members = new ArrayList<>();
    collect(found, lists, holders, members);
    assertTrue(lists.size() + holders.size() > 0, "nothing is expected");
    for (ArrayNode list : lists) {
      for (int i : new int[] {0, list.size() - 1}) {
        JsonNode before = list.get(i);
        list.set(i, list.numberNode(off(before.doubleValue())));
        assertEquals(Verdict.FAILED, judge(found).verdict(), list + " with entry " + i);
        list.set(i, before);
      }
    }
    for (int i = 0; i < holders.size(); i++) {
      JsonNode before = holders.get(i).get(members.get(i));
      holders.get(i).put(members.get(i), off(before.doubleValue()));
      assertEquals(Verdict.FAILED, judge(found).verdict(), members.get(i));
      holders.get(i).set(members.get(i), before);
    }
    assertEquals(Verdict.PASSED, judge(found).verdict(), "after all is as before");
  }

  /** A little off, by more than any tolerance. */
  private static double off(double x) {
    return x + 3e-7 * Math.max(1.0, Math.abs(x));
  }

  /** Finds lists of numbers, at most a few of each list of lists, and numbers by name. */
  private static void collect(
      JsonNode node, List<ArrayNode> lists, List<ObjectNode> holders, List<String> members) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              entry -> {
                boolean shape = entry.getKey().equals("rows") || entry.getKey().equals("cols");
                if (GIVEN.contains(entry.getKey()) || shape) {
                  return;
                }
                if (entry.getValue().isNumber()) {
                  holders.add(object);
                  members.add(entry.getKey());
                } else {
                  collect(entry.getValue(), lists, holders, members);
                }
              });
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      if (array.get(0).isNumber()) {
        lists.add(array);
      } else {
        collect(array.get(0), lists, holders, members);
        collect(array.get(array.size() - 1), lists, holders, members);
      }
    }
  }
}
