package io.github.backstay.benchmarks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backstay train sick-entailment}: whether one sentence follows from another. */
@Command(
    name = "sick-entailment",
    description = {
      "Whether a sentence follows from another, contradicts it, or neither, SICK.",
      "One encoder for both, σ([h₁⊙h₂, |h₁−h₂|]·Wᵀ+b), softmax over 3; loss = mean cross-entropy."
    })
final class TrainSickEntailmentCommand implements Runnable {

  @Mixin private final SickOptions sick = new SickOptions();

  @Override
  public void run() {
    sick.run("sick-entailment", false);
  }
}
