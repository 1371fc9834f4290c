package dev.clew.tensor;

import static dev.clew.internal.formula.Expression.constant;

import com.google.errorprone.annotations.Immutable;
import dev.clew.array.DType;
import dev.clew.internal.formula.ErrorFunction;
import dev.clew.internal.formula.Exponential;
import dev.clew.internal.formula.Expression;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.formula.Gamma;
import dev.clew.internal.formula.Hyperbolic;
import dev.clew.internal.formula.Hypotenuse;
import dev.clew.internal.formula.InverseTrigonometric;
import dev.clew.internal.formula.Logarithm;
import dev.clew.internal.formula.Rounding;
import dev.clew.internal.formula.Trigonometric;
import java.util.List;

/**
 * Elementwise operations of one input: a row each, with the function and its derivative (x the input, y the result). A row
 * without a derivative has the derivative 0, and no cotangent flows through it.
 */
public enum Unary implements Row {
    // -------------------------------------------------------------------------------- arithmetic
    NEGATE("negate", Types.NUMBERS, (precision, x) -> x[0].negate(), (x, y) -> y.constant(-1)),
    /** At 0 the derivative is taken as 0, the middle of its sides. */
    ABS("abs", Types.NUMBERS, (precision, x) -> x[0].abs(), (x, y) -> x.sign()),
    /** −1, 0 or 1; NaN for NaN. */
    SIGN("sign", Types.NUMBERS, (precision, x) -> sign(x[0])),
    SQUARE("square", Types.NUMBERS, (precision, x) -> x[0].times(x[0]), (x, y) -> x.times(2)),
    SQRT("sqrt", (precision, x) -> x[0].sqrt(), (x, y) -> y.reciprocal().times(0.5)),
    RSQRT(
            "rsqrt",
            (precision, x) -> constant(1).div(x[0].sqrt()),
            (x, y) -> y.div(x).times(-0.5)),
    RECIPROCAL(
            "reciprocal",
            (precision, x) -> constant(1).div(x[0]),
            (x, y) -> y.square().negate()),
    FLOOR("floor", Types.FLOATING, (precision, x) -> Rounding.floor(precision, x[0])),
    CEIL("ceil", Types.FLOATING, (precision, x) -> Rounding.ceil(precision, x[0])),
    ROUND("round", Types.FLOATING, (precision, x) -> Rounding.round(precision, x[0])),

    // --------------------------------------------------------------- exponentials and logarithms
    EXP("exp", (precision, x) -> Exponential.exp(precision, x[0]), (x, y) -> y),
    /** Its derivative is not y + 1, which is 0 for very negative x. */
    EXPM1("expm1", (precision, x) -> Exponential.expm1(precision, x[0]), (x, y) -> x.exp()),
    LOG("log", (precision, x) -> Logarithm.log(precision, x[0]), (x, y) -> x.reciprocal()),
    LOG1P(
            "log1p",
            (precision, x) -> Logarithm.log1p(precision, x[0]),
            (x, y) -> x.plus(1).reciprocal()),
    LOG2(
            "log2",
            wide((precision, x) -> Logarithm.log2(x[0])),
            (x, y) -> x.reciprocal().times(1 / 0.6931471805599453)),

    // ------------------------------------------------------------------------ angles, hyperbolas
    SIN("sin", wide((precision, x) -> Trigonometric.sin(precision, x[0])), (x, y) -> x.cos()),
    COS(
            "cos",
            wide((precision, x) -> Trigonometric.cos(precision, x[0])),
            (x, y) -> x.sin().negate()),
    TAN(
            "tan",
            wide((precision, x) -> Trigonometric.tan(precision, x[0])),
            (x, y) -> y.square().plus(1)),
    ASIN("asin", wide((precision, x) -> InverseTrigonometric.asin(x[0])), (x, y) -> Slopes.arc(x)),
    ACOS(
            "acos",
            wide((precision, x) -> InverseTrigonometric.acos(x[0])),
            (x, y) -> Slopes.arc(x).negate()),
    ATAN("atan", wide((precision, x) -> InverseTrigonometric.atan(x[0])), (x, y) -> Slopes.atan(x)),
    SINH("sinh", wide((precision, x) -> Hyperbolic.sinh(x[0])), (x, y) -> x.cosh()),
    COSH("cosh", wide((precision, x) -> Hyperbolic.cosh(x[0])), (x, y) -> x.sinh()),
    TANH("tanh", (precision, x) -> Hyperbolic.tanh(precision, x[0]), (x, y) -> Slopes.tanh(x)),

