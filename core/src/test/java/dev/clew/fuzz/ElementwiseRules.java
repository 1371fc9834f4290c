package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Cubed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Methods that compute every element from the elements at the same index. */
final class ElementwiseRules {
    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;

    private static final Predicate<Numbers> FLOATING = Numbers::isFloating;

    private static boolean isNumber(Numbers x) {
        return x.type() != DType.BOOL;
    }

    private static boolean isTruth(Numbers x) {
        return x.type() == DType.BOOL;
    }

    /** Where functions are defined, so that not all that follows is NaN. */
    private enum Domain {
        ALL,
        POSITIVE,
        UNIT
    }

    private final List<Rule> rules = new ArrayList<>();

    private ElementwiseRules() {}

    static List<Rule> all() {
        ElementwiseRules table = new ElementwiseRules();
        table.functions();
        table.activations();
        table.casts();
        table.pairs();
        table.truths();
        table.choices();
        table.fills();
        table.between();
        table.several();
        table.custom();
        return table.rules;
    }

    // ------------------------------------------------------------------------------------------------- one operand

    private void functions() {
        number("negate", Tensor::negate, x -> -x);
        number("abs", Tensor::abs, Math::abs);
        number("sign", Tensor::sign, Math::signum);
        number("square", Tensor::square, x -> x * x);
        floating("sqrt", Domain.POSITIVE, Tensor::sqrt, Math::sqrt);
        floating("rsqrt", Domain.POSITIVE, Tensor::rsqrt, x -> 1 / Math.sqrt(x));
        floating("reciprocal", Domain.POSITIVE, Tensor::reciprocal, x -> 1 / x);
        floating("exp", Domain.ALL, Tensor::exp, Math::exp);
        floating("expm1", Domain.ALL, Tensor::expm1, Math::expm1);
        floating("log", Domain.POSITIVE, Tensor::log, Math::log);
        floating("log1p", Domain.POSITIVE, Tensor::log1p, Math::log1p);
        floating("log2", Domain.POSITIVE, Tensor::log2, x -> Math.log(x) / Math.log(2));
        floating("sin", Domain.ALL, Tensor::sin, Math::sin);
        floating("cos", Domain.ALL, Tensor::cos, Math::cos);
        floating("tan", Domain.UNIT, Tensor::tan, Math::tan);
        floating("asin", Domain.UNIT, Tensor::asin, Math::asin);
        floating("acos", Domain.UNIT, Tensor::acos, Math::acos);
        floating("atan", Domain.ALL, Tensor::atan, Math::atan);
        floating("sinh", Domain.ALL, Tensor::sinh, Math::sinh);
        floating("cosh", Domain.ALL, Tensor::cosh, Math::cosh);
        floating("tanh", Domain.ALL, Tensor::tanh, Math::tanh);
        floating("erf", Domain.ALL, Tensor::erf, Special::erf);
        floating("erfc", Domain.ALL, Tensor::erfc, Special::erfc);
        floating("normalCdf", Domain.ALL, Tensor::normalCdf, Special::normalCdf);
        floating("logGamma", Domain.POSITIVE, Tensor::logGamma, Special::logGamma);
        floating("digamma", Domain.POSITIVE, Tensor::digamma, Special::digamma);
        floating("trigamma", Domain.POSITIVE, Tensor::trigamma, Special::trigamma);
        floating("floor", Domain.ALL, Tensor::floor, Math::floor);
        floating("ceil", Domain.ALL, Tensor::ceil, Math::ceil);
        floating("round", Domain.ALL, Tensor::round, Math::rint);
    }

    private void activations() {
        floating("sigmoid", Domain.ALL, Tensor::sigmoid, Special::sigmoid);
        floating("logSigmoid", Domain.ALL, Tensor::logSigmoid, x -> -Special.softplus(-x));
        floating("softplus", Domain.ALL, Tensor::softplus, Special::softplus);
        floating("softsign", Domain.ALL, Tensor::softsign, x -> x / (1 + Math.abs(x)));
        floating("relu", Domain.ALL, Tensor::relu, x -> Math.max(x, 0));
        floating("selu", Domain.ALL, Tensor::selu, x -> SELU_SCALE * elu(x, SELU_ALPHA));
        floating("gelu", Domain.ALL, Tensor::gelu, x -> x * Special.normalCdf(x));
        floating("geluTanh", Domain.ALL, Tensor::geluTanh, ElementwiseRules::geluTanh);
        floating("silu", Domain.ALL, Tensor::silu, x -> x * Special.sigmoid(x));
        floating("hardTanh", Domain.ALL, Tensor::hardTanh, x -> Math.max(-1, Math.min(1, x)));
        floating("hardSigmoid", Domain.ALL, Tensor::hardSigmoid, x -> Math.max(0, Math.min(1, (x + 3) / 6)));
        scaled("$0.leakyRelu($n)", FLOATING, Tensor::leakyRelu, (x, slope) -> x > 0 ? x : slope * x);
        scaled("$0.elu($n)", FLOATING, Tensor::elu, ElementwiseRules::elu);
        scaled(
                "$0.clip(-$n, $n)",
                FLOATING,
                (x, most) -> x.clip(-most, most),
                (x, most) -> Math.max(-most, Math.min(most, x)));
        floating("stopGradient", Domain.ALL, Tensor::stopGradient, x -> x);
    }

