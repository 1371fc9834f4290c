package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.internal.formula.Formula;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/** How far the value of a function may be off: what {@code Tensor} promises, or less where more is known. */
final class Promise {
    private static final double GENERAL = 2;
    private static final double GAMMA = 4;
    /** Of trigamma below 0, which is a square. */
    private static final double GAMMA_BELOW = 6;
    /** Of logGamma above 0, where two terms leave a third of the larger. */
    private static final double LOG_GAMMA = 8;
    /** Of a derivative that is a row: half of what a derivative may be off. */
    private static final double SLOPE = 4;
    /** Of nats, which is no method of Tensor: what a product with an exponential is off by, before its logarithm. */
    private static final double NATS = 3;
    /** Of f32, if f64 arithmetic was rounded. */
    private static final double ROUNDED_ONCE = 0.51;
    /** Of IEEE arithmetic. */
    private static final double ONE_STEP = 0.5;

    private static final Set<String> STEPS = Set.of("square", "sqrt", "reciprocal", "plus", "minus", "times", "div");
    /** What has the bits of an operand, with another sign, or a whole number. */
    static final Set<String> CHOICES = Set.of(
            "negate",
            "abs",
            "sign",
            "floor",
            "ceil",
            "round",
            "stopGradient",
            "withDerivativeOf",
            "relu",
            "maximum",
            "minimum");

    /** Truth values, and what has no digits that could be wrong. */
    static final Set<String> WITHOUT_DIGITS = Set.of(
            "isNaN",
            "isFinite",
            "not",
            "powerOfTwo",
            "equalTo",
            "notEqualTo",
            "lessThan",
            "lessOrEqual",
            "greaterThan",
            "greaterOrEqual",
            "and",
            "or",
            "xor");

    private Promise() {}

    /** In units in the last place of the exact value, which is given as it is rounded to the type. */
    static double of(String function, DType type, double exact, double... x) {
        double bound = isWide(function) && type == DType.F32 ? ROUNDED_ONCE : general(function, x);
        return Double.isInfinite(exact)
                ? bound
                : Math.max(bound, cancelled(function, type, exact, x) / ExactTable.unit(type, exact));
    }

    private static double general(String function, double... x) {
        if (CHOICES.contains(function)) {
            return 0;
        }
        if (STEPS.contains(function)) {
            return ONE_STEP;
        }
        if (ExactDerivativesTest.SLOPES.contains(function)) {
            return SLOPE;
        }
        return switch (function) {
            case "logGamma" -> LOG_GAMMA;
            case "digamma" -> GAMMA;
            case "nats" -> NATS;
            case "trigamma" -> x[0] > 0 ? GAMMA : GAMMA_BELOW;
            default -> GENERAL;
        };
    }

    /** Where terms cancel, how far the value may be off in itself. */
    private static double cancelled(String function, DType type, double exact, double... x) {
        double at = x[0];
        boolean isF64 = type == DType.F64;
        return switch (function) {
            case "logAddExp" -> isF64 && Math.abs(exact) < 1.0 / 32 ? 2e-17 : 0;
            case "logGamma" -> at < 0 ? 1e-15 * Math.max(Math.abs(exact), Math.abs(at * Math.log(-at))) : 0;
            case "digamma" -> {
                double largest = Math.max(Math.max(1, -1 / at), Math.abs(Math.PI / Math.tan(Math.PI * at)));
                yield at < 0 ? 2e-15 * largest : Math.abs(exact) < 1 ? 1e-15 : 0;
            }
            default -> 0;
        };
    }

    /** Whether the value in f32 is that of f64 arithmetic, rounded. */
    private static boolean isWide(String function) {
        return Stream.concat(
                        Arrays.stream(Unary.values())
                                .filter(op -> op.label().equals(function))
                                .map(Unary::formula),
                        Arrays.stream(Binary.values())
                                .filter(op -> op.label().equals(function))
                                .map(Binary::formula))
                .anyMatch(Formula::isWide);
    }
}
