/** The examples of the Javadoc, which a test compares with it to the letter, and runs. */
@NullMarked
package io.github.backstay.benchmarks.examples;

import org.jspecify.annotations.NullMarked;
