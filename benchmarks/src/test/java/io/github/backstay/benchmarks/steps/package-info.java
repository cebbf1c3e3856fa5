/** Tests of the steps that are measured. */
@NullMarked
package io.github.backstay.benchmarks.steps;

import org.jspecify.annotations.NullMarked;
