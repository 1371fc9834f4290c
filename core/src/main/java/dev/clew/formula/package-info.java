/**
 * Elementwise functions as short programs of exactly rounded steps, so that every way of running them gives the same bits.
 *
 * <p>{@link dev.clew.formula.Expression} is how a function is written, by family: exponentials, logarithms, powers, trigonometric,
 * inverse trigonometric and hyperbolic functions, the error function, rounding. {@link dev.clew.formula.Formula} is what it becomes:
 * steps with registers, for f64, f32 and i32.
 */
@NullMarked
package dev.clew.formula;

import org.jspecify.annotations.NullMarked;
