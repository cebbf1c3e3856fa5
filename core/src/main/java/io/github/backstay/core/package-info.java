/**
 * Reverse-mode automatic differentiation on a tape over EJML matrices. Reading order: {@link
 * io.github.backstay.core.Tape}, {@link io.github.backstay.core.Variable}, {@link
 * io.github.backstay.core.Op}, {@link io.github.backstay.core.Gradients}, then {@link
 * io.github.backstay.core.Objective} for losses made of terms, and {@link
 * io.github.backstay.core.StateDict} for what is saved.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.core;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
