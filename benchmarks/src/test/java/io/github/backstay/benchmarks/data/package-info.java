/** Tests of the readers. */
@NullMarked
package io.github.backstay.benchmarks.data;

import org.jspecify.annotations.NullMarked;
