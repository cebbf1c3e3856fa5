package io.github.backstay.core;

import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.product;
import static io.github.backstay.core.Formulas.sum;
import static io.github.backstay.core.Formulas.transposed;

import io.github.backstay.core.ops.Products;
import java.util.List;

/** Rows of the catalogue: products of matrices. */
final class ProductRows {

  private ProductRows() {}

  static final List<OpCase> ROWS =
      List.of(
          // products
          OpCase.of("mult", Products.Mult.class, x -> x[0].mult(x[1]), x -> product(x[0], x[1]))
              .on("3x4,4x5", "3x3,3x3", "1x4,4x3", "3x4,4x1", "1x1,1x1", "5x6,6x9", "3x1,1x4")
              .on("0x4,4x3", "3x0,0x4", "3x4,4x0"),
          OpCase.of(
                  "multTransA",
                  Products.Mult.class,
                  x -> x[0].multTransA(x[1]),
                  x -> product(transposed(x[0]), x[1]))
              .on("4x3,4x5", "3x3,3x3", "4x1,4x3", "4x3,4x1", "1x1,1x1", "6x5,6x9")
              .on("4x0,4x3", "0x3,0x4", "4x3,4x0"),
          OpCase.of(
                  "multTransB",
                  Products.Mult.class,
                  x -> x[0].multTransB(x[1]),
                  x -> product(x[0], transposed(x[1])))
              .on("3x4,5x4", "3x3,3x3", "1x4,3x4", "3x4,1x4", "1x1,1x1", "5x6,9x6")
              .on("0x4,3x4", "3x0,4x0", "3x4,0x4"),
          OpCase.of(
                  "multTransAB",
                  Products.Mult.class,
                  x -> x[0].multTransAB(x[1]),
                  x -> product(transposed(x[0]), transposed(x[1])))
              .on("4x3,5x4", "3x3,3x3", "4x1,3x4", "4x3,1x4", "1x1,1x1", "6x5,9x6")
              .on("4x0,3x4", "0x3,4x0", "4x3,0x4"),
          OpCase.of(
                  "affine",
                  Products.Affine.class,
                  x -> x[0].affine(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[1].numRows,
                          (i, o) ->
                              x[2].get(0, o)
                                  + sum(x[0].numCols, p -> x[0].get(i, p) * x[1].get(o, p))))
              .on("5x3,4x3,1x4", "1x3,4x3,1x4", "5x1,4x1,1x4", "1x1,1x1,1x1", "5x6,9x6,1x9")
              .on("0x3,4x3,1x4", "5x0,4x0,1x4", "5x3,0x3,1x0"),
          OpCase.of(
                  "affine, with what is there",
                  Products.Affine.class,
                  x -> x[0].affine(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[1].numRows,
                          (i, o) ->
                              x[2].get(i, o)
                                  + sum(x[0].numCols, p -> x[0].get(i, p) * x[1].get(o, p))))
              .on("5x3,4x3,5x4", "5x1,4x1,5x4", "5x6,9x6,5x9", "0x3,4x3,0x4", "5x0,4x0,5x4"));
}
