package dev.clew.exact;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What the rows of the tables of elementwise functions, and a few functions of those rows, are by definition, under their labels. A
 * new row needs a line here: its formula, as a textbook has it, with exponentials of negative numbers where those of positive ones
 * would leave the range.
 */
public final class ExactFunctions {
    /** Beyond it f64 cannot tell an exponential from 0 or infinity. */
    private static final double FAR = 5000;

    private static final Map<String, ExactFunction> ALL = new LinkedHashMap<>();

    static {
        arithmetic();
        elementary();
        activations();
        slopes();
        ofTwo();
    }

    private ExactFunctions() {}

    /** The function of a label. */
    public static Optional<ExactFunction> of(String label) {
        return Optional.ofNullable(ALL.get(label));
    }

    /** All labels, in the order in which they stand here. */
    public static Stream<String> labels() {
        return ALL.keySet().stream();
    }

    private static void one(String label, Predicate<Real> domain, UnaryOperator<Real> formula) {
        ALL.put(label, new ExactFunction(1, x -> domain.test(x[0]), x -> formula.apply(x[0])));
    }

    private static void one(String label, UnaryOperator<Real> formula) {
        one(label, x -> true, formula);
    }

    private static void two(String label, ExactFunction.Domain domain, ExactFunction.Formula formula) {
        ALL.put(label, new ExactFunction(2, domain, formula));
    }

    private static void two(String label, ExactFunction.Formula formula) {
        two(label, x -> true, formula);
    }

    private static boolean isPositive(Real x) {
        return x.signum() > 0;
    }

    private static boolean isNotZero(Real x) {
        return x.signum() != 0;
    }

    private static void arithmetic() {
        one("negate", Real::negate);
        one("abs", Real::abs);
        one("sign", x -> x.constant(x.signum()));
        one("square", Real::square);
        one("sqrt", x -> x.signum() >= 0, Real::sqrt);
        one("rsqrt", ExactFunctions::isPositive, x -> x.sqrt().reciprocal());
        one("reciprocal", ExactFunctions::isNotZero, Real::reciprocal);
        one("floor", Real::floor);
        one("ceil", x -> x.negate().floor().negate());
        one("round", Real::round);
        one("stopGradient", x -> x);
        one("relu", x -> x.max(x.constant(0)));
        one("softsign", x -> x.over(x.abs().plus(1)));
        one("hardSigmoid", x -> x.clamped(3).plus(3).over(6));
        one("oneMinusSquare", x -> x.plus(1).times(x.negate().plus(1)));
        one("atanSlope", x -> x.square().plus(1).reciprocal());
    }

    private static void elementary() {
        one("exp", x -> Elementary.exp(x.clamped(FAR)));
        one("expm1", x -> Elementary.expm1(x.clamped(FAR)));
        one("log", ExactFunctions::isPositive, Elementary::log);
        one("log1p", x -> x.compare(x.constant(-1)) > 0, Elementary::log1p);
        one("log2", ExactFunctions::isPositive, x -> Elementary.log(x).over(Constants.ln2(x.bits())));
        one("sin", Elementary::sin);
        one("cos", Elementary::cos);
        one("tan", Elementary::tan);
        one("asin", ExactFunctions::isWithinOne, Elementary::asin);
        one("acos", ExactFunctions::isWithinOne, Elementary::acos);
        one("atan", Elementary::atan);
        one("sinh", x -> Elementary.sinh(x.clamped(FAR)));
        one("cosh", x -> Elementary.cosh(x.clamped(FAR)));
        one("tanh", Elementary::tanh);
        one("erf", Special::erf);
        one("erfc", Special::erfc);
        one("logGamma", ExactFunctions::isNoPole, Special::logGamma);
        one("digamma", ExactFunctions::isNoPole, Special::digamma);
        one("trigamma", ExactFunctions::isNoPole, Special::trigamma);
    }

    private static boolean isWithinOne(Real x) {
        return x.abs().compare(x.constant(1)) <= 0;
    }

    private static boolean isNoPole(Real x) {
        return x.signum() > 0 || x.compare(x.floor()) != 0;
    }

    private static void activations() {
        one("normalCdf", ExactFunctions::normalCdf);
        one("gelu", x -> x.times(normalCdf(x)));
        one("sigmoid", Elementary::sigmoid);
        one("logSigmoid", x -> Elementary.softplus(x.negate()).negate());
        one("softplus", Elementary::softplus);
        one("silu", x -> x.times(Elementary.sigmoid(x)));
        one("geluTanh", x -> x.times(geluTanhGate(x)));
        one("elu", x -> x.signum() > 0 ? x : Elementary.expm1(x).times(1.5));
        one("selu", ExactFunctions::selu);
    }

