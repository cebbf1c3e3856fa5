/**
 * The command line: {@link io.github.backstay.benchmarks.Main} and one class for each command. What
 * the commands share is in the packages below.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.benchmarks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
