/**
 * The operations, in families: each is one record with its formula, forward kernel and rules. Read
 * {@link io.github.backstay.core.ops.Arithmetic} first; how to add one stands in CONTRIBUTING.md.
 * They are used through the methods of {@link io.github.backstay.core.Variable}, losses also
 * through the static forms of {@link io.github.backstay.core.ops.Losses}.
 */
@NullMarked
package io.github.backstay.core.ops;

import org.jspecify.annotations.NullMarked;
