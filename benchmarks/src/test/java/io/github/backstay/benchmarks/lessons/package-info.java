@NullMarked
package io.github.backstay.benchmarks.lessons;

import org.jspecify.annotations.NullMarked;
