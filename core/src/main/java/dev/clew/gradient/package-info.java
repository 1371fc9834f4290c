/**
 * Gradients, which are formulas themselves: they can be evaluated, compiled and differentiated again.
 *
 * <p>{@code Gradients} is the reverse sweep: from the output back, each operation’s {@code vjp} (which stands with the operation,
 * in {@code dev.clew.tensor}) turns the cotangent of its result into those of its inputs, and cotangents that meet are added.
 * {@code Derivatives} are what is made of it: directional derivatives, Jacobians, Hessians, gradients per example.
 *
 * {@snippet lang=java :
 * Parameter x = Parameter.of(3.0);
 * Tensor slope = Gradients.of(x.square().times(x)).wrt(x);
 * IO.println(slope.item()); // 27.0
 * IO.println(Gradients.of(slope).wrt(x).item()); // 18.0
 * }
 */
@NullMarked
package dev.clew.gradient;

import org.jspecify.annotations.NullMarked;
