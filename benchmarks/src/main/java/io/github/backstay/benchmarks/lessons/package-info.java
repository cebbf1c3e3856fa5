/**
 * The experiments behind {@code lesson}: each shows one fact about regularization in less than a
 * minute. The pages under {@code docs/lessons} say what to look for.
 */
@NullMarked
package io.github.backstay.benchmarks.lessons;

import org.jspecify.annotations.NullMarked;
