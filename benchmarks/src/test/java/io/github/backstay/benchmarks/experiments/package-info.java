/** Tests of the experiments. */
@NullMarked
package io.github.backstay.benchmarks.experiments;

import org.jspecify.annotations.NullMarked;
