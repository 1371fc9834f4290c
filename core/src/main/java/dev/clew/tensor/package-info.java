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
 * <p><b>Kinks.</b> Where a function has no derivative, what counts as one is the choice of PyTorch: that of the side that is
 * written with ≤ or ≥, or the middle where neither is. So |x|, relu, hardTanh and hardSigmoid have the derivative 0 at their
 * kinks, leakyRelu the slope and elu alpha at 0; clip has 1 on its bounds; of two equal operands of max and min each gets half;
 * sign, floor, ceil and round have 0 everywhere, also at their jumps; remainder has 1 by its first operand.
 */
@NullMarked
package dev.clew.tensor;

import org.jspecify.annotations.NullMarked;
