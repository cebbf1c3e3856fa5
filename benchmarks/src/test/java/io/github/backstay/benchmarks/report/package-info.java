/** Tests of the reports. */
@NullMarked
package io.github.backstay.benchmarks.report;

import org.jspecify.annotations.NullMarked;
