/** Tests of the tasks. */
@org.jspecify.annotations.NullMarked
package io.github.backstay.benchmarks.tasks;
