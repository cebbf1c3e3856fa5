package io.github.backstay.core.kernels;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Finds the kernels that need more of the JVM than this library does. They are found as a service,
 * so that no class that can always be loaded names one that cannot.
 */
final class Providers {

  private static final String VECTORS = "jdk.incubator.vector";

  private static final ServiceLoader.@Nullable Provider<KernelsOfModule> OF_VECTORS = ofVectors();

  private Providers() {}

  static Kernels standard(Parallel parallel) {
    return OF_VECTORS == null ? new PlainKernels(parallel) : OF_VECTORS.get().on(parallel);
  }

  /** The provider of vectors, if their module is among those that the JVM has started with. */
  private static ServiceLoader.@Nullable Provider<KernelsOfModule> ofVectors() {
    if (ModuleLayer.boot().findModule(VECTORS).isEmpty()) {
      return null;
    }
    return ServiceLoader.load(KernelsOfModule.class, Providers.class.getClassLoader()).stream()
        .filter(provider -> provider.get().isFit())
        .findFirst()
        .orElse(null);
  }
}
