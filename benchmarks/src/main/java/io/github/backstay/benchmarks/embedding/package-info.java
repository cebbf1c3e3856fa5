/** How the cost of an anchored embedding grows with its vocabulary. */
@NullMarked
package io.github.backstay.benchmarks.embedding;

import org.jspecify.annotations.NullMarked;
