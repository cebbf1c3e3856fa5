/**
 * One training loop for all tasks on real data: batches in pieces over threads, pulls in the loss,
 * two groups of parameters, checkpoints, and what several seeds come to.
 */
@org.jspecify.annotations.NullMarked
package io.github.backstay.benchmarks.training;
