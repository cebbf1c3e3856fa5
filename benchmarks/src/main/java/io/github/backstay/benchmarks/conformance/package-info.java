/**
 * Replays reference files: cases with inputs, parameters and the values and gradients that another
 * library computed for them, through Backstay's public API. Reading order: {@link
 * io.github.backstay.benchmarks.conformance.Conformance} (a directory of files), {@code
 * ReferenceFile} and {@code Fields} (reading), {@code Case} and {@code Runner} (which form of case
 * is replayed by what), {@code Vocabulary} (what every op's name means here), {@code Comparison}
 * and {@code Deviation} (what counts as the same, and where Backstay differs by choice).
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.benchmarks.conformance;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
