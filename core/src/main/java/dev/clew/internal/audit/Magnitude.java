package dev.clew.internal.audit;

import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How large the numbers are that a sum is made of: |a| + |b| for a − b, |A|·|B| for A·B. What is left where they cancel is known to
 * their rounding only, as the derivative by a number that is added to all logits of a softmax, which is 0.
 */
final class Magnitude {
    private Magnitude() {}

    /** The formula of which no term takes away from another. */
    static Tensor of(Tensor formula, Predicate<Tensor> isEnd) {
        return Terms.rewritten(formula, isEnd, Magnitude::absolute, Magnitude::together);
    }

    private static Tensor absolute(Tensor end) {
        return end.dtype().isFloating() ? end.abs() : end;
    }

    private static @Nullable Tensor together(Tensor node, List<Tensor> inputs) {
        if (node.op() == Binary.MINUS) {
            return inputs.getFirst().plus(inputs.getLast());
        }
        if (node.op() == Unary.NEGATE) {
            return inputs.getFirst();
        }
        return isMonotone(node.op()) ? Terms.on(node.op(), inputs) : absolute(node);
    }

    private static boolean isMonotone(Op op) {
        return op == Binary.PLUS
                || op == Binary.TIMES
                || op == Binary.DIV
                || op instanceof Elementwise.AddN
                || op instanceof Elementwise.Where
                || op instanceof Elementwise.Cast
                || op instanceof Contraction
                || op instanceof Reduction.Sum
                || op instanceof Movement;
    }
}
