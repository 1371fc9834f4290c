package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Methods that turn the elements along axes into one, or shift them by what they add up to, or go along an axis. */
final class ReductionRules {
    private final List<Rule> rules = new ArrayList<>();

    private ReductionRules() {}

    static List<Rule> all() {
        ReductionRules table = new ReductionRules();
        table.reductions();
        table.spreads();
        table.norms();
        table.places();
        table.exponentials();
        table.masked();
        return table.rules;
    }

    /** Applies a reduction along axes that go away or stay. */
    @FunctionalInterface
    private interface Reduce {
        Tensor of(Tensor x, boolean keep, int... axes);
    }

    private void reductions() {
        reduction(
                "sum",
                ReductionRules::floating,
                Tensor::sum,
                null,
                x -> Arrays.stream(x).sum());
        reduction("mean", ReductionRules::floating, Tensor::mean, null, ReductionRules::mean);
        reduction("max", ReductionRules::some, Tensor::max, null, x -> fold(x, Math::max));
        reduction("min", ReductionRules::some, Tensor::min, null, x -> fold(x, Math::min));
        reduction(
                "prod",
                ReductionRules::floating,
                Tensor::prod,
                null,
                x -> Arrays.stream(x).reduce(1, (a, b) -> a * b));
        reduction(
                "any",
                x -> x.type() == DType.BOOL,
                Tensor::any,
                null,
                x -> Arrays.stream(x).anyMatch(t -> t != 0) ? 1 : 0);
        reduction(
                "all",
                x -> x.type() == DType.BOOL,
                Tensor::all,
                null,
                x -> Arrays.stream(x).allMatch(t -> t != 0) ? 1 : 0);
    }

    private void spreads() {
        reduction(
                "logSumExp",
                ReductionRules::floating,
                Tensor::logSumExp,
                null,
                x -> x.length == 0 ? Double.NEGATIVE_INFINITY : Special.logSumExp(x));
        reduction(
                "variance",
                "0, ",
                ReductionRules::floating,
                (x, keep, axes) -> x.variance(0, keep, axes),
                ReductionRules::variance);
        reduction(
                "standardDeviation",
                "0, ",
                ReductionRules::floating,
                (x, keep, axes) -> x.standardDeviation(0, keep, axes),
                x -> Math.sqrt(variance(x)));
    }

    private void norms() {
        reduction(
                "norm",
                "2, ",
                ReductionRules::floating,
                (x, keep, axes) -> x.norm(2, keep, axes),
                x -> Math.sqrt(Arrays.stream(x).map(each -> each * each).sum()));
        reduction(
                "norm",
                "3, ",
                ReductionRules::floating,
                (x, keep, axes) -> x.norm(3, keep, axes),
                x -> Math.cbrt(Arrays.stream(x)
                        .map(each -> Math.abs(each * each * each))
                        .sum()));
        reduction(
                "norm",
                "1, ",
                ReductionRules::floating,
                (x, keep, axes) -> x.norm(1, keep, axes),
                x -> Arrays.stream(x).map(Math::abs).sum());
    }

    private void places() {
        reduction("argMax", x -> x.size() > 0, Tensor::argMax, DType.I32, x -> place(x, (a, b) -> a > b));
        reduction("argMin", x -> x.size() > 0, Tensor::argMin, DType.I32, x -> place(x, (a, b) -> a < b));
    }

    private static boolean floating(Numbers x) {
        return x.isFloating();
    }

    private static boolean some(Numbers x) {
        return x.isFloating() && x.size() > 0;
    }

    private static double mean(double... x) {
        return Arrays.stream(x).sum() / x.length;
    }

    private static double variance(double... x) {
        double mean = mean(x);
        return Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum() / x.length;
    }

    private static double fold(double[] x, DoubleBinaryOperator better) {
        return Arrays.stream(x).reduce(better).orElseThrow();
    }

    /** Whether one is better than another. */
    @FunctionalInterface
    private interface Better {
        boolean than(double a, double b);
    }

    private static double place(double[] x, Better better) {
        int found = 0;
        for (int i = 1; i < x.length && !Double.isNaN(x[found]); i++) {
            found = Double.isNaN(x[i]) || better.than(x[i], x[found]) ? i : found;
        }
        return found;
    }

    private void reduction(
            String name,
            Predicate<Numbers> takes,
            Reduce build,
            @org.jspecify.annotations.Nullable DType to,
            ToDoubleFunction<double[]> meaning) {
        reduction("$0." + name + "($b, $r)", takes, build, meaning, to);
    }

    private void reduction(
            String name, String first, Predicate<Numbers> takes, Reduce build, ToDoubleFunction<double[]> meaning) {
        reduction("$0." + name + "(" + first + "$b, $r)", takes, build, meaning, null);
    }

    private void reduction(
            String text,
            Predicate<Numbers> takes,
            Reduce build,
            ToDoubleFunction<double[]> meaning,
            @org.jspecify.annotations.Nullable DType to) {
        rules.add(new Rule(
                text,
                (d, self) -> {
                    int x = d.find(takes);
                    return x < 0 ? -1 : d.add(self, keepAndAxes(d, d.value(x)), x);
                },
                (in, line) -> build.of(in.getFirst(), line.ints()[0] != 0, axes(line)),
                (in, line) -> {
                    Numbers x = in.getFirst();
                    Numbers kept = x.reduced(axes(line), to == null ? x.type() : to, meaning);
                    return line.ints()[0] != 0 ? kept : kept.reshaped(x.dropped(axes(line)));
                }));
    }

