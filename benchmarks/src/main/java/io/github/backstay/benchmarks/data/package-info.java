/**
 * Readers of the files that experiments run on: sentiment trees, pairs of sentences and of phrases,
 * word vectors, word similarity. Each checks what it reads and says in one line, with file and line
 * number, what is wrong. Reading order: {@link
 * io.github.backstay.benchmarks.data.SentimentTreebank}, {@link
 * io.github.backstay.benchmarks.data.WordVectors}, {@link
 * io.github.backstay.benchmarks.data.Vocabulary}, {@link
 * io.github.backstay.benchmarks.data.WordSimilarity}, {@link
 * io.github.backstay.benchmarks.data.SickPairs}, {@link
 * io.github.backstay.benchmarks.data.PhrasePairs}.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.benchmarks.data;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
