package dev.clew.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far rounding may throw Σ ȳ·y off, where y is computed anew from a moved input.
 *
 * <p>Every node rounds its numbers by about one unit u of its type, and a change of a number changes the result by its
 * cotangent: the errors |v·v̄|·u, taken as independent, add up as the root of their squares (Linnainmaa, Taylor expansion of
 * the accumulated rounding error, 1976). Numbers that the move leaves as they are round alike before and after, and drop out of
 * the difference. Operations that add many numbers also round in between, on the scale of their inputs.
 */
final class Noise {
    private static final double UNIT_F64 = 0x1p-52;
    private static final double UNIT_F32 = 0x1p-23;

    private final Probe probe;
    /** For each node the sizes of its cotangents; none for those that contribute nothing. */
    private final double[][] sizes;

    Noise(Probe probe, Gradients gradients) {
        this.probe = probe;
        Graph graph = probe.graph();
        this.sizes = new double[graph.size()][0];
        List<Integer> positions = new ArrayList<>();
        List<Tensor> cotangents = new ArrayList<>();
        for (int i = 0; i < graph.size(); i++) {
            Tensor node = graph.node(i);
            if (node.dtype().isFloating() && gradients.reaches(node)) {
                positions.add(i);
                cotangents.add(gradients.wrt(node));
            }
        }
        List<NDArray> bars = Evaluator.current().evaluate(cotangents);
        for (int i = 0; i < bars.size(); i++) {
            double[] bar = bars.get(i).toDoubles();
            Arrays.setAll(bar, at -> Double.isFinite(bar[at]) ? Math.abs(bar[at]) : 0);
            sizes[positions.get(i)] = bar;
        }
    }

    /**
     * The error to expect.
     *
     * @param total of the whole formula
     * @param last of the last node alone: the rounding of the result
     * @param most the node that contributes most
     */
    record Estimate(double total, double last, Optional<Tensor> most) {
        static final Estimate NONE = new Estimate(0, 0, Optional.empty());

        /** The larger of two, of the same formula. */
        Estimate max(Estimate other) {
            return total >= other.total ? this : other;
        }
    }

    /** The error to expect of the values as they are, in the part that a move changes. */
    Estimate ofBase(int[] dependents, NDArray[] moved) {
        return of(dependents, moved, false);
    }

    /** The error to expect of the difference between the values as they are and after a move. */
    Estimate of(int[] dependents, NDArray[] moved) {
        return of(dependents, moved, true);
    }

    private Estimate of(int[] dependents, NDArray[] moved, boolean there) {
        double sum = 0;
        double most = 0;
        double last = 0;
        Optional<Tensor> where = Optional.empty();
        Map<Integer, boolean[]> touched = new HashMap<>();
        for (int position : dependents) {
            touched.put(position, touched(position, moved, touched));
            last = at(position, moved, touched.getOrDefault(position, new boolean[0]), there);
            sum = Math.hypot(sum, last);
            if (last > most) {
                most = last;
                where = Optional.of(probe.graph().node(position));
            }
        }
        return new Estimate(sum, last, where);
    }

    /** The error to expect of the values as they are, whichever input moves: of a formula that is computed once. */
    double ofAll() {
        double sum = 0;
        for (int position = 0; position < sizes.length; position++) {
            boolean isGiven = probe.graph().node(position).inputCount() == 0;
            boolean[] all = new boolean[isGiven ? 0 : sizes[position].length];
            Arrays.fill(all, true);
            sum = isGiven ? sum : Math.hypot(sum, at(position, probe.values(), all, false));
        }
        return sum;
    }

    /** Which numbers of a node a move reaches: those that changed, and those in which rounding swallows the change. */
    private boolean[] touched(int position, NDArray[] moved, Map<Integer, boolean[]> before) {
        Tensor node = probe.graph().node(position);
        boolean[] touched = changed(position, moved);
        List<boolean[]> reached = new ArrayList<>();
        for (Tensor input : node.inputs()) {
            int at = probe.graph().position(input);
            boolean[] known = before.get(at);
            reached.add(known == null ? changed(at, moved) : known);
        }
        if (node.op() instanceof Elementwise) {
            for (boolean[] each : reached) {
                for (int i = 0; i < touched.length; i++) {
                    touched[i] |= each[i];
                }
            }
        } else {
            reach(node, reached, touched);
        }
        return touched;
    }

