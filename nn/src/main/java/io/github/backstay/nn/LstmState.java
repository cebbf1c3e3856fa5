package io.github.backstay.nn;

import io.github.backstay.core.Variable;

/**
 * What an LSTM carries along, one row per sequence or per node of a tree.
 *
 * @param hidden h, what others see of it, B×hidden
 * @param memory c, what it keeps for itself, of the same shape
 */
public record LstmState(Variable hidden, Variable memory) {}
