/** Models and data of the tasks that can be trained: sentiment, sentence pairs, paraphrases. */
@org.jspecify.annotations.NullMarked
package io.github.backstay.benchmarks.tasks;
