package dev.clew.gradient;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Applies a function until nothing changes. Its inputs are the start, and all that the function computes with and that does not depend
 * on its argument.
 *
 * @param steps what depends on the argument, the last of them the result
 */
record Iteration(ImmutableList<Step> steps, double tolerance, int most) implements Custom {

    /**
     * One operation of the function.
     *
     * @param operands the argument is 0, what the function computes with follows as 1, 2, ..., and step i is −1 − i
     */
    private record Step(Op op, Shape shape, IntTuple operands) {
        <T> List<T> from(List<T> inputs, List<T> steps) {
            return operands.stream()
                    .mapToObj(at -> at < 0 ? steps.get(-1 - at) : inputs.get(at))
                    .toList();
        }
    }

    /** The fixed point of a function whose result for h is next. */
    static Tensor of(Tensor h, Tensor next, Tensor start, double tolerance, int most) {
        if (next == h) {
            throw new IllegalArgumentException("fixed point from " + start.describe()
                    + ": the function gives what it is given, so every point is one; was its result lost?");
        }
        Capture capture = new Capture(Graph.since(h.number(), next), h, start);
        ImmutableList<Step> steps = capture.steps();
        return steps.isEmpty() ? next : new Iteration(steps, tolerance, most).on(capture.inputs.toArray(Tensor[]::new));
    }

    /** What a function does to its argument. */
    private static final class Capture {
        private static final int UNKNOWN = Integer.MAX_VALUE;

        private final Graph graph;
        private final Tensor h;
        private final int[] operand;
        private final List<Tensor> inputs = new ArrayList<>();
        private final boolean[] depends;

        Capture(Graph graph, Tensor h, Tensor start) {
            this.graph = graph;
            this.h = h;
            this.operand = new int[graph.size()];
            this.depends = new boolean[graph.size()];
            Arrays.fill(operand, UNKNOWN);
            inputs.add(start);
            if (graph.position(h) >= 0) {
                operand[graph.position(h)] = 0;
                depends[graph.position(h)] = true;
            }
        }

        ImmutableList<Step> steps() {
            List<Step> steps = new ArrayList<>();
            int[][] of = graph.inputPositions();
            for (int i = 0; i < of.length; i++) {
                if (graph.node(i).number() <= h.number()) {
                    continue; // Made before there was an argument.
                }
                for (int input : of[i]) {
                    depends[i] |= depends[input];
                }
                if (depends[i]) {
                    steps.add(step(i, of[i]));
                    operand[i] = -steps.size();
                }
            }
            return ImmutableList.copyOf(steps);
        }

        private Step step(int i, int... of) {
            int[] operands = new int[of.length];
            for (int input = 0; input < of.length; input++) {
                if (operand[of[input]] == UNKNOWN) {
                    operand[of[input]] = inputs.size();
                    inputs.add(graph.node(of[input]));
                }
                operands[input] = operand[of[input]];
            }
            return new Step(graph.node(i).op(), graph.node(i).shape(), IntTuple.of(operands));
        }
    }

    @Override
    public String label() {
        return "fixedPoint";
    }

    @Override
    public Shape shape(List<Tensor> inputs) {
        return inputs.getFirst().shape();
    }

    @Override
    public NDArray value(List<NDArray> inputs) {
        List<Tensor> function = new ArrayList<>();
        List<Tensor> stubs = new ArrayList<>();
        inputs.forEach(input ->
                stubs.add(Tensor.input("x", input.dtype(), input.shape().lengths())));
        for (Step step : steps) {
            function.add(step.op.on(step.from(stubs, function).toArray(Tensor[]::new)));
        }
        List<NDArray> now = new ArrayList<>(inputs);
        double change = Double.NaN;
        for (int i = 0; i < most; i++) {
            NDArray next = applied(function, now);
            change = change(now.getFirst(), next);
            if (change <= tolerance) {
                return next;
            }
            if (Double.isNaN(change)) {
                throw new ArithmeticException(asked(inputs) + ": F(h) is not finite after " + (i + 1)
                        + " iterations; F must bring points nearer to one another, as it does with smaller weights");
            }
            now.set(0, next);
        }
        throw new ArithmeticException(asked(inputs) + ": it did not converge; the last of " + most
                + " iterations still moved an element by " + change + " of the largest, and " + tolerance
                + " is asked for; F must bring points nearer to one another, as it does with smaller weights; or allow"
                + " more iterations, or a larger tolerance");
    }

    private static String asked(List<NDArray> inputs) {
        return "fixed point from " + inputs.getFirst().shape() + " "
                + inputs.getFirst().dtype();
    }

    private NDArray applied(List<Tensor> function, List<NDArray> inputs) {
        List<NDArray> values = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            values.add(step.op.value(function.get(i), step.from(inputs, values)));
        }
        return values.getLast();
    }

    /** How far an element has moved at most, relative to the largest; NaN if one is not finite. */
    private static double change(NDArray from, NDArray to) {
        double[] before = from.toDoubles();
        double[] after = to.toDoubles();
        double most = 0;
        double largest = 1;
        for (int i = 0; i < after.length; i++) {
            if (!Double.isFinite(after[i])) {
                return Double.NaN;
            }
            most = Math.max(most, Math.abs(after[i] - before[i]));
            largest = Math.max(largest, Math.abs(after[i]));
        }
        return most / largest;
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        List<Tensor> inputs = new ArrayList<>(List.of(alias(y)));
        y.inputs().stream().skip(1).forEach(each -> inputs.add(alias(each)));
        List<Tensor> made = new ArrayList<>();
        for (Step step : steps) {
            made.add(step.op.on(step.from(inputs, made).toArray(Tensor[]::new)));
        }
        Tensor next = made.getLast();
        Tensor v = FixedPoint.of(
                each -> yBar.plus(Gradients.of(next, each).wrt(inputs.getFirst())), yBar, tolerance, most);
        return Gradients.of(next, v).wrt(inputs.get(input));
    }

    /** The same numbers as a node of its own, so that derivatives by it leave out what it is computed from. */
    private static Tensor alias(Tensor x) {
        return x.dtype().isFloating() ? new Movement.Reshape(x.shape()).on(x) : x;
    }

    @Override
    public boolean passesGradient(int input) {
        return input > 0;
    }
}
