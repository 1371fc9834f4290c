/**
 * Elementwise functions as short programs of exactly rounded steps: additions, multiplications, fused multiply-adds, divisions,
 * square roots, comparisons, selections and bits.
 *
 * <p><b>In:</b> the definition of a function, written once, in {@code Unary} and {@code Binary}. <b>Out:</b> a {@code Formula},
 * which the walk evaluates number by number, the plain kernels block by block, and generated code vector by vector. Since every
 * step is rounded as IEEE 754 says, all of them give the same bits on every machine, and no function of the platform’s library is
 * asked.
 *
 * <p>A function is defined for f64 and f32, some for i32, and is within the units in the last place that {@code Tensor} says.
 * Polynomials, splittings and tables have their source beside them.
 *
 * <p><b>Read</b> {@code Expression}, how a function is written; {@code Steps} and {@code Formula}, what becomes of it; {@code
 * Exponential} as the first of the families; then {@code Logarithm}, {@code Power}, {@code Hyperbolic}, {@code Trigonometric} (with
 * {@code TwoOverPi}), {@code InverseTrigonometric}, {@code ErrorFunction}, {@code Gamma}, {@code Hypotenuse}; {@code Rounding};
 * {@code Pair} is a number in two parts.
 */
@NullMarked
package dev.clew.internal.formula;

import org.jspecify.annotations.NullMarked;
