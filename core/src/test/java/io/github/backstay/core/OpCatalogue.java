package io.github.backstay.core;

import java.util.List;
import java.util.stream.Stream;

/**
 * All ops of the library, one statement each: the fluent method, the value by an independent
 * formula, the shapes, and where to draw the operands from. {@link OpContractTest} and {@link
 * CalculusLawsTest} hold every row to the contract of an op; {@link CatalogueCompletenessTest}
 * fails when an op has no row. Each family has a file of its own.
 */
final class OpCatalogue {

  private OpCatalogue() {}

  static final List<OpCase> ROWS =
      Stream.of(
              ElementwiseRows.ROWS,
              ProductRows.ROWS,
              LinearAlgebraRows.ROWS,
              ReductionRows.ROWS,
              NormalizationRows.ROWS,
              FusedRows.ROWS,
              GateRows.ROWS,
              LossRows.ROWS,
              StructureRows.ROWS,
              IndexingRows.ROWS)
          .flatMap(List::stream)
          .toList();
}
