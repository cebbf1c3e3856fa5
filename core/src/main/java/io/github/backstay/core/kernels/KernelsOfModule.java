package io.github.backstay.core.kernels;

/**
 * Kernels that can be loaded only where a module of the JDK is there: a service of this package.
 */
interface KernelsOfModule extends Kernels {

  /**
   * Whether they are worth using.
   *
   * @return false where the processor or the JVM has nothing that they could use
   */
  boolean isFit();
}
