/**
 * Modules: parts of a model that hold named parameters, and layers that map a matrix to a matrix.
 * Tape, mode and random generator are arguments; nothing here keeps state between two calls except
 * the parameters and what {@link io.github.backstay.nn.Statistic} holds.
 *
 * <p>Reading order: {@link io.github.backstay.nn.Module} (how parameters get their names), {@link
 * io.github.backstay.nn.Layer} and {@link io.github.backstay.nn.Pass}, {@link
 * io.github.backstay.nn.Linear} as the first example, {@link io.github.backstay.nn.Sequential};
 * then the layers: {@link io.github.backstay.nn.LayerNorm} and {@link
 * io.github.backstay.nn.BatchNorm}, {@link io.github.backstay.nn.RecurrentCell} and {@link
 * io.github.backstay.nn.Recurrent}, {@link io.github.backstay.nn.Attention}, {@link
 * io.github.backstay.nn.TreeLstm}; texts as vectors and what is learned from them: {@link
 * io.github.backstay.nn.Encoder}, {@link io.github.backstay.nn.SentimentOutput}, {@link
 * io.github.backstay.nn.PairHead}, {@link io.github.backstay.nn.ParaphraseLoss}; last {@link
 * io.github.backstay.nn.Initializer} for the first values and {@link io.github.backstay.nn.Seeds}
 * for where random numbers come from.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
