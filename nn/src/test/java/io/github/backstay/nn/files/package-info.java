/** Tests. */
@NullMarked
package io.github.backstay.nn.files;

import org.jspecify.annotations.NullMarked;