    /** Klambauer et al., Self-Normalizing Neural Networks, 2017. */
    private static Real selu(Real x) {
        Real scale = x.decimal("1.0507009873554804934193349852946");
        Real alpha = x.decimal("1.6732632423543772848170429916717");
        return x.signum() > 0
                ? x.times(scale)
                : Elementary.expm1(x).times(alpha).times(scale);
    }

    private static Real normalCdf(Real x) {
        return Special.erfc(x.over(x.constant(2).sqrt()).negate()).scaled(-1);
    }

    /** σ(2·√(2/π)·(x + 0.044715·x³)). */
    private static Real geluTanhGate(Real x) {
        Real near = x.clamped(FAR);
        Real factor = near.constant(8).over(Constants.pi(x.bits())).sqrt();
        Real cube = near.square().times(near);
        return Elementary.sigmoid(
                near.plus(cube.times(cube.decimal("0.044715"))).times(factor));
    }

    private static void slopes() {
        one("tanhSlope", x -> sigmoidSlope(x.scaled(1)).scaled(2));
        one("sigmoidSlope", ExactFunctions::sigmoidSlope);
        one("gaussian", x -> Elementary.exp(x.square().negate()));
        one(
                "normalDensity",
                x -> Elementary.exp(x.square().scaled(-1).negate())
                        .over(Constants.pi(x.bits()).scaled(1).sqrt()));
        one("geluTanhGate", ExactFunctions::geluTanhGate);
    }

    /** σ(x)·σ(−x). */
    private static Real sigmoidSlope(Real x) {
        Real power = Elementary.exp(x.abs().negate());
        return power.over(power.plus(1).square());
    }

    private static void ofTwo() {
        two("plus", x -> x[0].plus(x[1]));
        two("minus", x -> x[0].minus(x[1]));
        two("times", x -> x[0].times(x[1]));
        two("div", x -> isNotZero(x[1]), x -> x[0].over(x[1]));
        two("remainder", x -> isNotZero(x[1]), x -> x[0].modulo(x[1]));
        two("maximum", x -> x[0].max(x[1]));
        two("minimum", x -> x[0].min(x[1]));
        two("withDerivativeOf", x -> x[0]);
        two("pow", ExactFunctions::isPower, ExactFunctions::pow);
        two("atan2", x -> isNotZero(x[0]) || isPositive(x[1]), x -> Elementary.atan2(x[0], x[1]));
        two("hypot", ExactFunctions::hypot);
        two("hypotSlope", x -> isNotZero(x[0]) || isNotZero(x[1]), x -> x[0].over(hypot(x)));
        two("xlogy", x -> isPositive(x[1]), x -> x[0].times(Elementary.log(x[1])));
        two("logAddExp", x -> x[0].max(x[1]).plus(less(x[0].minus(x[1]))));
        two("expShare", x -> Elementary.sigmoid(x[0].minus(x[1])));
        two("nats", ExactFunctions::isInReach, x -> isNotZero(x[1]) ? Elementary.softplus(odds(x)) : x[1]);
        two("natsSlope", ExactFunctions::isInReach, x -> isNotZero(x[1]) ? Elementary.sigmoid(odds(x)) : x[1]);
    }

    private static Real hypot(Real... x) {
        return x[0].square().plus(x[1].square()).sqrt();
    }

    /** ln(1 + e to the power of −|x|). */
    private static Real less(Real x) {
        return Elementary.log1p(Elementary.exp(x.abs().negate()));
    }

    /** Where eᵃ, b and their quotient and its inverse are normal numbers, or b is 0. */
    private static boolean isInReach(Real... x) {
        double power = x[0].clamped(FAR).about() / Math.log(2);
        double size = x[1].magnitude();
        boolean isNormal = Math.abs(power) < 1020 && Math.abs(size) < 1020 && Math.abs(size - power) < 1020;
        return x[1].signum() == 0 || (x[1].signum() > 0 && isNormal);
    }

    /** ln b − a. */
    private static Real odds(Real... x) {
        return Elementary.log(x[1]).minus(x[0]);
    }

    /** A negative number has powers with an integer only, and 0 those above 0. */
    private static boolean isPower(Real... x) {
        boolean isInteger = x[1].compare(x[1].floor()) == 0;
        return isPositive(x[0]) || (isInteger && (isNotZero(x[0]) || isPositive(x[1])));
    }

    private static Real pow(Real... x) {
        if (x[0].signum() == 0) {
            return x[0];
        }
        Real power = Elementary.exp(Elementary.log(x[0].abs()).times(x[1]).clamped(FAR));
        boolean isOdd = x[0].signum() < 0 && x[1].fixed(0).testBit(0);
        return isOdd ? power.negate() : power;
    }
}
