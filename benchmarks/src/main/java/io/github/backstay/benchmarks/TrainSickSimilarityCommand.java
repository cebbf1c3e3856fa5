package io.github.backstay.benchmarks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backstay train sick-similarity}: how similar two sentences are. */
@Command(
    name = "sick-similarity",
    description = {
      "How similar two sentences are, 1 to 5, SICK.",
      "One encoder for both, σ([h₁⊙h₂, |h₁−h₂|]·Wᵀ+b), softmax over 1 … 5; loss = KL divergence of the"
          + " sparse target distribution (Tai et al. 2015), mean over pairs and ratings. Epochs are chosen by"
          + " Pearson's r."
    })
final class TrainSickSimilarityCommand implements Runnable {

  @Mixin private final SickOptions sick = new SickOptions();

  @Override
  public void run() {
    sick.run("sick-similarity", true);
  }
}
