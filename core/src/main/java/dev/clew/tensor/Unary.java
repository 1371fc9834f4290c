package dev.clew.tensor;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.formula.Elementary;
import dev.clew.formula.Expression;
import dev.clew.formula.Formula;
import java.util.List;

/** Elementwise operations of one input: a row each, with the function and its derivative (x the input, y the result). */
public enum Unary implements Elementwise {
    NEGATE("negate", (precision, x) -> x[0].negate(), (x, y) -> y.constant(-1)),
    /** At 0 the derivative is taken as 0, the middle of its sides. */
    ABS("abs", (precision, x) -> x[0].abs(), (x, y) -> x.sign()),
    /** −1, 0 or 1; NaN for NaN. The derivative is 0 everywhere. */
    SIGN("sign", (precision, x) -> sign(x[0])),
    SQUARE("square", (precision, x) -> x[0].times(x[0]), (x, y) -> x.times(2)),
    SQRT("sqrt", (precision, x) -> x[0].sqrt(), (x, y) -> y.reciprocal().times(0.5)),
    RECIPROCAL(
            "reciprocal",
            (precision, x) -> Expression.constant(1).div(x[0]),
            (x, y) -> y.square().negate()),
    EXP("exp", (precision, x) -> Elementary.exp(precision, x[0]), (x, y) -> y),
    LOG("log", (precision, x) -> Elementary.log(precision, x[0]), (x, y) -> x.reciprocal()),
    TANH(
            "tanh",
            (precision, x) -> Elementary.tanh(precision, x[0]),
            (x, y) -> y.constant(1).minus(y.square())),
    SIGMOID(
            "sigmoid",
            (precision, x) -> Elementary.sigmoid(precision, x[0]),
            (x, y) -> y.times(y.constant(1).minus(y))),
    /** The value passes, a cotangent does not. */
    STOP_GRADIENT("stopGradient", (precision, x) -> x[0]);

    private final String label;
    private final Formula formula;
    private final Derivative derivative;
    private final boolean passesGradient;

    Unary(String label, Formula.Definition definition, Derivative derivative) {
        this.label = label;
        this.formula = Formula.of(1, definition);
        this.derivative = derivative;
        this.passesGradient = true;
    }

    /** A row whose derivative is 0 everywhere, so no cotangent flows. */
    Unary(String label, Formula.Definition definition) {
        this.label = label;
        this.formula = Formula.of(1, definition);
        this.derivative = (x, y) -> y.constant(0);
        this.passesGradient = false;
    }

    /** dy/dx as a graph, from the input or the result, whichever is cheaper. */
    @Immutable
    @FunctionalInterface
    private interface Derivative {
        Tensor at(Tensor x, Tensor y);
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
        return DTypes.floating(label, inputs.getFirst());
    }

    @Override
    public NDArray value(Tensor node, List<NDArray> inputs) {
        return formula.evaluate(node.dtype(), node.dtype(), node.shape(), inputs);
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return yBar.times(derivative.at(y.input(0), y));
    }

    @Override
    public boolean passesGradient(int input) {
        return passesGradient;
    }

    private static Expression sign(Expression x) {
        Expression zero = Expression.constant(0);
        Expression side = zero.less(x).minus(x.less(zero));
        return x.equalTo(x).select(side, x);
    }
}
