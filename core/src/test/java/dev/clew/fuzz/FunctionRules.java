package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Methods that compute every element from the element of one operand. */
final class FunctionRules {
    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;

    /** Where functions are defined, so that not all that follows is NaN. */
    private enum Domain {
        ALL,
        POSITIVE,
        UNIT
    }

    private final List<Rule> rules = new ArrayList<>();

    private FunctionRules() {}

    static List<Rule> all() {
        FunctionRules table = new FunctionRules();
        table.functions();
        table.activations();
        table.casts();
        return table.rules;
    }

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
        floating("geluTanh", Domain.ALL, Tensor::geluTanh, FunctionRules::geluTanh);
        floating("silu", Domain.ALL, Tensor::silu, x -> x * Special.sigmoid(x));
        floating("hardTanh", Domain.ALL, Tensor::hardTanh, x -> Math.max(-1, Math.min(1, x)));
        floating("hardSigmoid", Domain.ALL, Tensor::hardSigmoid, x -> Math.max(0, Math.min(1, (x + 3) / 6)));
        rules.add(scaled("$0.leakyRelu($n)", Tensor::leakyRelu, (x, slope) -> x > 0 ? x : slope * x));
        rules.add(scaled("$0.elu($n)", Tensor::elu, FunctionRules::elu));
        rules.add(scaled(
                "$0.clip(-$n, $n)", (x, most) -> x.clip(-most, most), (x, most) -> Math.max(-most, Math.min(most, x))));
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

    // ----------------------------------------------------------------------------------------------------- helpers

    private static int[] none() {
        return new int[0];
    }

    private void number(String name, UnaryOperator<Tensor> build, DoubleUnaryOperator meaning) {
        one(name, Numbers::isNumber, Domain.ALL, build, meaning);
    }

    private void floating(String name, Domain domain, UnaryOperator<Tensor> build, DoubleUnaryOperator meaning) {
        one(name, Numbers::isFloating, domain, build, meaning);
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

    /** A function with a number of its own, from 1/4 to 1. */
    static Rule scaled(String text, BiFunction<Tensor, Double, Tensor> build, DoubleBinaryOperator meaning) {
        return new Rule(
                text,
                (d, self) -> d.add(self, 0.25 + d.below(4) * 0.25, d.find(Numbers::isFloating)),
                (in, line) -> build.apply(in.getFirst(), line.number()),
                (in, line) -> in.getFirst().map(in.getFirst().type(), x -> meaning.applyAsDouble(x, line.number())));
    }
}
