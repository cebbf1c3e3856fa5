package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.SentimentTreebank;
import io.github.backstay.benchmarks.data.SentimentTreebank.Split;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.data.WordSimilarity.Agreement;
import io.github.backstay.benchmarks.data.WordVectors;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backstay vectors FILE}: what is in a file of word vectors. */
@Command(
    name = "vectors",
    description = "Shows the size of a file of word vectors, what it covers, and how well it fits.")
final class VectorsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "Word vectors as text (GloVe, word2vec), plain or in gzip.")
  private Path file = Path.of("");

  @Option(
      names = "--wordsim",
      paramLabel = "DIR",
      description = "Word similarity files, *.txt: word, tab, word, tab, score.")
  private @Nullable Path wordSimilarity;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Sentiment trees: train.txt, dev.txt and test.txt.")
  private @Nullable Path treebank;

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    WordVectors vectors = WordVectors.read(file);
    List<Table> tables = new ArrayList<>();
    if (treebank != null) {
      tables.add(coverage(vectors, SentimentTreebank.read(treebank)));
    }
    if (wordSimilarity != null) {
      tables.add(agreement(vectors, WordSimilarity.readAll(wordSimilarity)));
    }
    double[] norms = new double[vectors.size()];
    Arrays.setAll(norms, vectors::norm);
    Arrays.sort(norms);
    out.println(file + ": " + vectors);
    out.printf(
        Locale.ROOT,
        "norms %.2f .. %.2f, median %.2f%n",
        norms[0],
        norms[norms.length - 1],
        norms[norms.length / 2]);
    for (Table table : tables) {
      out.println();
      out.print(TextTable.format(table));
    }
  }

  private static Table coverage(WordVectors vectors, SentimentTreebank treebank) {
    Vocabulary vocabulary = new Vocabulary(vectors);
    Table table =
        new Table(
            "Share of the tokens that have a vector",
            Column.text("part"),
            Column.number("sentences"),
            Column.number("covered"));
    for (Split split : Split.values()) {
      var sentences = treebank.sentences(split);
      double share = vocabulary.coverage(sentences);
      table.row(
          split.name().toLowerCase(Locale.ROOT),
          String.valueOf(sentences.size()),
          String.format(Locale.ROOT, "%.1f %%", 100 * share));
    }
    return table;
  }

  private static Table agreement(WordVectors vectors, List<WordSimilarity> collections) {
    Table table =
        new Table(
            "Rank correlation (Spearman) of cosine and human judgement",
            Column.text("collection"),
            Column.number("pairs"),
            Column.number("left out"),
            Column.number("correlation"));
    for (WordSimilarity collection : collections) {
      Agreement agreement = collection.agreement(vectors);
      table.row(
          agreement.name(),
          String.valueOf(agreement.pairs()),
          String.valueOf(agreement.missing()),
          Double.isNaN(agreement.spearman())
              ? "undefined"
              : String.format(Locale.ROOT, "%.3f", agreement.spearman()));
    }
    return table;
  }
}
