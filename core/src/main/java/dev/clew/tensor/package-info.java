/**
 * The language: tensors, and their operations in chapters, one interface each: {@code Unary} and {@code Binary} (tables of elementwise
 * functions), {@code Contraction}, {@code Reduction}, {@code Scan}, {@code Movement}, {@code Selection}, {@code Source}, and {@code
 * Custom} for a user’s own. An operation is a record with three things: shape, value, derivative; {@code CONTRIBUTING.md} says how one is
 * added. What evaluates them is {@code dev.clew.internal.tensor}.
 *
 * <p>{@link Tensor} has all methods, by chapter, and says {@linkplain Tensor##numbers what the numbers are}: how near to the exact
 * ones, what becomes of NaN, infinities, signed zeros and ties, and which derivative a function has where it {@linkplain Tensor##kinks
 * has none}.
 */
@NullMarked
package dev.clew.tensor;

import org.jspecify.annotations.NullMarked;
