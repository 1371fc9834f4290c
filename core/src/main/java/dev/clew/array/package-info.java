/**
 * Numbers: arrays, shapes, element types, random keys. Knows nothing of graphs.
 *
 * {@snippet lang=java :
 * NDArray rows = NDArray.of(new double[][] {{1, 2}, {3, 4}});
 * IO.println(rows.matmul(rows)); // f64 (2, 2) [[7.0, 10.0], [15.0, 22.0]]
 * NDArray noise = RandomKey.of(7).normal(0, 1, DType.F32, Shape.of(2, 3)); // the same for the same key, everywhere
 * }
 */
@NullMarked
package dev.clew.array;

import org.jspecify.annotations.NullMarked;
