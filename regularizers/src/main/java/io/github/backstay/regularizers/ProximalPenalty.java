package io.github.backstay.regularizers;

/** A convex penalty that is known in a third form: its {@link Proximal} map, in closed form. */
public interface ProximalPenalty extends Penalty, Proximal {}
