/**
 * Penalties that hold weights where you want them. A {@link
 * io.github.backstay.regularizers.Regularizer} is four independent choices: penalty, anchor, {@link
 * io.github.backstay.regularizers.Scope} and {@link io.github.backstay.regularizers.Application};
 * read it first. {@link io.github.backstay.regularizers.DriftRecorder} tells which rows went how
 * far, held or not.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.regularizers;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
