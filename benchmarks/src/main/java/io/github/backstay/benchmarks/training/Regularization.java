package io.github.backstay.benchmarks.training;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.regularizers.Anchor;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is added to the loss, as in Wieting et al. (ICLR 2016, sections 3 and 4). With θ all that is
 * trained but the word vectors W:
 *
 * <pre>
 * normal  LC/2·‖θ‖² + LW/2·‖W − W₀‖²
 * reg     LRC/2·‖θ_encoder − θ_before‖² + LC/2·‖θ_output‖² + LRW/2·‖W − W_before‖²
 * rep     LC/2·‖θ‖²
 * </pre>
 *
 * <p>Encoders that start at the identity are held by LC at their first values, the identity or
 * those that they were given from another training.
 *
 * @param type the training type
 * @param words what is done with the word vectors; {@link Treatment#FROZEN} for {@code rep}
 * @param lc LC
 * @param lw LW
 * @param lrc LRC
 * @param lrw LRW
 * @param sparesOutput whether the output module is left out of the penalty
 */
public record Regularization(
    TrainingType type,
    Treatment words,
    double lc,
    double lw,
    double lrc,
    double lrw,
    boolean sparesOutput) {

  /** Checks that the two first choices go together. */
  public Regularization {
    if (type == TrainingType.REP && words != Treatment.FROZEN) {
      throw new IllegalArgumentException(
          "regularization: with training type rep the word vectors are frozen, not " + words + ".");
    }
  }

  /**
   * Training type {@code normal}, or {@code rep} where the word vectors are frozen.
   *
   * @param words what is done with the word vectors
   * @param lc LC
   * @param lw LW
   * @return the regularization
   */
  public static Regularization normal(Treatment words, double lc, double lw) {
    TrainingType type = words == Treatment.FROZEN ? TrainingType.REP : TrainingType.NORMAL;
    return new Regularization(type, words, lc, lw, 0.0, 0.0, false);
  }

  /** The strength of the word vectors' penalty. */
  double wordStrength() {
    return type == TrainingType.REG ? lrw : lw;
  }

  /** The regularizer that holds the word vectors at where they are now. */
  Regularizer start(Task task) {
    return Regularizer.l2(wordStrength())
        .over(task.words().weight())
        .towardsInitialValue()
        .inLoss();
  }

  /**
   * The penalties, with their anchors taken now.
   *
   * @param task whose model has its first values
   * @param start what {@link #start} made
   */
  List<Pull> pulls(Task task, Regularizer start) {
    Set<Parameter> encoder = new HashSet<>(task.encoder().parameters());
    encoder.removeAll(task.words().parameters());
    Set<Parameter> output = new HashSet<>(task.model().parameters());
    output.removeAll(task.encoder().parameters());
    if (sparesOutput) {
      output.clear();
    }
    List<Pull> pulls = new ArrayList<>();
    if (type == TrainingType.REG) {
      add(pulls, "encoder", task, encoder, lrc, Anchor.initialValue());
      add(pulls, "output", task, output, lc, Anchor.zero());
    } else if (task.startsAtIdentity()) {
      add(pulls, "encoder", task, encoder, lc, Anchor.initialValue());
      add(pulls, "output", task, output, lc, Anchor.zero());
    } else {
      encoder.addAll(output);
      add(pulls, "network", task, encoder, lc, Anchor.zero());
    }
    switch (words) {
      case FROZEN, FREE -> {}
      case ANCHOR -> pulls.add(Pull.of("words", start));
      case DATA_BUG -> pulls.add(new Pull("words", start, true));
      case DECAY ->
          pulls.add(
              Pull.of(
                  "words",
                  Regularizer.l2(wordStrength())
                      .over(task.words().weight())
                      .towardsZero()
                      .inLoss()));
    }
    return pulls;
  }

  private static void add(
      List<Pull> pulls,
      String name,
      Task task,
      Set<Parameter> chosen,
      double strength,
      Anchor anchor) {
    Parameterized[] inOrder =
        task.model().parameters().stream().filter(chosen::contains).toArray(Parameterized[]::new);
    if (strength > 0.0 && inOrder.length > 0) {
      pulls.add(Pull.of(name, Regularizer.l2(strength).over(inOrder).towards(anchor).inLoss()));
    }
  }
}