    // ------------------------------------------------------------------------------- activations
    ERF("erf", wide((precision, x) -> ErrorFunction.erf(x[0])), (x, y) -> Slopes.gaussian(x)),
    ERFC(
            "erfc",
            wide((precision, x) -> ErrorFunction.erfc(x[0])),
            (x, y) -> Slopes.gaussian(x).negate()),
    NORMAL_CDF("normalCdf", wide((precision, x) -> ErrorFunction.normal(x[0])), (x, y) -> Slopes.normal(x)),
    SIGMOID("sigmoid", (precision, x) -> Exponential.sigmoid(precision, x[0]), (x, y) -> Slopes.sigmoid(x)),
    SOFTPLUS("softplus", (precision, x) -> Logarithm.softplus(precision, x[0]), (x, y) -> x.sigmoid()),
    SILU(
            "silu",
            (precision, x) -> Exponential.silu(precision, x[0]),
            (x, y) -> x.sigmoid().plus(y.times(x.negate().sigmoid()))),
    GELU(
            "gelu",
            wide((precision, x) -> ErrorFunction.gelu(x[0])),
            (x, y) -> x.normalCdf().plus(x.times(Slopes.normal(x)))),
    GELU_TANH("geluTanh", (precision, x) -> Exponential.geluTanh(precision, x[0]), Slopes::geluTanh),
    SOFTSIGN(
            "softsign",
            (precision, x) -> x[0].div(x[0].abs().plus(1)),
            (x, y) -> x.abs().plus(1).reciprocal().square()),
    /** At 0 the derivative is taken as 0. */
    RELU(
            "relu",
            (precision, x) -> x[0].max(constant(0)),
            (x, y) -> x.greaterThan(0).cast(x.dtype())),

    // ------------------------------------------------------------------------- the gamma function
    LOG_GAMMA("logGamma", wide((precision, x) -> Gamma.logGamma(x[0])), (x, y) -> x.digamma()),
    DIGAMMA("digamma", wide((precision, x) -> Gamma.digamma(x[0])), (x, y) -> x.trigamma()),
    TRIGAMMA("trigamma", wide((precision, x) -> Gamma.trigamma(x[0])), (x, y) -> Slopes.tetragamma(x)),

    // ---------------------------------------------------------------------- slopes of other rows
    // Each is a row, because a formula of x or y would cancel, overflow or lose digits at its own derivative.
    /** 1 − x², without cancelling near ±1. */
    ONE_MINUS_SQUARE(
            "oneMinusSquare", (precision, x) -> constant(1).minus(x[0]).times(x[0].plus(1)), (x, y) -> x.times(-2)),
    /** 1/(1 + x²). */
    ATAN_SLOPE(
            "atanSlope",
            (precision, x) -> InverseTrigonometric.atanSlope(precision, x[0]),
            (x, y) -> x.times(y).times(y).times(-2)),
    /** 1 − tanh² x. */
    TANH_SLOPE(
            "tanhSlope",
            (precision, x) -> Hyperbolic.tanhSlope(precision, x[0]),
            (x, y) -> y.times(x.tanh()).times(-2)),
    /** σ(x)·(1 − σ(x)). */
    SIGMOID_SLOPE(
            "sigmoidSlope",
            (precision, x) -> Exponential.sigmoidSlope(precision, x[0]),
            (x, y) -> y.times(x.times(-0.5).tanh())),
    /** e^(−x²). */
    GAUSSIAN(
            "gaussian",
            wide((precision, x) -> ErrorFunction.gaussian(x[0])),
            (x, y) -> x.times(y).times(-2)),
    /** e^(−x²/2)/√(2π). */
    NORMAL_DENSITY(
            "normalDensity",
            wide((precision, x) -> ErrorFunction.density(x[0])),
            (x, y) -> x.times(y).negate()),
    /** geluTanh(x)/x. */
    GELU_TANH_GATE(
            "geluTanhGate",
            (precision, x) -> Exponential.geluTanhGate(precision, x[0]),
            (x, y) -> Slopes.geluTanhGate(x, y)),

    // ---------------------------------------------------------------------------- truth and flow
    /** 2ᵉ with 2ᵉ ≤ |x| {@literal <} 2ᵉ⁺¹. */
    POWER_OF_TWO("powerOfTwo", Types.FLOATING, (precision, x) -> Hypotenuse.scale(precision, x[0])),
    IS_NAN("isNaN", Types.QUESTION, (precision, x) -> x[0].notEqualTo(x[0])),
    IS_FINITE("isFinite", Types.QUESTION, (precision, x) -> x[0].abs().less(constant(Double.POSITIVE_INFINITY))),
    NOT("not", Types.LOGIC, (precision, x) -> x[0].not()),
    /** The value passes, a cotangent does not. */
    STOP_GRADIENT("stopGradient", Types.FLOATING, (precision, x) -> x[0]);

    private final String label;
    private final Types types;
    private final Formula formula;
    private final Derivative derivative;
    private final boolean passesGradient;

    Unary(String label, Types types, Formula formula, Derivative derivative, boolean passesGradient) {
        this.label = label;
        this.types = types;
        this.formula = formula;
        this.derivative = derivative;
        this.passesGradient = passesGradient;
    }

    Unary(String label, Types types, Formula.Definition definition, Derivative derivative) {
        this(label, types, Formula.of(1, definition), derivative, true);
    }

    Unary(String label, Formula.Definition definition, Derivative derivative) {
        this(label, Types.FLOATING, definition, derivative);
    }

    Unary(String label, Formula wide, Derivative derivative) {
        this(label, Types.FLOATING, wide, derivative, true);
    }

    Unary(String label, Types types, Formula.Definition definition) {
        this(label, types, Formula.of(1, definition), (x, y) -> y.constant(0), false);
    }

    private static Formula wide(Formula.Definition definition) {
        return Formula.wide(1, definition);
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

    Formula formula() {
        return formula;
    }

    @Override
    public DType dtype(List<Tensor> inputs) {
        return types.result(label, inputs);
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
        Expression zero = constant(0);
        Expression side = zero.less(x).minus(x.less(zero));
        return x.equalTo(x).select(side, x);
    }
}
