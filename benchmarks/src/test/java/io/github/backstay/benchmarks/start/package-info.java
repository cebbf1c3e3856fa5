/** Tests of how JVMs are started and asked. */
@NullMarked
package io.github.backstay.benchmarks.start;

import org.jspecify.annotations.NullMarked;
