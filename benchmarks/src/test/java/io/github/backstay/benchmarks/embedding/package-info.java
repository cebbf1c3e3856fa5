/** Tests of the benchmark of anchored embeddings. */
@NullMarked
package io.github.backstay.benchmarks.embedding;

import org.jspecify.annotations.NullMarked;
