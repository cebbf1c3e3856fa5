/** Tests of the replay of reference files. */
@NullMarked
package io.github.backstay.benchmarks.conformance;

import org.jspecify.annotations.NullMarked;
