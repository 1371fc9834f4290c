package dev.clew.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares every number of a gradient with differences: the work behind {@link GradientCheck}. */
final class Examination {
    /** Few steps, further apart, are preferred while their error is no larger than so many times: close ones amplify rounding. */
    private static final double AS_GOOD = 4;

    private final int order;
    private final Tensor y;
    private final Map<String, ? extends Tensor> inputs;
    private final Map<String, NDArray> byHand;
    private final double tolerance;
    private final RandomKey key;
    private final Probe probe;
    private final Set<Tensor> held;
    private final boolean single;
    private final List<Finding> findings = new ArrayList<>();

    /** The result is a vector of f64. */
    Examination(
            int order,
            Tensor y,
            Map<String, ? extends Tensor> inputs,
            Map<String, NDArray> byHand,
            double tolerance,
            RandomKey key,
            Probe probe,
            Set<Tensor> held) {
        this.order = order;
        this.y = y;
        this.inputs = inputs;
        this.byHand = byHand;
        this.tolerance = tolerance;
        this.key = key;
        this.probe = probe;
        this.held = held;
        this.single = probe.graph().nodes().stream().anyMatch(node -> node.dtype() == DType.F32);
    }

    /** Against one random cotangent, or every element of the result by itself. */
    List<Finding> run(GradientCheck.Way way, int directions, NDArray yBar) {
        if (way != GradientCheck.Way.JACOBIAN) {
            examine(new Projection(yBar.toDoubles(), 1, List.of()), way, directions);
            return findings;
        }
        for (int i = 0; i < y.shape().elements(); i++) {
            double[] one = new double[y.shape().elements()];
            one[i] = yBar.get(i);
            examine(new Projection(one, one[i], List.of(i)), way, directions);
        }
        return findings;
    }

    /** Σ ȳ·y/divisor, its gradient, and how exactly its values are known. */
    private final class Projection {
        private final double[] weights;
        private final double divisor;
        private final List<Integer> output;
        private final Gradients gradients;
        private final Noise noise;

        Projection(double[] yBar, double divisor, List<Integer> output) {
            this.weights = Arrays.stream(yBar).map(bar -> bar / divisor).toArray();
            this.divisor = divisor;
            this.output = output;
            this.gradients = Gradients.of(y, Tensor.of(yBar));
            this.noise = new Noise(probe, gradients);
        }

        /** Differences of values, in the part of them that moved. */
        Slope.Quotient quotient(NDArray down, double left, NDArray up, double right, double rounding) {
            double[] low = down.toDoubles();
            double[] middle = probe.result().toDoubles();
            double[] high = up.toDoubles();
            double before = 0;
            double after = 0;
            for (int i = 0; i < weights.length; i++) {
                before += weights[i] == 0 ? 0 : weights[i] * (middle[i] - low[i]);
                after += weights[i] == 0 ? 0 : weights[i] * (high[i] - middle[i]);
            }
            return new Slope.Quotient(
                    (left + right) / 2,
                    before / left,
                    after / right,
                    rounding / Math.abs(divisor),
                    (right - left) / (right + left));
        }
    }

    private void examine(Projection projection, GradientCheck.Way way, int directions) {
        for (Map.Entry<String, ? extends Tensor> input : inputs.entrySet()) {
            Tensor x = input.getValue();
            NDArray found = byHand.getOrDefault(input.getKey(), NDArray.full(0, x.dtype(), x.shape()));
            if (byHand.isEmpty()) {
                found = Evaluator.current()
                        .evaluate(List.of(projection.gradients.wrt(x)))
                        .getFirst();
            }
            Moving moving = new Moving(projection, input.getKey(), x, found);
            boolean many = x.shape().elements() > GradientCheck.MANY && way == GradientCheck.Way.AUTOMATIC;
            if (many || way == GradientCheck.Way.DIRECTIONS) {
                moving.directions(directions);
            } else {
                moving.elements();
            }
        }
    }

    /** One input on the move. */
    private final class Moving {
        private final Projection projection;
        private final String name;
        private final Tensor x;
        private final double[] analytic;
        private final NDArray origin;
        private final int[] dependents;
        private final boolean reached;
        private final Judge judge;
        private Noise.Estimate noise = Noise.Estimate.NONE;
        private @Nullable Swing swing;

        Moving(Projection projection, String name, Tensor x, NDArray analytic) {
            this.projection = projection;
            this.name = name;
            this.x = x;
            this.analytic = Arrays.stream(analytic.toDoubles())
                    .map(number -> number / projection.divisor)
                    .toArray();
            this.origin = probe.graph().position(x) < 0
                    ? NDArray.full(0, x.dtype(), x.shape())
                    : probe.base(probe.graph().position(x));
            this.dependents = probe.dependents(x);
            this.reached = projection.gradients.reaches(x);
            double most = Arrays.stream(this.analytic)
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
            this.judge = new Judge(tolerance, single, most);
        }

        void elements() {
            for (int i = 0; i < analytic.length; i++) {
                rule(Line.along(origin, i), analytic[i], index(i, x.shape()), false);
            }
        }

        void directions(int count) {
            for (int i = 0; i < count; i++) {
                double[] signs = key.fold(i)
                        .uniform(-1, 1, DType.F64, Shape.of(analytic.length))
                        .toDoubles();
                Arrays.setAll(signs, at -> signs[at] < 0 ? -1 : 1);
                Line line = Line.along(origin, signs);
                rule(line, line.along(analytic), List.of(i), true);
            }
        }

