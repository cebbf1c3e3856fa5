package io.github.backstay.core;

import java.util.List;

/** Something that has parameters: a module, a model, or a list made by hand. */
public interface Parameterized {

  /**
   * Its parameters, each one once, in the order in which they were registered.
   *
   * @return an unmodifiable list
   */
  List<Parameter> parameters();
}
