package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Tensor;
import dev.clew.testing.Cubed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;

/** Methods that compute every element from the elements at the same index. */
final class ElementwiseRules {
    private final List<Rule> rules = new ArrayList<>();

    private ElementwiseRules() {}

    /** Those of one operand first. */
    static List<Rule> all() {
        ElementwiseRules table = new ElementwiseRules();
        table.rules.addAll(FunctionRules.all());
        table.pairs();
        table.truths();
        table.choices();
        table.fills();
        table.between();
        table.several();
        table.custom();
        return table.rules;
    }

    // ------------------------------------------------------------------------------------------------ two operands

    private void pairs() {
        pair("plus", Numbers::isNumber, Tensor::plus, Tensor::plus, (a, b) -> a + b);
        pair("minus", Numbers::isNumber, Tensor::minus, Tensor::minus, (a, b) -> a - b);
        pair("times", Numbers::isNumber, Tensor::times, Tensor::times, (a, b) -> a * b);
        pair("div", Numbers::isFloating, Tensor::div, Tensor::div, (a, b) -> a / b);
        pair("remainder", Numbers::isNumber, Tensor::remainder, Tensor::remainder, ElementwiseRules::remainder);
        pair("pow", Numbers::isFloating, Tensor::pow, Tensor::pow, ElementwiseRules::pow);
        pair("maximum", Numbers::isNumber, Tensor::maximum, Tensor::maximum, Math::max);
        pair("minimum", Numbers::isNumber, Tensor::minimum, Tensor::minimum, Math::min);
        two("atan2", Numbers::isFloating, Tensor::atan2, Math::atan2);
        two("hypot", Numbers::isFloating, Tensor::hypot, Math::hypot);
        two("withDerivativeOf", Numbers::isFloating, Tensor::withDerivativeOf, (a, b) -> a);
        two("xlogy", Numbers::isFloating, Tensor::xlogy, (a, b) -> a == 0 && !Double.isNaN(b) ? 0 : a * Math.log(b));
        two("logAddExp", Numbers::isFloating, Tensor::logAddExp, Special::logAddExp);
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
        two("and", Numbers::isTruth, Tensor::and, Math::min);
        two("or", Numbers::isTruth, Tensor::or, Math::max);
        two("xor", Numbers::isTruth, Tensor::xor, (a, b) -> a == b ? 0 : 1);
    }

    // ------------------------------------------------------------------------------------------------------ others

    private void choices() {
        rules.add(new Rule(
                "Tensor.where($*)",
                (d, self) -> {
                    int a = d.find(Numbers::isNumber);
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
                    int x = d.find(Numbers::isFloating);
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
        rules.add(FunctionRules.scaled(
                "$0.lerp($0, $n)", (x, weight) -> x.lerp(x, weight), (x, _) -> Double.isInfinite(x) ? Double.NaN : x));
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
                    int a = d.find(Numbers::isNumber);
                    return a < 0 ? -1 : d.add(self, none(), a, other(d, a));
                },
                (in, _) -> build.apply(in.get(0), in.get(1)),
                (in, _) -> Rules.pair(DType.BOOL, in, meaning)));
        rules.add(new Rule(
                "$0." + name + "($n)",
                (d, self) -> d.add(self, d.between(-1, 2), d.find(Numbers::isNumber)),
                (in, line) -> withNumber.apply(in.getFirst(), line.number()),
                (in, line) -> in.getFirst().map(DType.BOOL, x -> meaning.applyAsDouble(x, line.number()))));
    }
}
