/**
 * Single kernels and operations under JMH, which starts a JVM of its own for each: {@code java -cp
 * benchmarks/target/backstay.jar org.openjdk.jmh.Main micro -jvmArgs "--add-modules
 * jdk.incubator.vector"}, without {@code -jvmArgs} for plain kernels, with {@code -h} for what else
 * can be asked.
 */
@NullMarked
package io.github.backstay.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
