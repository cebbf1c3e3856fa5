/**
 * The contract kit: tests into which anybody plugs a penalty, a proximal map or a training loop of
 * their own. Read {@link io.github.backstay.regularizers.contract.PenaltyContract} first, then
 * {@link io.github.backstay.regularizers.contract.ProximalContract} and {@link
 * io.github.backstay.regularizers.contract.TrainingContract}.
 */
@NullMarked
package io.github.backstay.regularizers.contract;

import org.jspecify.annotations.NullMarked;
