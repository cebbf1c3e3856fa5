/**
 * How fast products are, as a share of what the processor can do: every form, with every provider
 * of kernels that there is.
 */
@NullMarked
package io.github.backstay.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
