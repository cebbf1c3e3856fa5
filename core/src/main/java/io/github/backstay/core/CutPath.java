package io.github.backstay.core;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why no trainable parameter can be reached from a variable: the first op in execution
 * order that lets no gradient through to something tracked, or, where there is none, that only
 * constants went into it.
 */
record CutPath(String reason, String remedy) {

  private static final String READ = "Compute the term from parameter.on(tape)";

  /** Looks for the reason, which is a clause without a full stop, and for what to do. */
  static CutPath from(Variable from) {
    BitSet seen = new BitSet();
    Deque<Variable> open = new ArrayDeque<>();
    open.push(from);
    seen.set(from.index);
    @Nullable Variable cut = null;
    @Nullable Variable cutFrom = null;
    @Nullable Variable frozen = null;
    @Nullable Variable constant = null;
    @Nullable Variable free = null;
    while (!open.isEmpty()) {
      Variable node = open.pop();
      Op op = node.op;
      if (op == null) {
        if (node.parameter != null) {
          frozen = earlier(node, frozen);
        } else if (node.tracked) {
          free = earlier(node, free);
        } else {
          constant = earlier(node, constant);
        }
        continue;
      }
      for (int k = 0; k < node.inputs.length; k++) {
        Variable input = node.inputs[k];
        if (op.blocks(k) && input.tracked) {
          cut = earlier(node, cut);
          cutFrom = cut == node ? input : cutFrom;
        } else if (!seen.get(input.index)) {
          seen.set(input.index);
          open.push(input);
        }
      }
    }
    if (cut != null && cutFrom != null) {
      return new CutPath(
          "the path is cut at "
              + cut.describe()
              + ", which lets no gradient through to "
              + cutFrom.describe(),
          READ);
    }
    if (free != null) {
      return new CutPath(
          "it reads only " + free.describe() + ", a copy of values that trains no parameter", READ);
    }
    if (frozen != null && frozen.parameter != null) {
      return new CutPath(
          "it reads only frozen parameters, such as \"" + frozen.parameter.name() + "\"",
          "Thaw one, or leave the term out");
    }
    if (from == constant) {
      return new CutPath("it is a constant", READ);
    }
    return new CutPath(
        "it is computed from constants alone, the first being "
            + (constant == null ? from.describe() : constant.describe()),
        READ);
  }

  private static Variable earlier(Variable a, @Nullable Variable b) {
    return b == null || a.index < b.index ? a : b;
  }
}
