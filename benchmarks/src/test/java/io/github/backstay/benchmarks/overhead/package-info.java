/** Tests of the workloads. */
@NullMarked
package io.github.backstay.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
