/** Small programs to read and run; each is run by a test. */
@NullMarked
package io.github.backstay.nn.examples;

import org.jspecify.annotations.NullMarked;
