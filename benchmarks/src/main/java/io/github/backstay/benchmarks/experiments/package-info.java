/**
 * The experiments behind {@code demo} and {@code train}: one model of averaged word vectors, five
 * ways to treat its table ({@link io.github.backstay.benchmarks.training.Treatment}), and what they
 * do to it.
 */
@NullMarked
package io.github.backstay.benchmarks.experiments;

import org.jspecify.annotations.NullMarked;
