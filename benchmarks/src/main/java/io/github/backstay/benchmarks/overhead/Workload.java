package io.github.backstay.benchmarks.overhead;

import java.util.List;

/**
 * The same training step done by several contestants.
 *
 * @param name short name
 * @param description what one step is
 * @param contestants Backstay first, then those it is compared with
 */
record Workload(String name, String description, List<Contestant> contestants) {}