    /** What is computed from a number that is reached becomes NaN if that does. */
    private void reach(Tensor node, List<boolean[]> reached, boolean[] touched) {
        if (node.op() instanceof Custom) {
            Arrays.fill(touched, true);
            return;
        }
        List<NDArray> inputs = new ArrayList<>();
        for (int input = 0; input < node.inputCount(); input++) {
            NDArray base = probe.base(probe.graph().position(node.input(input)));
            boolean[] at = reached.get(input);
            double[] numbers = base.toDoubles();
            Arrays.setAll(numbers, i -> at[i] ? Double.NaN : numbers[i]);
            inputs.add(
                    base.dtype().isFloating()
                            ? NDArray.of(base.shape(), numbers).cast(base.dtype())
                            : base);
        }
        double[] marked = node.op().value(node, inputs).toDoubles();
        double[] base = probe.base(probe.graph().position(node)).toDoubles();
        for (int i = 0; i < touched.length; i++) {
            touched[i] |= Double.isNaN(marked[i]) && !Double.isNaN(base[i]);
        }
    }

    private boolean[] changed(int position, NDArray[] moved) {
        double[] before = probe.base(position).toDoubles();
        double[] after = moved[position].toDoubles();
        boolean[] changed = new boolean[before.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = before[i] != after[i];
        }
        return changed;
    }

    /** What one node contributes. */
    private double at(int position, NDArray[] moved, boolean[] touched, boolean there) {
        double[] bars = sizes[position];
        if (bars.length == 0) {
            return 0;
        }
        double[] before = probe.base(position).toDoubles();
        double[] after = moved[position].toDoubles();
        double unit = unit(probe.base(position));
        double least = probe.base(position).dtype() == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        double[] errors = new double[bars.length];
        for (int i = 0; i < errors.length; i++) {
            double size = there ? Math.max(Math.abs(before[i]), Math.abs(after[i])) : Math.abs(before[i]);
            // A number that underflows is rounded to a multiple of the least there is.
            errors[i] = !touched[i] ? 0 : Math.max(unit * size, least) * bars[i];
        }
        double own = root(errors);
        Tensor node = probe.graph().node(position);
        boolean addsUp = !(node.op() instanceof Elementwise || node.op() instanceof Movement);
        return addsUp && own > 0 ? Math.hypot(own, inputs(node)) : own;
    }

    private double inputs(Tensor node) {
        double sum = 0;
        for (Tensor input : node.inputs()) {
            sum = Math.hypot(sum, ofNumbers(input));
        }
        return sum;
    }

    /** What a rounding of a node's numbers as they are may do; 0 for what the result does not depend on. */
    double ofNumbers(Tensor node) {
        int position = probe.graph().position(node);
        if (position < 0 || sizes[position].length == 0) {
            return 0;
        }
        double[] errors = sizes[position].clone();
        double[] numbers = probe.base(position).toDoubles();
        double unit = unit(probe.base(position));
        Arrays.setAll(errors, i -> unit * Math.abs(numbers[i]) * errors[i]);
        return root(errors);
    }

    private static double unit(NDArray array) {
        return array.dtype() == DType.F32 ? UNIT_F32 : UNIT_F64;
    }

    /** The root of the sum of squares, whatever the scale. */
    private static double root(double[] errors) {
        double most = 0;
        for (double error : errors) {
            most = Double.isFinite(error) ? Math.max(most, error) : most;
        }
        double sum = 0;
        for (double error : errors) {
            double part = most == 0 || !Double.isFinite(error) ? 0 : error / most;
            sum += part * part;
        }
        return most * Math.sqrt(sum);
    }
}
