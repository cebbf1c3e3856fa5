package io.github.backstay.core;

import java.util.List;

/** Something that has parameters: a module, a model, or a single parameter. */
public interface Parameterized {

  /**
   * Its parameters, each one once, in the order in which they were registered.
   *
   * @return an unmodifiable list
   */
  List<Parameter> parameters();
}
