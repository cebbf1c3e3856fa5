/**
 * What the engine costs over gradients written by hand: the same arithmetic with and without a
 * tape, in one process, in turn.
 */
@NullMarked
package io.github.backstay.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
