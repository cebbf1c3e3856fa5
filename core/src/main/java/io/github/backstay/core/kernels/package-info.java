/**
 * The arithmetic behind one small interface, so that a faster provider can take its place. Read
 * {@link io.github.backstay.core.kernels.Kernels} first.
 */
@NullMarked
package io.github.backstay.core.kernels;

import org.jspecify.annotations.NullMarked;
