/**
 * The language: tensors, and their operations in chapters, one interface each: {@code Unary} and {@code Binary} (tables of elementwise
 * functions), {@code Contraction}, {@code Reduction}, {@code Scan}, {@code Movement}, {@code Selection}, {@code Source}, and {@code
 * Custom} for a user’s own. An operation is a record with three things: shape, value, derivative; {@code CONTRIBUTING.md} says how one is
 * added. What evaluates them is {@code dev.clew.internal.tensor}.
 *
 * {@snippet lang=java :
 * Parameter w = Parameter.of(2.0);
 * Tensor y = w.square().plus(1); // a formula: shapes are checked on this line, and nothing is computed
 * IO.println(y.item()); // 5.0
 * w.set(NDArray.of(3.0)); // as a step of training does
 * IO.println(y.item()); // 10.0
 * }
 *
 * <p>{@link Tensor} has all methods, by chapter, and says {@linkplain Tensor##numbers what the numbers are}: how near to the exact
 * ones, what becomes of NaN, infinities, signed zeros and ties, and which derivative a function has where it {@linkplain Tensor##kinks
 * has none}.
 */
@NullMarked
package dev.clew.tensor;

import org.jspecify.annotations.NullMarked;
