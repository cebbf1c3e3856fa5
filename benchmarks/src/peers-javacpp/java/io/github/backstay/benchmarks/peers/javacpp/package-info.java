/**
 * LibTorch through JavaCPP as a contestant: the same library as under DJL, with less between it and
 * Java, and with operations that DJL does not pass on.
 */
@NullMarked
package io.github.backstay.benchmarks.peers.javacpp;

import org.jspecify.annotations.NullMarked;
