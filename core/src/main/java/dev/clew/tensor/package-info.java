/**
 * The language: tensors, their operations in chapters, and the plain walk that evaluates them.
 *
 * <p><b>Kinks.</b> Where a function has no derivative, what counts as one is the choice of PyTorch: that of the side that is
 * written with ≤ or ≥, or the middle where neither is. So |x|, relu, hardTanh and hardSigmoid have the derivative 0 at their
 * kinks, leakyRelu the slope and elu alpha at 0; clip has 1 on its bounds; of two equal operands of max and min each gets half;
 * sign, floor, ceil and round have 0 everywhere, also at their jumps; remainder has 1 by its first operand.
 */
@NullMarked
package dev.clew.tensor;

import org.jspecify.annotations.NullMarked;
