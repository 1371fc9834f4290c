package dev.clew.tensor;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.internal.formula.Exponential;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.formula.Hypotenuse;
import dev.clew.internal.formula.InverseTrigonometric;
import dev.clew.internal.formula.Logarithm;
import dev.clew.internal.formula.Power;
import dev.clew.internal.formula.Rounding;
import java.util.List;

/**
 * Elementwise operations of two inputs: a row each, with the function and what a cotangent contributes to either side. A
 * row without cotangents has the derivative 0.
 */
public enum Binary implements Row {
    // -------------------------------------------------------------------------------- arithmetic
    PLUS("plus", Types.NUMBERS, (precision, x) -> x[0].plus(x[1]), (a, b, y, yBar) -> yBar, (a, b, y, yBar) -> yBar),
    MINUS(
            "minus",
            Types.NUMBERS,
            (precision, x) -> x[0].minus(x[1]),
            (a, b, y, yBar) -> yBar,
            (a, b, y, yBar) -> yBar.negate()),
    TIMES(
            "times",
            Types.NUMBERS,
            (precision, x) -> x[0].times(x[1]),
            (a, b, y, yBar) -> yBar.times(b),
            (a, b, y, yBar) -> yBar.times(a)),
    DIV(
            "div",
            Types.FLOATING,
            (precision, x) -> x[0].div(x[1]),
            (a, b, y, yBar) -> yBar.div(b),
            (a, b, y, yBar) -> yBar.div(b).times(y).negate()),
    /** y = a − n·b with n = ⌊a/b⌋, which is constant between its jumps. */
    REMAINDER(
            "remainder",
            Types.NUMBERS,
            (precision, x) -> Rounding.remainder(x[0], x[1]),
            (a, b, y, yBar) -> yBar,
            (a, b, y, yBar) -> yBar.times(Slopes.lessMultiples(a, b, y))),
    POW(
            "pow",
            Formula.wide(2, (precision, x) -> Power.pow(precision, x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.slopeByBase(a, b)),
            (a, b, y, yBar) -> yBar.times(Slopes.slopeByExponent(a, b, y))),
    /** The angle of the point (b, a). */
    ATAN2(
            "atan2",
            Formula.wide(2, (precision, x) -> InverseTrigonometric.atan2(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.overSquaredNorm(b, a)),
            (a, b, y, yBar) -> yBar.times(Slopes.overSquaredNorm(a, b)).negate()),
    /** a, with the derivative of b: none flows to a. */
    WITH_DERIVATIVE_OF(
            "withDerivativeOf",
            Types.FLOATING,
            (precision, x) -> x[0],
            (a, b, y, yBar) -> a.constant(0),
            (a, b, y, yBar) -> yBar),
    LOG_ADD_EXP(
            "logAddExp",
            Formula.wide(2, (precision, x) -> Logarithm.logAddExp(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.share(a, b)),
            (a, b, y, yBar) -> yBar.times(Slopes.share(b, a))),
    /** eᵃ/(eᵃ + eᵇ), the slope of logAddExp; one half where both are the same infinity. */
    EXP_SHARE(
            "expShare",
            Formula.wide(2, (precision, x) -> Exponential.share(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(y.times(Slopes.share(b, a))),
            (a, b, y, yBar) -> yBar.times(y.times(Slopes.share(b, a))).negate()),

    /**
     * ln(1 + b·e⁻ᵃ) for b ≥ 0 and a {@literal <} ∞: what a share eᵃ/(eᵃ + b) costs in nats. No digits are lost where the share is
     * nearly 1, as long as eᵃ, b, their quotient and its inverse are normal numbers of f64.
     */
    NATS(
            "nats",
            Formula.wide(2, (precision, x) -> Logarithm.nats(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.left(a, b)).negate(),
            (a, b, y, yBar) -> yBar.times(a.exp().plus(b).reciprocal())),
    /** b/(eᵃ + b), the slope of nats by −a: what is left of the share. */
    NATS_SLOPE(
            "natsSlope",
            Formula.wide(2, (precision, x) -> Exponential.left(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(y.times(Slopes.shareOf(a, b))).negate(),
            (a, b, y, yBar) ->
                    yBar.times(Slopes.shareOf(a, b).times(a.exp().plus(b).reciprocal()))),

    /** √(a² + b²); at (0, 0) the derivative is taken as 0. */
    HYPOT(
            "hypot",
            Formula.wide(2, (precision, x) -> Hypotenuse.hypot(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.overHypot(a, b)),
            (a, b, y, yBar) -> yBar.times(Slopes.overHypot(b, a))),
    /** a/√(a² + b²), the slope of hypot. */
    HYPOT_SLOPE(
            "hypotSlope",
            Formula.wide(2, (precision, x) -> Hypotenuse.slope(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.overHypot(b, a).square().div(Slopes.divisor(a, b))),
            (a, b, y, yBar) -> yBar.times(y.times(Slopes.overHypot(b, a)).div(Slopes.divisor(a, b)))
                    .negate()),
    /** a·ln b, and 0 for a = 0. */
    XLOGY(
            "xlogy",
            Formula.wide(2, (precision, x) -> Logarithm.xlogy(x[0], x[1])),
            (a, b, y, yBar) -> yBar.times(Slopes.defined(a, b).log()),
            (a, b, y, yBar) -> yBar.times(a.div(Slopes.defined(a, b)))),

    // -------------------------------------------------------------------------------- the larger
    /** The larger; where both are equal, either side gets half of the cotangent. */
    MAXIMUM(
            "maximum",
            Types.NUMBERS,
            (precision, x) -> x[0].max(x[1]),
            (a, b, y, yBar) -> Binary.share(yBar, a, b),
            (a, b, y, yBar) -> Binary.share(yBar, b, a)),
    /** The smaller; where both are equal, either side gets half of the cotangent. */
    MINIMUM(
            "minimum",
            Types.NUMBERS,
            (precision, x) -> x[0].min(x[1]),
            (a, b, y, yBar) -> Binary.share(yBar, b, a),
            (a, b, y, yBar) -> Binary.share(yBar, a, b)),

    // ------------------------------------------------------------------------------ truth values
    EQUAL("equalTo", Types.QUESTION, (precision, x) -> x[0].equalTo(x[1])),
    NOT_EQUAL("notEqualTo", Types.QUESTION, (precision, x) -> x[0].notEqualTo(x[1])),
    LESS("lessThan", Types.QUESTION, (precision, x) -> x[0].less(x[1])),
    LESS_OR_EQUAL("lessOrEqual", Types.QUESTION, (precision, x) -> x[0].lessOrEqual(x[1])),
    GREATER("greaterThan", Types.QUESTION, (precision, x) -> x[1].less(x[0])),
    GREATER_OR_EQUAL("greaterOrEqual", Types.QUESTION, (precision, x) -> x[1].lessOrEqual(x[0])),
    AND("and", Types.LOGIC, (precision, x) -> x[0].min(x[1])),
    OR("or", Types.LOGIC, (precision, x) -> x[0].max(x[1])),
    XOR("xor", Types.LOGIC, (precision, x) -> x[0].notEqualTo(x[1]));

    private final String label;
    private final Types types;
    private final Formula formula;
    private final Cotangent left;
    private final Cotangent right;
    private final boolean passesGradient;

    Binary(String label, Types types, Formula formula, Cotangent left, Cotangent right, boolean passesGradient) {
        this.label = label;
        this.types = types;
        this.formula = formula;
        this.left = left;
        this.right = right;
        this.passesGradient = passesGradient;
    }

    Binary(String label, Types types, Formula.Definition definition, Cotangent left, Cotangent right) {
        this(label, types, Formula.of(2, definition), left, right, true);
    }

    Binary(String label, Formula wide, Cotangent left, Cotangent right) {
        this(label, Types.FLOATING, wide, left, right, true);
    }

    /** A row that gives truth values. */
    Binary(String label, Types types, Formula.Definition definition) {
        this(
                label,
                types,
                Formula.of(2, definition),
                (a, b, y, yBar) -> a.constant(0),
                (a, b, y, yBar) -> b.constant(0),
                false);
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

    Formula formula() {
        return formula;
    }

    @Override
    public DType dtype(List<Tensor> inputs) {
        return types.result(label, inputs);
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        return (input == 0 ? left : right).of(y.input(0), y.input(1), y, yBar);
    }

    @Override
    public boolean passesGradient(int input) {
        return passesGradient && !(this == WITH_DERIVATIVE_OF && input == 0);
    }

    /** All of yBar where the winner is larger than the other, half of it where they are equal. */
    private static Tensor share(Tensor yBar, Tensor winner, Tensor other) {
        Tensor whole = other.lessThan(winner).cast(yBar.dtype());
        Tensor half = other.equalTo(winner).cast(yBar.dtype()).times(0.5);
        return yBar.times(whole.plus(half));
    }
}
