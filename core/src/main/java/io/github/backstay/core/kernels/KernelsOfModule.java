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

  /**
   * New kernels of this kind.
   *
   * @param parallel the threads among which products are divided
   * @return kernels with scratch memory of their own
   */
  Kernels on(Parallel parallel);
}
