/**
 * What the commands leave behind: tables on the console, a report as one HTML file, numbers as
 * JSON, and a progress bar meanwhile. Reading order: {@link
 * io.github.backstay.benchmarks.report.Table}, {@link
 * io.github.backstay.benchmarks.report.TextTable}, {@link
 * io.github.backstay.benchmarks.report.LineChart}, {@link
 * io.github.backstay.benchmarks.report.HtmlReport}, {@link
 * io.github.backstay.benchmarks.report.ScatterPicture}, {@link
 * io.github.backstay.benchmarks.report.JsonFile}, {@link
 * io.github.backstay.benchmarks.report.Progress}.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.benchmarks.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
