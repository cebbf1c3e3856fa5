/** Tests of the training loop. */
@org.jspecify.annotations.NullMarked
package io.github.backstay.benchmarks.training;
