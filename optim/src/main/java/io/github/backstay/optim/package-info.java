/**
 * Update rules, learning-rate schedules and the optimizer that applies them. Read {@link
 * io.github.backstay.optim.Optimizer} first, then a rule such as {@link
 * io.github.backstay.optim.Adam}, then {@link io.github.backstay.optim.Schedule} and {@link
 * io.github.backstay.optim.Accumulation}. Semantics and defaults are PyTorch's unless the docs say
 * otherwise.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