        private void rule(Line line, double number, List<Integer> index, boolean direction) {
            noise = Noise.Estimate.NONE;
            double ofInput = direction ? projection.noise.ofNumbers(x) : 0;
            List<Slope.Quotient> quotients = quotients(line, line.steps(), ofInput, false);
            Judge.Ruling ruling = judge.isPlain(number, quotients)
                    ? judge.rule(number, quotients, noise)
                    : ofAllSizes(line, number, quotients, ofInput);
            if (ruling.verdict() == Verdict.FLAT && !reached) {
                ruling = new Judge.Ruling(0, 0, Verdict.RIGHT, "");
            }
            if (ruling.verdict() == Verdict.WRONG && !Double.isFinite(number) && !isFinite(probe.result())) {
                ruling = Judge.beyond(ruling, number);
            }
            findings.add(new Finding(
                    order,
                    name,
                    index,
                    direction,
                    projection.output,
                    number,
                    ruling.numeric(),
                    ruling.error(),
                    ruling.verdict(),
                    ruling.reason()));
        }

        private static boolean isFinite(NDArray array) {
            return Arrays.stream(array.toDoubles()).allMatch(Double::isFinite);
        }

        private Judge.Ruling ofAllSizes(Line line, double number, List<Slope.Quotient> plain, double ofInput) {
            List<Slope.Quotient> all = quotients(line, line.allSteps(), ofInput, true);
            if (all.isEmpty() || !reached) {
                Judge.Ruling ruling = judge.rule(number, all, noise);
                return ruling.verdict() == Verdict.WRONG
                        ? unlessItJumps(ruling, line, judge.reach(number, all))
                        : ruling;
            }
            double least = Settled.noise(all, noise.total() / Math.abs(projection.divisor));
            List<Slope.Quotient> honest =
                    all.stream().map(quotient -> quotient.withNoise(least)).toList();
            List<Slope.Quotient> settled = best(
                    plain.stream().map(quotient -> quotient.withNoise(least)).toList(), Settled.of(honest));
            Judge.Ruling ruling = judge.rule(number, settled, noise);
            if (ruling.verdict() == Verdict.WRONG && Double.isFinite(number)) {
                return weighed(
                        ruling,
                        number,
                        line,
                        judge.reach(number, settled),
                        honest.getLast().step());
            }
            return ruling.verdict().isDecided() ? ruling : judge.orKink(ruling, number, honest);
        }

        /** Of the moderate steps, if all are to be believed, every second step, and all steps, those that tell most. */
        private static List<Slope.Quotient> best(List<Slope.Quotient> plain, List<Slope.Quotient> settled) {
            List<Slope.Quotient> few = IntStream.range(0, (settled.size() + 1) / 2)
                    .mapToObj(i -> settled.get(2 * i))
                    .toList();
            boolean believed = !plain.isEmpty()
                    && plain.getFirst().step() <= settled.getFirst().step();
            if (believed && Slope.of(plain).error() <= Slope.of(few).error()) {
                few = plain;
            }
            return Slope.of(few).error() <= AS_GOOD * Slope.of(settled).error() ? few : settled;
        }

        /** Before a number is called wrong: whether it belongs to a gradient that the differences can measure at all. */
        private Judge.Ruling weighed(Judge.Ruling ruling, double number, Line line, double reach, double smallest) {
            if (swing == null) {
                swing = new Swing(projection.gradients.wrt(x), x, held);
            }
            Judge.Ruling smooth = unlessItJumps(ruling, line, reach);
            if (smooth.verdict() != Verdict.WRONG) {
                return smooth;
            }
            double unknown = swing.within(line, reach, smallest) / Math.abs(projection.divisor);
            Judge.Ruling weighed = Judge.weighed(ruling, number, unknown, reach);
            return weighed.verdict() == Verdict.WRONG
                    ? Judge.rounded(weighed, number, swing.rounding(line) / Math.abs(projection.divisor))
                    : weighed;
        }

        private Judge.Ruling unlessItJumps(Judge.Ruling wrong, Line line, double reach) {
            return new Jumps(probe, x, dependents, held)
                    .within(line, reach)
                    .map(node -> Judge.jumping(wrong, node, reach))
                    .orElse(wrong);
        }

        /** The estimate of rounding at the first step serves those of about its size, or each step has its own. */
        private List<Slope.Quotient> quotients(Line line, double[] steps, double ofInput, boolean ofAllSizes) {
            List<Slope.Quotient> quotients = new ArrayList<>();
            double rounding = 0;
            for (int i = 0; i < steps.length; i++) {
                Line.Point up = line.at(steps[i]);
                Line.Point down = line.at(-steps[i]);
                NDArray[] above = probe.moved(x, dependents, up.numbers());
                NDArray[] below = probe.moved(x, dependents, down.numbers());
                if (i == 0) {
                    noise = noise.max(projection.noise.ofBase(dependents, above));
                }
                if (i == 0 || ofAllSizes) {
                    rounding = Math.hypot(
                            ofInput,
                            Math.max(
                                    noise.total(),
                                    projection.noise.of(dependents, above).total()));
                }
                Slope.Quotient quotient = projection.quotient(
                        below[below.length - 1], -down.step(), above[above.length - 1], up.step(), rounding);
                if (Double.isFinite(quotient.left()) && Double.isFinite(quotient.right())) {
                    quotients.add(quotient);
                }
            }
            return quotients;
        }
    }

    static List<Integer> index(int position, Shape shape) {
        Integer[] index = new Integer[shape.rank()];
        int rest = position;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.length(axis);
            rest /= shape.length(axis);
        }
        return List.of(index);
    }
}
