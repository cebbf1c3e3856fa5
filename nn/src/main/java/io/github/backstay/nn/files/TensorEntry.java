package io.github.backstay.nn.files;

/**
 * A tensor as the header of a file describes it, checked.
 *
 * @param name its name
 * @param dtype how its numbers are stored
 * @param rows rows of the matrix that it becomes
 * @param cols columns of that matrix
 * @param begin where it begins in the data, in bytes
 * @param end where it ends, in bytes
 */
record TensorEntry(String name, Dtype dtype, int rows, int cols, long begin, long end) {}
