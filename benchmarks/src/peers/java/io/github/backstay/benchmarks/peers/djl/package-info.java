/**
 * LibTorch through DJL as a contestant, written as fast as DJL's public classes allow. Natives come
 * from a jar; nothing is fetched when it runs.
 */
@NullMarked
package io.github.backstay.benchmarks.peers.djl;

import org.jspecify.annotations.NullMarked;
