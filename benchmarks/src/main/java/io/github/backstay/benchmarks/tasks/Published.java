package io.github.backstay.benchmarks.tasks;

import java.util.List;

/** How files compare with those that were published. */
final class Published {

  private Published() {}

  /**
   * Warns of a file that has fewer examples than it should, and so may have been cut off.
   *
   * @param file its name
   * @param found how many it has
   * @param published how many the published one has
   * @param what what they are
   * @return a sentence, or nothing
   */
  static List<String> shortfall(String file, int found, int published, String what) {
    return found >= published
        ? List.of()
        : List.of(
            file
                + " has "
                + found
                + " "
                + what
                + ", the published file "
                + published
                + ": a part of it, or cut off.");
  }
}
