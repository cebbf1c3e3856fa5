/**
 * State dicts in files. {@link io.github.backstay.nn.files.Safetensors} reads and writes one state
 * dict, {@link io.github.backstay.nn.files.Checkpoint} saves a whole training and takes it up
 * again, {@link io.github.backstay.nn.files.DeltaFile} saves what differs from a base.
 *
 * <p>Reading order: {@link io.github.backstay.nn.files.Safetensors}, {@link
 * io.github.backstay.nn.files.Checkpoint}, {@link io.github.backstay.nn.files.DeltaFile}.
 */
@CheckReturnValue
@NullMarked
package io.github.backstay.nn.files;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