    private static double elu(double x, double alpha) {
        return x > 0 ? x : alpha * Math.expm1(x);
    }

    private static double geluTanh(double x) {
        return x * Special.sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
    }

    private void casts() {
        rules.add(new Rule(
                "$0.isNaN()",
                (d, self) -> d.add(self, none(), d.floating(0)),
                (in, _) -> in.getFirst().isNaN(),
                (in, _) -> in.getFirst().map(DType.BOOL, x -> Double.isNaN(x) ? 1 : 0)));
        rules.add(new Rule(
                "$0.isFinite()",
                (d, self) -> d.add(self, none(), d.floating(0)),
                (in, _) -> in.getFirst().isFinite(),
                (in, _) -> in.getFirst().map(DType.BOOL, x -> Double.isFinite(x) ? 1 : 0)));
        rules.add(new Rule(
                "$0.not()",
                (d, self) -> d.add(self, none(), d.truth()),
                (in, _) -> in.getFirst().not(),
                (in, _) -> in.getFirst().map(DType.BOOL, x -> 1 - x)));
        rules.add(new Rule(
                "$0.cast($t)",
                (d, self) -> d.add(new Line.Call(
                        self, new int[] {d.anything(0)}, none(), 0, d.one(d.type(), d.type(), DType.I32, DType.BOOL))),
                (in, line) -> in.getFirst().cast(Rules.type(line)),
                (in, line) -> in.getFirst().map(Rules.type(line), x -> x)));
    }

    // ------------------------------------------------------------------------------------------------ two operands

