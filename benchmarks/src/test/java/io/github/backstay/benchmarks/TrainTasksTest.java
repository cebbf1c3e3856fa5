package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.core.StateDict;
import io.github.backstay.nn.files.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All tasks and encoders, on small files, through the command line. */
class TrainTasksTest {

  private static final List<String> WORDS =
      List.of("good", "bad", "film", "man", "dog", "runs", "sleeps", "not", "very");

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeSmallFiles() throws IOException {
    List<String> trees = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      trees.add("(4 (3 good) (2 (2 very) (2 film)))");
      trees.add("(0 (1 (1 bad) (2 unheard-of)) (2 film))");
      trees.add("(1 (2 not) (3 (3 good) (2 (2 dog) (2 runs))))");
      trees.add("(3 (2 not) (1 bad))");
      trees.add("(2 (2 man) (2 sleeps))");
    }
    for (String part : List.of("train.txt", "dev.txt", "test.txt")) {
      Files.write(folder.resolve(part), trees);
    }
    List<String> pairs = new ArrayList<>();
    pairs.add("pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment");
    List<String> phrases = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String word = WORDS.get(i % WORDS.size());
      pairs.add((3 * i) + "\tA " + word + " runs\tA " + word + " runs not\t3.2\tCONTRADICTION");
      pairs.add((3 * i + 1) + "\tThe man sleeps\tA " + word + " is bad\t1.4\tNEUTRAL");
      pairs.add((3 * i + 2) + "\tA very good film\tA good film\t4.8\tENTAILMENT");
      phrases.add("very good " + word + "\tgood " + word);
      phrases.add("a " + word + " sleeps\tthe " + word + " sleeps not");
    }
    for (String part : List.of("SICK_train.txt", "SICK_trial.txt", "SICK_test_annotated.txt")) {
      Files.write(folder.resolve(part), pairs);
    }
    Files.write(folder.resolve("phrases.txt"), phrases);
    List<String> vectors = new ArrayList<>();
    for (int i = 0; i < WORDS.size(); i++) {
      vectors.add(
          WORDS.get(i) + " " + Math.sin(i + 1.0) + " " + Math.cos(2.0 * i) + " " + 0.1 * (i - 3));
    }
    Files.write(folder.resolve("vectors.txt"), vectors);
    Files.createDirectory(folder.resolve("wordsim"));
    Files.write(
        folder.resolve("wordsim").resolve("few.txt"),
        List.of("good\tvery\t5", "good\tbad\t1", "man\tdog\t4", "runs\tsleeps\t3"));
  }

  private int run(String task, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> args = new ArrayList<>(List.of("train", task, "--data"));
    args.add((task.equals("ppdb") ? folder.resolve("phrases.txt") : folder).toString());
    args.addAll(List.of("--vectors", folder.resolve("vectors.txt").toString()));
    if (task.equals("ppdb")) {
      args.addAll(List.of("--held-out", "4"));
    }
    args.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
  }

  @CanIgnoreReturnValue
  private JsonNode json(String task, String... more) throws IOException {
    Path file = folder.resolve("result.json");
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--json", file.toString()));
    assertEquals(0, run(task, args.toArray(String[]::new)), err.toString());
    return new ObjectMapper().readTree(Files.readString(file));
  }

  private static String weights(JsonNode found, int run) {
    return found.at("/runs/" + run + "/fingerprint").asText();
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @EnumSource
  void everyEncoderLearnsAndNeitherThreadsNorAnInterruptionChangeABit(Network.Kind kind)
      throws IOException {
    List<String> given = new ArrayList<>(List.of("--model", kind.toString(), "--seeds", "1"));
    given.addAll(List.of("--batch", "7", "--piece", "3", "--word-rule", "sgd", "--rate", "0.02"));
    if (kind != Network.Kind.WORD && kind != Network.Kind.IRNN) {
      given.addAll(List.of("--width", "4"));
    }
    if (!kind.readsTrees()) {
      given.addAll(List.of("--word-dropout", "0.1"));
    }
    if (kind == Network.Kind.DAN || kind == Network.Kind.LSTM) {
      given.addAll(List.of("--layers", "2"));
    }
    String[] args = given.toArray(String[]::new);
    JsonNode whole = json("sst", with(args, "--epochs", "4"));
    double first = whole.at("/runs/0/epochs/0/training/terms/data").asDouble();
    double last = whole.at("/runs/0/epochs/3/training/terms/data").asDouble();
    assertTrue(last < first, first + " to " + last);
    assertTrue(whole.at("/runs/0/epochs/3/training/terms/words").asDouble() > 0.0);

    JsonNode threads = json("sst", with(args, "--epochs", "4", "--threads", "3"));
    assertEquals(weights(whole, 0), weights(threads, 0));

    String file = folder.resolve("training.safetensors").toString();
    json("sst", with(args, "--epochs", "2", "--save", file));
    JsonNode resumed = json("sst", with(args, "--epochs", "4", "--save", file, "--resume"));
    assertEquals(weights(whole, 0), weights(resumed, 0));
    for (int e = 0; e < 4; e++) {
      String epoch = "/runs/0/epochs/" + e;
      assertEquals(whole.at(epoch + "/training/terms"), resumed.at(epoch + "/training/terms"));
      assertEquals(whole.at(epoch + "/test"), resumed.at(epoch + "/test"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sick-similarity", "sick-entailment", "ppdb"})
  void pairsAreLearntTheSameOnAnyNumberOfThreads(String task) throws IOException {
    String[] args = {
      "--model",
      "gru",
      "--width",
      "4",
      "--seeds",
      "2",
      "--batch",
      "5",
      "--piece",
      "2",
      "--epochs",
      "5",
      "--rate",
      "0.02",
      "--wordsim",
      folder.resolve("wordsim").toString()
    };
    JsonNode one = json(task, args);
    JsonNode two = json(task, with(args, "--threads", "2"));
    for (int run = 0; run < 2; run++) {
      assertEquals(weights(one, run), weights(two, run));
      double first = one.at("/runs/" + run + "/epochs/0/training/terms/data").asDouble();
      double last = one.at("/runs/" + run + "/epochs/4/training/terms/data").asDouble();
      assertTrue(last < first, first + " to " + last);
      assertTrue(one.at("/runs/" + run + "/similarity/few").isNumber(), one.toString());
    }
    assertNotEquals(weights(one, 0), weights(one, 1));
    JsonNode free = json(task, with(args, "--embeddings", "free"));
    JsonNode bug = json(task, with(args, "--embeddings", "data-bug"));
    assertEquals(weights(free, 0), weights(bug, 0));
    assertNotEquals(weights(free, 0), weights(one, 0));
  }

  @Test
  void theMeasuresAreThoseOfTheTask() throws IOException {
    String[] few = {"--seeds", "1", "--epochs", "1"};
    assertEquals(
        List.of("Pearson", "Spearman", "mean squared error"),
        names(json("sick-similarity", few).at("/summary/testLast")));
    assertEquals(List.of("accuracy"), names(json("sick-entailment", few).at("/summary/testLast")));
    assertEquals(
        List.of("accuracy of the nearest", "mean reciprocal rank"),
        names(json("ppdb", few).at("/summary/testLast")));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void anEncoderOfOneTaskIsTakenOverByAnother() throws IOException {
    String file = folder.resolve("phrases.safetensors").toString();
    String[] small = {"--model", "gru", "--width", "4", "--seeds", "1"};
    json("ppdb", with(small, "--epochs", "6", "--rate", "0.05", "--save", file));
    JsonNode held =
        json(
            "sick-similarity",
            with(
                small,
                "--type",
                "reg",
                "--from",
                file,
                "--lrw",
                "1e6",
                "--lrc",
                "1e6",
                "--rule",
                "sgd",
                "--rate",
                "1e-7",
                "--epochs",
                "1"));
    // So hard a pull leaves the encoder where it came from, not where it is drawn from.
    assertTrue(held.at("/runs/0/epochs/0/training/drift").asDouble() < 1e-6, held.toString());
    assertEquals(
        List.of("data", "encoder", "output", "words"),
        names(held.at("/runs/0/epochs/0/training/terms")));
    JsonNode spared =
        json(
            "sick-similarity",
            with(small, "--type", "reg", "--from", file, "--spare-output", "--epochs", "1"));
    assertEquals(
        List.of("data", "encoder", "words"), names(spared.at("/runs/0/epochs/0/training/terms")));
    JsonNode other = json("sick-similarity", with(small, "--from", file, "--epochs", "1"));
    assertNotEquals(
        weights(other, 0), weights(json("sick-similarity", with(small, "--epochs", "1")), 0));
    requireRefused(
        "another encoder",
        "holds another encoder",
        "sick-similarity",
        "--model",
        "gru",
        "--width",
        "5",
        "--from",
        file);
    requireRefused("no model", "--type reg needs --from", "sst", "--type", "reg");
  }

  @Test
  void fiveClassesPhrasesAndRowsOfUnknownWordsAreThere() throws IOException {
    String[] few = {"--seeds", "1", "--epochs", "2", "--rate", "0.05"};
    JsonNode two = json("sst", few);
    JsonNode five = json("sst", with(few, "--classes", "5", "--phrases"));
    assertEquals(48, two.at("/sizes/train").asInt());
    assertEquals(276, five.at("/sizes/train").asInt()); // all nodes of 60 trees
    assertEquals(8, two.at("/sizes/rows").asInt()); // good very film bad not dog runs, and one
    JsonNode own = json("sst", with(few, "--unknown", "0.05"));
    assertEquals(two.at("/sizes/rows").asInt() + 1, own.at("/sizes/rows").asInt());
    assertEquals(two.at("/sizes/coverage"), own.at("/sizes/coverage"));
    JsonNode rep = json("sst", with(few, "--type", "rep"));
    assertEquals(0.0, rep.at("/runs/0/epochs/1/training/drift").asDouble());
  }

  @Test
  void curvesAreDrawnAndSeveralSeedsAreSavedApart() throws IOException {
    Path curves = folder.resolve("curves.svg");
    Path file = folder.resolve("model.safetensors");
    json(
        "sst",
        "--seeds",
        "2",
        "--epochs",
        "3",
        "--curves",
        curves.toString(),
        "--save",
        file.toString());
    assertTrue(Files.readString(curves).contains("<svg"));
    assertTrue(Files.exists(folder.resolve("model-1.safetensors")));
    assertTrue(Files.exists(folder.resolve("model-2.safetensors")));
    assertTrue(!Files.exists(file));
  }

  @Test
  void aTrainingIsNotTakenUpWithOtherOptionsOrFromAnotherFile() throws IOException {
    String file = folder.resolve("model.safetensors").toString();
    json("sst", "--seeds", "1", "--epochs", "2", "--save", file);
    String[] again = {"sst", "--seeds", "1", "--epochs", "3", "--save", file, "--resume"};
    requireRefused("another strength", "lw 0.001, not 0.5", with(again, "--lw", "0.5"));
    requireRefused("another rate", "rate 0.001, not 0.5", with(again, "--rate", "0.5"));
    requireRefused("another width", "hidden 50, not 3", with(again, "--hidden", "3"));
    requireRefused("another model", "model word, not gru", with(again, "--model", "gru"));
    requireRefused("another seed", "seed 1, not 4", with(again, "--first-seed", "4"));
    String[] new3 = {"sst", "--seeds", "1", "--epochs", "3", "--save", file};
    requireRefused("no resume", "is there already", new3);
    String[] fewer = {"sst", "--seeds", "1", "--epochs", "1", "--save", file, "--resume"};
    requireRefused("fewer epochs", "has 2 epochs already", fewer);
    reverse("vectors.txt");
    requireRefused("words in another order", "was saved by a training with", again);
    reverse("vectors.txt");
    reverse("train.txt");
    requireRefused("examples in another order", "with data", again);
    reverse("train.txt");
    Files.writeString(Path.of(file), "not a checkpoint");
    requireRefused("not a checkpoint", "model.safetensors", again);
    requireRefused("nothing to go on from", "--resume needs --save", "sst", "--resume");
    requireRefused("not from a training", "phrases.txt", "sst", "--from", folder + "/phrases.txt");
    requireRefused("no such file", "nowhere.x", "sst", "--from", folder + "/nowhere.x");
  }

  private void reverse(String name) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve(name)));
    Collections.reverse(lines);
    Files.write(folder.resolve(name), lines);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "run.epoch|-3",
        "run.epoch|2000000000",
        "run.epoch|99999999999999999999",
        "run.seed|x",
        "run.more.epochs|[]",
        "run.more.epochs|null",
        "run.more.epochs|[null,null]",
        "run.more.epochs|[{},{}]",
        "run.more.setup|null",
        "run.more.setup|{",
      })
  void aCheckpointWhoseTextsWereChangedIsRefused(String name, String text) throws IOException {
    Path file = folder.resolve("model.safetensors");
    json("sst", "--seeds", "1", "--epochs", "2", "--save", file.toString());
    StateDict whole = Safetensors.read(file);
    StateDict.Builder changed = StateDict.builder();
    whole.names().forEach(each -> changed.put(each, whole.matrix(each)));
    whole.texts().forEach((each, old) -> changed.text(each, each.equals(name) ? text : old));
    Safetensors.write(file, changed.build());
    String[] again = {"sst", "--seeds", "1", "--epochs", "3", "--save", file + "", "--resume"};
    requireRefused(name + " " + text, "model.safetensors", again);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    requireRefused("trees for texts", "parsed sentences", "sick-similarity", "--model", "tree");
    requireRefused("classes", "--classes must be 2 or 5", "sst", "--classes", "3");
    requireRefused("type", "--type rep freezes", "sst", "--type", "rep", "--embeddings", "free");
    requireRefused("tree", "--hidden has no effect", "sst", "--model", "tree", "--hidden", "3");
    requireRefused("text", "--dropout has no effect", "sst", "--dropout", "0.1");
    requireRefused("word", "--width has no effect", "sst", "--width", "7");
    requireRefused("normal", "--lrw has no effect", "sst", "--lrw", "7");
    requireRefused("free", "--lw has no effect", "sst", "--embeddings", "free", "--lw", "7");
    requireRefused("no output", "--spare-output has no effect", "ppdb", "--spare-output");
    requireRefused("all frozen", "nothing to train", "ppdb", "--type", "rep");
    requireRefused("one pair", "from 2", "ppdb", "--held-out", "4", "--limit", "1");
    requireRefused("same file", "are the same file", "sst", "--json", "x", "--curves", "x");
    String below = folder.resolve("vectors.txt").resolve("x.json").toString();
    requireRefused("no directory", "cannot be written", "sst", "--json", below);
    String last = String.valueOf(Long.MAX_VALUE);
    requireRefused("last seed", "--first-seed must be at most", "sst", "--first-seed", last);
    requireRefused("threads", "--threads must be at least 1", "sst", "--threads", "0");
    requireRefused("piece", "--piece must be at least 1", "sst", "--piece", "0");
    requireRefused("clip", "--clip must be greater than 0", "sst", "--clip", "0");
    requireRefused("model", "there is no \"bert\"", "sst", "--model", "bert");
    requireRefused("dropout", "--dropout must be at least 0", "sst", "--dropout", "1");
    requireRefused("margin", "--margin must be from 0 to 2", "ppdb", "--margin", "-1");
    requireRefused("few pairs", "too few", "ppdb", "--held-out", "40");
    requireRefused(
        "words of trees",
        "--word-dropout has no effect",
        "sst",
        "--model",
        "tree",
        "--word-dropout",
        "0.1");
    requireRefused("drift", "not with --resume", "sst", "--save", "x", "--resume", "--drift", "1");
  }

  @Test
  void neutralTreesAloneAreNoDataForTwoClasses() throws IOException {
    Files.writeString(folder.resolve("dev.txt"), "(2 (2 man) (2 sleeps))");
    requireRefused("neutral", "has no tree with a polarity", "sst");
    assertEquals(0, run("sst", "--classes", "5", "--seeds", "1", "--epochs", "1"), err.toString());
  }

  @Test
  void aBatchOfEverythingIsOneStep() throws IOException {
    String most = String.valueOf(Integer.MAX_VALUE);
    JsonNode all = json("sst", "--seeds", "1", "--epochs", "2", "--batch", most);
    JsonNode same = json("sst", "--seeds", "1", "--epochs", "2", "--batch", "48");
    assertEquals(weights(same, 0), weights(all, 0));
  }

  @Test
  void aTrainingThatDivergesEndsWithOneLineAndExitCodeOne() {
    String[] wild = {"--seeds", "1", "--epochs", "2", "--rule", "sgd", "--rate", "1e300"};
    assertEquals(1, run("sst", wild), err.toString());
    assertTrue(err.toString().contains("not finite"), err.toString());
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
  }

  private void requireRefused(String what, String expected, String task, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("train", task, "--data"));
    all.add((task.equals("ppdb") ? folder.resolve("phrases.txt") : folder).toString());
    all.addAll(List.of("--vectors", folder.resolve("vectors.txt").toString()));
    all.addAll(List.of(args));
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    assertEquals(2, code, what + ": " + out + err);
    assertTrue(err.toString().contains(expected), what + ": " + err);
    assertEquals(1, err.toString().strip().lines().count(), what + ": " + err);
  }

  private void requireRefused(String what, String expected, String[] taskAndArgs) {
    requireRefused(
        what,
        expected,
        taskAndArgs[0],
        List.of(taskAndArgs).subList(1, taskAndArgs.length).toArray(String[]::new));
  }
}
