package dev.clew.tensor;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.formula.Formula;
import java.util.List;

/**
 * Elementwise operations of two inputs: a row each, with the function and what a cotangent contributes to either side.
 * Comparisons give truth values, through which no cotangent flows.
 */
public enum Binary implements Elementwise {
    PLUS("plus", (precision, x) -> x[0].plus(x[1]), (a, b, y, yBar) -> yBar, (a, b, y, yBar) -> yBar),
    MINUS("minus", (precision, x) -> x[0].minus(x[1]), (a, b, y, yBar) -> yBar, (a, b, y, yBar) -> yBar.negate()),
    TIMES(
            "times",
            (precision, x) -> x[0].times(x[1]),
            (a, b, y, yBar) -> yBar.times(b),
            (a, b, y, yBar) -> yBar.times(a)),
    DIV(
            "div",
            (precision, x) -> x[0].div(x[1]),
            (a, b, y, yBar) -> yBar.div(b),
            (a, b, y, yBar) -> yBar.div(b).times(y).negate()),
    /** The larger; where both are equal, either side gets half of the cotangent. */
    MAX(
            "max",
            (precision, x) -> x[0].max(x[1]),
            (a, b, y, yBar) -> Binary.share(yBar, a, b),
            (a, b, y, yBar) -> Binary.share(yBar, b, a)),
    /** The smaller; where both are equal, either side gets half of the cotangent. */
    MIN(
            "min",
            (precision, x) -> x[0].min(x[1]),
            (a, b, y, yBar) -> Binary.share(yBar, b, a),
            (a, b, y, yBar) -> Binary.share(yBar, a, b)),
    EQUAL("equalTo", (precision, x) -> x[0].equalTo(x[1])),
    LESS("lessThan", (precision, x) -> x[0].less(x[1])),
    LESS_OR_EQUAL("lessOrEqual", (precision, x) -> x[0].lessOrEqual(x[1]));

    private final String label;
    private final Formula formula;
    private final Cotangent left;
    private final Cotangent right;
    private final boolean comparison;

    Binary(String label, Formula.Definition definition, Cotangent left, Cotangent right) {
        this.label = label;
        this.formula = Formula.of(2, definition);
        this.left = left;
        this.right = right;
        this.comparison = false;
    }

    /** A comparison. */
    Binary(String label, Formula.Definition definition) {
        this.label = label;
        this.formula = Formula.of(2, definition);
        this.left = (a, b, y, yBar) -> a.constant(0);
        this.right = (a, b, y, yBar) -> b.constant(0);
        this.comparison = true;
    }

    /** What yBar contributes to one side. */
    @Immutable
    @FunctionalInterface
    private interface Cotangent {
        Tensor of(Tensor a, Tensor b, Tensor y, Tensor yBar);
    }

    @Override
    public String label() {
        return label;
    }

    /** The function as exactly rounded steps. */
    public Formula formula() {
        return formula;
    }

    @Override
    public DType dtype(List<Tensor> inputs) {
        if (comparison) {
            DTypes.same(label, inputs.get(0), inputs.get(1));
            return DType.BOOL;
        }
        return DTypes.floating(label, inputs);
    }

    @Override
    public NDArray value(Tensor node, List<NDArray> inputs) {
        return formula.evaluate(inputs.getFirst().dtype(), node.dtype(), node.shape(), inputs);
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return (input == 0 ? left : right).of(y.input(0), y.input(1), y, yBar);
    }

    @Override
    public boolean passesGradient(int input) {
        return !comparison;
    }

    /** All of yBar where the winner is larger than the other, half of it where they are equal. */
    private static Tensor share(Tensor yBar, Tensor winner, Tensor other) {
        Tensor whole = other.lessThan(winner).cast(yBar.dtype());
        Tensor half = other.equalTo(winner).cast(yBar.dtype()).times(0.5);
        return yBar.times(whole.plus(half));
    }
}
