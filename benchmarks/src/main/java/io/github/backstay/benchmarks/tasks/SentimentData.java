package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.Sentence;
import io.github.backstay.benchmarks.data.SentimentTree;
import io.github.backstay.benchmarks.data.SentimentTreebank;
import io.github.backstay.benchmarks.data.SentimentTreebank.Split;
import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Task;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.core.Indices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Stanford Sentiment Treebank, with five classes or with two. With two, sentences and phrases
 * that are neutral are left out. Sentences are what is measured; what is trained on is the
 * sentences, or all phrases of theirs that have a class.
 */
public final class SentimentData implements TaskData {

  /**
   * What to make of the treebank.
   *
   * @param network the encoder
   * @param classes 2 or 5
   * @param phrases whether to train on all phrases, or on sentences alone
   * @param hidden width of the sigmoid layer between encoder and softmax; trees have none
   * @param dropout what share of a tree node's state is dropped before the softmax
   */
  public record Setting(Network network, int classes, boolean phrases, int hidden, double dropout) {

    /** Checks the number of classes. */
    public Setting {
      if (classes != 2 && classes != 5) {
        throw new IllegalArgumentException(
            "sentiment: there are 2 classes or 5, not " + classes + ".");
      }
    }

    /** The class of a label 0..4, or −1. */
    int classOf(int label) {
      if (classes == SentimentTree.LABELS) {
        return label;
      }
      return label == 2 ? -1 : label > 2 ? 1 : 0;
    }
  }

  private final SentimentTreebank treebank;
  private final Setting setting;
  private final Words words;
  private final double coverage;
  private final Map<Part, LabelledTexts> sentences = new EnumMap<>(Part.class);
  private final Map<Part, List<LabelledTree>> trees = new EnumMap<>(Part.class);

  /**
   * Reads the data.
   *
   * @param directory a directory with {@code train.txt}, {@code dev.txt} and {@code test.txt}
   * @param vectors word vectors as text, plain or gzipped
   * @param similarityFiles a directory of word-similarity files, or null
   * @param unknown what words without a vector start from
   * @param setting what to make of them
   * @throws DataException if a file is missing or is not what it should be
   */
  public SentimentData(
      Path directory,
      Path vectors,
      @Nullable Path similarityFiles,
      UnknownWords unknown,
      Setting setting) {
    this.treebank = SentimentTreebank.read(directory);
    this.setting = setting;
    Set<String> wanted = new LinkedHashSet<>();
    for (Split split : Split.values()) {
      wanted.addAll(Vocabulary.wordsOf(chosen(split)));
    }
    for (Split split : Split.values()) {
      if (chosenTrees(split).isEmpty()) {
        throw DataException.in(
            directory.resolve(split.fileName()),
            "has no tree with a polarity, only neutral ones (need at least one for two classes).");
      }
    }
    this.words = Words.read(vectors, similarityFiles, wanted, unknown, directory);
    this.coverage = words.vocabulary().coverage(chosen(Split.TRAIN));
    for (Split split : Split.values()) {
      Part part = part(split);
      sentences.put(part, texts(chosenTrees(split)));
      if (setting.network.kind().readsTrees()) {
        trees.put(part, labelledTrees(split));
      }
    }
  }

  private static Part part(Split split) {
    return switch (split) {
      case TRAIN -> Part.TRAIN;
      case DEV -> Part.DEV;
      case TEST -> Part.TEST;
    };
  }

  private List<SentimentTree> chosenTrees(Split split) {
    return treebank.trees(split).stream()
        .filter(tree -> setting.classOf(tree.label()) >= 0)
        .toList();
  }

  private List<Sentence> chosen(Split split) {
    return chosenTrees(split).stream().map(SentimentTree::sentence).toList();
  }

  /** The words of trees, or of parts of trees, with the classes at their tops. */
  private LabelledTexts texts(List<SentimentTree> tops) {
    List<Indices> texts = new ArrayList<>(tops.size());
    int[] labels = new int[tops.size()];
    for (int i = 0; i < labels.length; i++) {
      texts.add(Indices.of(words.vocabulary().ids(tops.get(i).tokens())));
      labels[i] = setting.classOf(tops.get(i).label());
    }
    return new LabelledTexts(texts, Indices.of(labels));
  }

  private List<LabelledTree> labelledTrees(Split split) {
    return chosenTrees(split).stream()
        .map(tree -> LabelledTree.of(tree, words.vocabulary(), setting::classOf, setting.phrases))
        .toList();
  }

  @Override
  public Task task(long seed, int limit) {
    LabelledTexts train = get(sentences, Part.TRAIN);
    int[] chosen = Choice.ofEachClass(train.labels(), setting.classes, limit, seed);
    if (setting.network.kind().readsTrees()) {
      List<LabelledTree> all = get(trees, Part.TRAIN);
      List<LabelledTree> some = new ArrayList<>(chosen.length);
      for (int tree : chosen) {
        some.add(all.get(tree));
      }
      return new TreeClassification(
          setting.network, words.table(), setting.classes, setting.dropout, some, trees, seed);
    }
    return new TextClassification(
        setting.network,
        words.table(),
        setting.hidden,
        setting.classes,
        setting.phrases ? phrases(chosen) : train.choose(chosen),
        sentences,
        seed);
  }

  private LabelledTexts phrases(int[] chosen) {
    List<SentimentTree> all = chosenTrees(Split.TRAIN);
    List<SentimentTree> tops = new ArrayList<>();
    for (int tree : chosen) {
      for (SentimentTree phrase : all.get(tree).postOrder()) {
        if (setting.classOf(phrase.label()) >= 0) {
          tops.add(phrase);
        }
      }
    }
    return texts(tops);
  }

  private static <T> T get(Map<Part, T> parts, Part part) {
    T value = parts.get(part);
    if (value == null) {
      throw new IllegalStateException("sentiment: there is no part " + part + ".");
    }
    return value;
  }

  @Override
  public Sizes sizes() {
    int sentencesOrTrees = get(sentences, Part.TRAIN).size();
    boolean phrases = setting.phrases && !setting.network.kind().readsTrees();
    return new Sizes(
        phrases ? phrases(Choice.all(sentencesOrTrees)).size() : sentencesOrTrees,
        get(sentences, Part.DEV).size(),
        get(sentences, Part.TEST).size(),
        words.table().numRows,
        words.table().numCols,
        coverage);
  }

  @Override
  public Limits limits() {
    LabelledTexts train = get(sentences, Part.TRAIN);
    return new Limits(
        setting.classes,
        Choice.most(train.labels(), setting.classes),
        "sentences, as many of each class");
  }

  @Override
  public List<Indices> encoded() {
    List<Indices> all = new ArrayList<>();
    for (Part part : Part.values()) {
      all.addAll(get(sentences, part).words());
      all.add(get(sentences, part).labels());
      for (LabelledTree tree : trees.getOrDefault(part, List.of())) {
        all.addAll(tree.children());
        all.add(tree.nodes());
        all.add(tree.classes());
      }
    }
    return all;
  }

  @Override
  public Vocabulary vocabulary() {
    return words.vocabulary();
  }

  @Override
  public List<WordSimilarity> similarities() {
    return words.similarities();
  }

  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Split split : Split.values()) {
      int found = treebank.trees(split).size();
      warnings.addAll(Published.shortfall(split.fileName(), found, split.published(), "trees"));
    }
    return warnings;
  }
}
