package io.github.backstay.benchmarks.conformance;

import static io.github.backstay.benchmarks.conformance.Replays.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a layer case may leave out. */
class LayerRunnerTest {

  @TempDir private Path directory = Path.of("");

  private void assertPasses(String reference) {
    Outcome outcome = outcome(directory, reference.replace('\'', '"'));
    assertEquals("PASSED ", outcome.verdict() + " " + outcome.detail());
  }

  private static String matrix(int rows, String data) {
    int cols = data.split(",", -1).length / rows;
    return "'rows': " + rows + ", 'cols': " + cols + ", 'data': [" + data + "]";
  }

  private static String input(String name, int rows, String data) {
    return "{'name': '" + name + "', " + matrix(rows, data) + "}";
  }

  @Test
  void attentionWithoutBiasHasNone() {
    assertPasses(
        "{'name': 'a', 'op': 'multihead_attention', 'attrs': {'heads': 1, 'bias': false},"
            + " 'inputs': ["
            + input("query", 1, "2")
            + ", "
            + input("key", 1, "3")
            + ", "
            + input("value", 1, "5")
            + ", "
            + input("in_proj_weight", 3, "1, 1, 7")
            + ", "
            + input("out_weight", 1, "11")
            + "], 'outputs': {'y': {"
            + matrix(1, "385")
            + "}, 'weights': {"
            + matrix(1, "1")
            + "}}, 'upstreams': {}, 'grads': {}}");
  }

  @ParameterizedTest
  @CsvSource({"'', 0.9", "'\"momentum\": null,', 0", "'\"momentum\": 0.5,', 0.5"})
  void momentumThatIsMissingIsATenthAndNullThePlainAverage(String momentum, String mean) {
    String batch = "-1, 1";
    assertPasses(
        "{'name': 'b', 'op': 'batch_norm_1d', 'attrs': {"
            + momentum
            + " 'affine': false}, 'inputs': ["
            + input("x0", 2, batch)
            + ", "
            + input("x1", 2, batch)
            + ", "
            + input("x2", 2, batch)
            + ", "
            + input("running_mean", 1, "1")
            + ", "
            + input("running_var", 1, "2")
            + "], 'outputs': {'running_mean0': {"
            + matrix(1, mean)
            + "}}, 'upstreams': {}, 'grads': {}}");
  }

  @ParameterizedTest
  @CsvSource({
    "elu, -0.6321205588285577",
    "leaky_relu, -0.01",
    "softsign, -0.5",
    "log_sigmoid, -1.3132616875182228",
    "identity, -1",
    "sin, -0.8414709848078965",
    "cos, 0.5403023058681398",
    "erf, -0.8427007929497149",
    "abs, 1"
  })
  void activationsAreKnown(String name, String atMinusOne) {
    assertPasses(
        "{'name': 'm', 'op': 'mlp', 'attrs': {'layers': 2, 'bias': false, 'activation': '"
            + name
            + "'}, 'inputs': ["
            + input("x", 1, "-1")
            + ", "
            + input("w0", 1, "1")
            + ", "
            + input("w1", 1, "1")
            + "], 'outputs': {'y': {"
            + matrix(1, atMinusOne)
            + "}}, 'upstreams': {}, 'grads': {}}");
  }
}
