/**
 * What it takes until a JVM that has just been started has its first gradient, and how large the
 * code is that it needs. Reading order: {@link io.github.backstay.benchmarks.start.FirstGradient},
 * which is what is started, {@link io.github.backstay.benchmarks.start.StartBench}.
 */
@NullMarked
package io.github.backstay.benchmarks.start;

import org.jspecify.annotations.NullMarked;