    private static int[] keepAndAxes(Drawing d, Numbers x) {
        int[] axes = d.axes(x.rank());
        int[] ints = new int[axes.length + 1];
        ints[0] = d.below(2);
        System.arraycopy(axes, 0, ints, 1, axes.length);
        return ints;
    }

    private static int[] axes(Line line) {
        return Arrays.copyOfRange(line.ints(), 1, line.ints().length);
    }

    // ------------------------------------------------------------------------------------------------ along an axis

    private void exponentials() {
        along("softmax", Tensor::softmax, ReductionRules::softmax);
        along("logSoftmax", Tensor::logSoftmax, ReductionRules::logSoftmax);
        along("cumulativeSum", Tensor::cumulativeSum, x -> scanned(x, Double::sum));
        along("cumulativeProduct", Tensor::cumulativeProduct, x -> scanned(x, (a, b) -> a * b));
        along("logCumulativeSumExp", Tensor::logCumulativeSumExp, x -> scanned(x, Special::logAddExp));
        along("cumulativeMax", Tensor::cumulativeMax, x -> scanned(x, Math::max));
        along("cumulativeMin", Tensor::cumulativeMin, x -> scanned(x, Math::min));
        along("sort", Tensor::sort, x -> Arrays.stream(x).sorted().toArray());
        along("centered", (x, axis) -> x.centered(axis), ReductionRules::centered);
    }

    /** Of what is not finite no mean is known. */
    private static double[] centered(double... x) {
        double mean = mean(x);
        return Arrays.stream(x)
                .map(each -> Double.isFinite(mean) ? each - mean : Double.NaN)
                .toArray();
    }

    private static double[] scanned(double[] x, DoubleBinaryOperator operator) {
        double[] y = x.clone();
        for (int i = 1; i < y.length; i++) {
            y[i] = operator.applyAsDouble(y[i - 1], y[i]);
        }
        return y;
    }

    private static double[] softmax(double... x) {
        return Arrays.stream(logSoftmax(x)).map(Math::exp).toArray();
    }

    private static double[] logSoftmax(double... x) {
        double all = Special.logSumExp(x);
        return Arrays.stream(x)
                .map(each -> Double.isInfinite(all) ? Double.NaN : each - all)
                .toArray();
    }

    /** Applies a method along an axis. */
    @FunctionalInterface
    private interface Along {
        Tensor of(Tensor x, int axis);
    }

    private void along(String name, Along build, UnaryOperator<double[]> meaning) {
        rules.add(new Rule(
                "$0." + name + "($i)",
                (d, self) -> {
                    int x = d.floating(1);
                    return d.add(self, new int[] {d.axis(d.value(x).rank())}, x);
                },
                (in, line) -> build.of(in.getFirst(), line.ints()[0]),
                (in, line) -> in.getFirst().along(line.ints()[0], meaning)));
    }

    // -------------------------------------------------------------------------------------------------- with a mask

    private void masked() {
        masked("softmax", (x, axis, mask) -> x.softmax(axis, mask), e -> e, 0);
        masked("logSoftmax", (x, axis, mask) -> x.logSoftmax(axis, mask), Math::log, Double.NEGATIVE_INFINITY);
        rules.add(new Rule(
                "$0.logSumExp($i, $1)",
                ReductionRules::drawMasked,
                (in, line) -> in.get(0).logSumExp(line.ints()[0], in.get(1)),
                (in, line) -> {
                    Numbers x = shown(in);
                    return x.reduced(line.ints(), x.type(), Special::logSumExp).reshaped(x.dropped(line.ints()));
                }));
    }

    private static int drawMasked(Drawing d, Rule self) {
        int x = d.find(each -> each.rank() > 0 && each.isFloating() && each.size() > 0);
        return x < 0
                ? -1
                : d.add(
                        self,
                        new int[] {d.axis(d.value(x).rank())},
                        x,
                        d.leaf(DType.BOOL, d.narrowed(d.value(x).shape())));
    }

    /** −∞ where the mask does not hold. */
    private static Numbers shown(List<Numbers> in) {
        Numbers x = in.get(0);
        return Numbers.build(
                x.type(), x.shape(), index -> in.get(1).wide(index) != 0 ? x.get(index) : Double.NEGATIVE_INFINITY);
    }

    /** Applies a method along an axis with a mask. */
    @FunctionalInterface
    private interface Masked {
        Tensor of(Tensor x, int axis, Tensor mask);
    }

    private void masked(String name, Masked build, java.util.function.DoubleUnaryOperator after, double outside) {
        rules.add(new Rule(
                "$0." + name + "($i, $1)",
                ReductionRules::drawMasked,
                (in, line) -> build.of(in.get(0), line.ints()[0], in.get(1)),
                (in, line) -> {
                    Numbers soft = shown(in).along(line.ints()[0], x -> maskedSoftmax(x));
                    return Numbers.build(
                            soft.type(),
                            soft.shape(),
                            index -> in.get(1).wide(index) != 0 ? after.applyAsDouble(soft.get(index)) : outside);
                }));
    }

    private static double[] maskedSoftmax(double... x) {
        double all = Special.logSumExp(x);
        return Arrays.stream(x)
                .map(each -> all == Double.NEGATIVE_INFINITY ? 0 : Math.exp(each - all))
                .toArray();
    }
}