    private void pairs() {
        pair("plus", ElementwiseRules::isNumber, Tensor::plus, Tensor::plus, (a, b) -> a + b);
        pair("minus", ElementwiseRules::isNumber, Tensor::minus, Tensor::minus, (a, b) -> a - b);
        pair("times", ElementwiseRules::isNumber, Tensor::times, Tensor::times, (a, b) -> a * b);
        pair("div", FLOATING, Tensor::div, Tensor::div, (a, b) -> a / b);
        pair(
                "remainder",
                ElementwiseRules::isNumber,
                Tensor::remainder,
                Tensor::remainder,
                ElementwiseRules::remainder);
        pair("pow", FLOATING, Tensor::pow, Tensor::pow, ElementwiseRules::pow);
        pair("maximum", ElementwiseRules::isNumber, Tensor::maximum, Tensor::maximum, Math::max);
        pair("minimum", ElementwiseRules::isNumber, Tensor::minimum, Tensor::minimum, Math::min);
        two("atan2", FLOATING, Tensor::atan2, Math::atan2);
        two("hypot", FLOATING, Tensor::hypot, Math::hypot);
        two("xlogy", FLOATING, Tensor::xlogy, (a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * Math.log(b));
        two("logAddExp", FLOATING, Tensor::logAddExp, Special::logAddExp);
        question("equalTo", Tensor::equalTo, Tensor::equalTo, (a, b) -> a == b ? 1 : 0);
        question("notEqualTo", Tensor::notEqualTo, Tensor::notEqualTo, (a, b) -> a != b ? 1 : 0);
        question("lessThan", Tensor::lessThan, Tensor::lessThan, (a, b) -> a < b ? 1 : 0);
        question("lessOrEqual", Tensor::lessOrEqual, Tensor::lessOrEqual, (a, b) -> a <= b ? 1 : 0);
        question("greaterThan", Tensor::greaterThan, Tensor::greaterThan, (a, b) -> a > b ? 1 : 0);
        question("greaterOrEqual", Tensor::greaterOrEqual, Tensor::greaterOrEqual, (a, b) -> a >= b ? 1 : 0);
    }

    private static double remainder(double a, double b) {
        double rest = a % b;
        return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
    }

    private static double pow(double a, double b) {
        return a == 1 || b == 0 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    private void truths() {
        two("and", ElementwiseRules::isTruth, Tensor::and, Math::min);
        two("or", ElementwiseRules::isTruth, Tensor::or, Math::max);
        two("xor", ElementwiseRules::isTruth, Tensor::xor, (a, b) -> a == b ? 0 : 1);
    }

    // ------------------------------------------------------------------------------------------------------ others

    private void choices() {
        rules.add(new Rule(
                "Tensor.where($*)",
                (d, self) -> {
                    int a = d.find(ElementwiseRules::isNumber);
                    return a < 0
                            ? -1
                            : d.add(
                                    self,
                                    none(),
                                    d.broadcastable(DType.BOOL, d.value(a).shape()),
                                    a,
                                    other(d, a));
                },
                (in, _) -> Tensor.where(in.get(0), in.get(1), in.get(2)),
                (in, _) -> Rules.wide(
                        in.get(1).type(),
                        in,
                        index -> in.get(0).wide(index) != 0
                                ? in.get(1).wide(index)
                                : in.get(2).wide(index))));
    }

    private void fills() {
        rules.add(new Rule(
                "$0.maskedFill($1, $n)",
                (d, self) -> {
                    int x = d.find(FLOATING);
                    return x < 0
                            ? -1
                            : d.add(
                                    self,
                                    d.literal(),
                                    x,
                                    d.broadcastable(DType.BOOL, d.value(x).shape()));
                },
                (in, line) -> in.get(0).maskedFill(in.get(1), line.number()),
                (in, line) -> Rules.wide(
                        in.get(0).type(),
                        in,
                        index -> in.get(1).wide(index) != 0
                                ? line.number()
                                : in.get(0).wide(index))));
    }

    private void between() {
        rules.add(new Rule(
                "$0.lerp($1, $2)",
                (d, self) -> {
                    int a = d.floating(0);
                    return d.add(self, none(), a, other(d, a), other(d, a));
                },
                (in, _) -> in.get(0).lerp(in.get(1), in.get(2)),
                (in, _) -> Rules.wide(in.get(0).type(), in, index -> {
                    double a = in.get(0).wide(index);
                    double b = in.get(1).wide(index);
                    double weight = in.get(2).wide(index);
                    // From the nearer end, which matters where one is infinite.
                    return weight < 0.5 ? a + weight * (b - a) : b - (1 - weight) * (b - a);
                })));
        scaled(
                "$0.lerp($0, $n)",
                FLOATING,
                (x, weight) -> x.lerp(x, weight),
                (x, _) -> Double.isInfinite(x) ? Double.NaN : x);
    }

    private void several() {
        rules.add(new Rule(
                "Tensor.sum(List.of($*))",
                (d, self) -> {
                    int first = d.floating(0);
                    int[] in = new int[d.between(1, 4)];
                    for (int i = 0; i < in.length; i++) {
                        in[i] = i == 0
                                ? first
                                : d.like(d.value(first).type(), d.value(first).shape());
                    }
                    return d.add(self, none(), in);
                },
                (in, _) -> Tensor.sum(in),
                (in, _) -> Rules.wide(
                        in.getFirst().type(),
                        in,
                        index -> in.stream().mapToDouble(x -> x.get(index)).sum())));
        // Its second operand is not negative; of infinities, their quotient decides nothing.
        rules.add(new Rule(
                "Binary.NATS.on($0, $1.square())",
                (d, self) -> {
                    int a = d.floating(0);
                    return d.add(
                            self,
                            none(),
                            a,
                            d.like(d.value(a).type(), d.value(a).shape()));
                },
                (in, _) -> Binary.NATS.on(in.get(0), in.get(1).square()),
                (in, _) -> Rules.wide(
                        in.getFirst().type(),
                        in,
                        index -> nats(
                                in.get(0).get(index),
                                in.get(1).get(index) * in.get(1).get(index)))));
    }

    private void custom() {
        rules.add(new Rule(
                "new Cubed().on($0, $1)",
                (d, self) -> {
                    int a = d.floating(0);
                    return d.add(
                            self,
                            none(),
                            a,
                            d.like(d.value(a).type(), d.value(a).shape()));
                },
                (in, _) -> new Cubed().on(in.get(0), in.get(1)),
                (in, _) -> Rules.wide(in.getFirst().type(), in, index -> {
                    double b = in.get(1).get(index);
                    return in.get(0).get(index) * b * b * b;
                })));
    }

    private static double nats(double a, double b) {
        double odds = b * Math.exp(-a);
        return odds < Double.POSITIVE_INFINITY ? Math.log1p(odds) : Math.log(b) - a;
    }

    private static int other(Drawing d, int a) {
        return d.chance(0.15)
                ? a
                : d.broadcastable(d.value(a).type(), d.value(a).shape());
    }

    // ----------------------------------------------------------------------------------------------------- helpers

    private static int[] none() {
        return new int[0];
    }

    private void number(String name, UnaryOperator<Tensor> build, DoubleUnaryOperator meaning) {
        one(name, ElementwiseRules::isNumber, Domain.ALL, build, meaning);
    }

    private void floating(String name, Domain domain, UnaryOperator<Tensor> build, DoubleUnaryOperator meaning) {
        one(name, FLOATING, domain, build, meaning);
    }

    private void one(
            String name,
            Predicate<Numbers> takes,
            Domain domain,
            UnaryOperator<Tensor> build,
            DoubleUnaryOperator meaning) {
        rules.add(new Rule(
                "$0." + name + "()",
                (d, self) -> {
                    int x = d.find(takes);
                    return d.add(self, none(), x < 0 ? d.floating(0) : within(d, domain, x));
                },
                (in, _) -> build.apply(in.getFirst()),
                (in, _) -> in.getFirst().map(in.getFirst().type(), Rules.wrapping(in.getFirst(), meaning))));
    }

    /** Mostly, what lies in the domain of a function. */
    private static int within(Drawing d, Domain domain, int x) {
        if (domain == Domain.ALL || d.chance(0.1)) {
            return x;
        }
        Rule first = Rules.named(domain == Domain.UNIT ? "$0.tanh()" : "$0.square()");
        Rule second = Rules.named(domain == Domain.UNIT ? "$0.times($n)" : "$0.plus($n)");
        return d.add(second, 0.75, d.add(first, none(), x));
    }

    private void pair(
            String name,
            Predicate<Numbers> takes,
            BiFunction<Tensor, Tensor, Tensor> build,
            BiFunction<Tensor, Double, Tensor> withNumber,
            DoubleBinaryOperator meaning) {
        two(name, takes, build, meaning);
        rules.add(new Rule(
                "$0." + name + "($n)",
                (d, self) -> {
                    int x = d.find(takes);
                    boolean isWhole = x >= 0 && !d.value(x).isFloating();
                    return d.add(self, isWhole ? d.between(-2, 2) : d.chance(0.5) ? d.literal() : d.number(-2, 2), x);
                },
                (in, line) -> withNumber.apply(in.getFirst(), line.number()),
                (in, line) -> in.getFirst()
                        .map(
                                in.getFirst().type(),
                                Rules.wrapping(in.getFirst(), x -> meaning.applyAsDouble(x, line.number())))));
    }

    private void two(
            String name,
            Predicate<Numbers> takes,
            BiFunction<Tensor, Tensor, Tensor> build,
            DoubleBinaryOperator meaning) {
        rules.add(new Rule(
                "$0." + name + "($1)",
                (d, self) -> {
                    int a = d.find(takes);
                    return a < 0 ? -1 : d.add(self, none(), a, other(d, a));
                },
                (in, _) -> build.apply(in.get(0), in.get(1)),
                (in, _) -> Rules.pair(in.getFirst().type(), in, meaning)));
    }

    private void question(
            String name,
            BiFunction<Tensor, Tensor, Tensor> build,
            BiFunction<Tensor, Double, Tensor> withNumber,
            DoubleBinaryOperator meaning) {
        rules.add(new Rule(
                "$0." + name + "($1)",
                (d, self) -> {
                    int a = d.find(ElementwiseRules::isNumber);
                    return a < 0 ? -1 : d.add(self, none(), a, other(d, a));
                },
                (in, _) -> build.apply(in.get(0), in.get(1)),
                (in, _) -> Rules.pair(DType.BOOL, in, meaning)));
        rules.add(new Rule(
                "$0." + name + "($n)",
                (d, self) -> d.add(self, d.between(-1, 2), d.find(ElementwiseRules::isNumber)),
                (in, line) -> withNumber.apply(in.getFirst(), line.number()),
                (in, line) -> in.getFirst().map(DType.BOOL, x -> meaning.applyAsDouble(x, line.number()))));
    }

    private void scaled(
            String text,
            Predicate<Numbers> takes,
            BiFunction<Tensor, Double, Tensor> build,
            DoubleBinaryOperator meaning) {
        rules.add(new Rule(
                text,
                (d, self) -> d.add(self, 0.25 + d.below(4) * 0.25, d.find(takes)),
                (in, line) -> build.apply(in.getFirst(), line.number()),
                (in, line) -> in.getFirst().map(in.getFirst().type(), x -> meaning.applyAsDouble(x, line.number()))));
    }
}
