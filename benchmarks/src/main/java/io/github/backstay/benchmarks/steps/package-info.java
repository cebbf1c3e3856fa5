/**
 * What a step costs: the same arithmetic done by Backstay, by gradients written by hand and, where
 * they are on the class path, by others, in one process, in turn. Reading order: {@link
 * io.github.backstay.benchmarks.steps.Problem} and the records that are one, {@link
 * io.github.backstay.benchmarks.steps.Engine}, {@link
 * io.github.backstay.benchmarks.steps.Contestant}, {@link
 * io.github.backstay.benchmarks.steps.StepBench}.
 */
@NullMarked
package io.github.backstay.benchmarks.steps;

import org.jspecify.annotations.NullMarked;
