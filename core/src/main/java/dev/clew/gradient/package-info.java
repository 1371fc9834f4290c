/**
 * Gradients, which are formulas themselves: they can be evaluated, compiled and differentiated again.
 *
 * <p>{@code Gradients} is the reverse sweep: from the output back, each operation’s {@code vjp} (which stands with the operation,
 * in {@code dev.clew.tensor}) turns the cotangent of its result into those of its inputs, and cotangents that meet are added.
 * {@code Derivatives} are what is made of it: directional derivatives, Jacobians, Hessians, gradients per example.
 */
@NullMarked
package dev.clew.gradient;

import org.jspecify.annotations.NullMarked;
