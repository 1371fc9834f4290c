package dev.clew.internal.compile.selfcheck;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import dev.clew.tensor.Unary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * The formulas of a plan, walked node by node as they were written, before any pass, and led by the plan's own values. Whatever a
 * node gives is looked for among what the plan has. What is there, to the bit or as near as sums in another order come, is taken
 * from there: so a difference cannot grow over the steps of a chaotic net. What the plan has nowhere, since a pass has made something
 * else of it, is computed on, with a bound of how far it may be off. What comes out in the end must be what the plan gives.
 */
final class FormulaWalk {
    /** What may be off by more than this part of it could be taken for another value. */
    private static final double SURE = 0x1p-7;

    /** A value of the plan may be another's that is as near; so much is then kept of what it may be off by. */
    private static final double ULPS = 64;

    private static final int MOST_REPEATED = 1 << 22;

    private final Program formulas;
    private final KnownValues plan;
    private final @Nullable NDArray[] values;
    private final double[][] bounds;
    /** What an output is by the walk, and how far from it the plan may be. */
    private final Map<Integer, Expected> expected = new HashMap<>();

    /** What the plan has too. */
    private final BitSet confirmed = new BitSet();

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Expected(double[] numbers, double[] bounds) {
        int first(NDArray found) {
            return FormulaWalk.first(found.toDoubles(), numbers, bounds);
        }
    }

    private FormulaWalk(Program formulas, KnownValues plan) {
        this.formulas = formulas;
        this.plan = plan;
        this.values = new @Nullable NDArray[formulas.size()];
        this.bounds = new double[formulas.size()][];
        Arrays.fill(bounds, RoundingAllowance.NONE);
    }

    /**
     * Compares what a plan gives with the meaning of its formulas.
     *
     * @throws IllegalStateException if they differ: where, both values, and the smallest program that shows it
     */
    static void compare(Program formulas, List<NDArray> numbers, Replay.Values plan) {
        FormulaWalk meaning = new FormulaWalk(formulas, new KnownValues(plan.all(), formulas));
        for (int output : formulas.outputs()) {
            meaning.expected.put(output, new Expected(RoundingAllowance.NONE, RoundingAllowance.NONE));
        }
        meaning.walk(numbers);
        meaning.outputs(plan.outputs());
    }

    // ------------------------------------------------------------------------------------------------------ the walk

    private void walk(List<NDArray> numbers) {
        for (int slot = 0; slot < numbers.size(); slot++) {
            give(formulas.leaf(slot), numbers.get(slot));
        }
        for (int i = 0; i < values.length; i++) {
            Node node = formulas.node(i);
            if (node.isLiteral()) {
                give(i, node.literal());
            } else if (values[i] == null) {
                compute(i, node);
            }
        }
    }

    private void give(int i, NDArray numbers) {
        values[i] = numbers;
        confirmed.set(i);
        expect(i);
    }

    private void expect(int i) {
        if (repeatsTooOften(formulas, i)) {
            expected.remove(i);
        }
        expected.computeIfPresent(i, (_, _) -> new Expected(value(i).toDoubles(), bounds[i]));
    }

    private void compute(int i, Node node) {
        List<NDArray> inputs = node.inputs().stream().mapToObj(this::value).toList();
        List<double[]> off =
                node.inputs().stream().mapToObj(from -> bounds[from]).toList();
        Tensor stub = node.op()
                .on(node.inputs().stream()
                        .mapToObj(formulas::node)
                        .map(from -> new Source.Input("", from.shape(), from.type()).on())
                        .toArray(Tensor[]::new));
        values[i] = node.op().value(stub, inputs);
        bounds[i] = new RoundingAllowance(stub, inputs, off).bounds();
        if (node.op() == Binary.MINUS && isLargestOf(node.input(1), base(node.input(0)))) {
            // What is the largest is so whatever it is off by; of its difference a softmax asks whether it is 0.
            double[] less = value(i).toDoubles();
            double[] known = bounds[i];
            bounds[i] = new double[less.length];
            Arrays.setAll(bounds[i], at -> less[at] == 0 ? 0 : bound(known, at));
        }
        if (choosesRows(node)) {
            double[] product = value(i).toDoubles();
            double[] known = bounds[i];
            bounds[i] = new double[product.length];
            Arrays.setAll(bounds[i], at -> Double.isNaN(product[at]) ? Double.POSITIVE_INFINITY : bound(known, at));
        }
        expect(i);
        if (node.isView()) {
            confirmed.set(i, node.inputs().stream().allMatch(confirmed::get));
        } else {
            find(i, node);
        }
    }

    /** A plan may choose rows instead of multiplying by one-hots, so that a 0 does not meet what is infinite elsewhere. */
    private boolean choosesRows(Node node) {
        int[] bases = node.inputs().stream().map(this::base).toArray();
        return node.op() instanceof Contraction.MatMul
                && Arrays.stream(bases).anyMatch(from -> formulas.node(from).op() instanceof Selection.OneHot);
    }

    /** Whether a node is the largest element of another, or of some of its elements, or held in bounds. */
    private boolean isLargestOf(int i, int all) {
        Node node = formulas.node(base(i));
        Op op = node.op();
        if (op instanceof Reduction.Max) {
            Node of = formulas.node(base(node.input(0)));
            return base(node.input(0)) == all || (of.op() instanceof Elementwise.Where && base(of.input(1)) == all);
        }
        return (op == Unary.STOP_GRADIENT || op == Binary.MINIMUM || op == Binary.MAXIMUM)
                && isLargestOf(node.input(0), all);
    }

    private int base(int i) {
        int base = i;
        while (formulas.node(base).isView()) {
            base = formulas.node(base).input(0);
        }
        return base;
    }

    /** Takes over what the plan has; if several of its values are near, it may be any of them, or none. */
    private void find(int i, Node node) {
        double[] value = value(i).toDoubles();
        double[] allowed = bounds[i];
        List<double[]> near = isSure(value, allowed) ? plan.near(node.type(), value, allowed) : List.of();
        if (near.isEmpty()) {
            return;
        }
        confirmed.set(i);
        if (allowed.length == 0) {
            return;
        }
        double[] nearest = near.getFirst();
        double ulps = ULPS * (node.type() == DType.F32 ? 0x1p-23 : 0x1p-52);
        double[] apart = new double[value.length];
        for (int at = 0; at < apart.length; at++) {
            // Of what cancels to noise, another noise is as near.
            boolean isSure = allowed[at] <= SURE * Math.abs(value[at]);
            apart[at] = isSure ? Math.min(allowed[at], ulps * Math.abs(value[at])) : 2 * allowed[at];
            for (double[] other : near) {
                double distance = Math.max(Math.abs(other[at] - nearest[at]), Math.abs(value[at] - nearest[at]));
                apart[at] = distance > apart[at] ? distance : apart[at]; // Of two infinities, or NaN, there is none.
            }
        }
        values[i] = NDArray.of(node.shape(), nearest).cast(node.type());
        bounds[i] = apart;
    }

    /** Whether at least half of the elements are known well enough to be told from others. */
    private static boolean isSure(double[] value, double... allowed) {
        int sure = 0;
        for (int at = 0; at < value.length; at++) {
            sure += bound(allowed, at) <= SURE * Math.abs(value[at]) ? 1 : 0;
        }
        return 2 * sure >= value.length;
    }

    private NDArray value(int i) {
        NDArray value = values[i];
        if (value == null) {
            throw new IllegalStateException(formulas.node(i).describe() + " is needed before it is computed");
        }
        return value;
    }

    // --------------------------------------------------------------------------------------------------- differences

    /** A number that is repeated takes no memory, but as many numbers to be compared would. */
    static boolean repeatsTooOften(Program program, int output) {
        int elements = program.node(output).shape().elements();
        return elements > MOST_REPEATED && repeats(program, output);
    }

    private static boolean repeats(Program program, int view) {
        int at = view;
        while (program.node(at).isView() && !(program.node(at).op() instanceof Movement.Broadcast)) {
            at = program.node(at).input(0);
        }
        return program.node(at).isView();
    }

    /** Of an element; what is exact has no bounds. */
    static double bound(double[] bounds, int at) {
        return bounds.length == 0 ? 0 : bounds[at];
    }

    static boolean isSame(double a, double b) {
        return a == b || (Double.isNaN(a) && Double.isNaN(b));
    }

    /** Where two arrays are farther apart than a bound; -1 if nowhere. Of what has an infinite bound nothing is known. */
    static int first(double[] a, double[] b, double[] bounds) {
        for (int i = 0; i < a.length; i++) {
            double bound = bound(bounds, i);
            boolean isNear = bound == Double.POSITIVE_INFINITY || Math.abs(a[i] - b[i]) <= bound;
            if (!isSame(a[i], b[i]) && !isNear) {
                return i;
            }
        }
        return -1;
    }

    private void outputs(List<NDArray> found) {
        int worst = -1;
        for (int k = 0; k < formulas.outputCount(); k++) {
            Expected right = expected.get(formulas.output(k));
            boolean differs = right != null && right.first(found.get(k)) >= 0;
            worst = differs && (worst < 0 || formulas.output(k) < formulas.output(worst)) ? k : worst;
        }
        if (worst >= 0) {
            throw new IllegalStateException(error(worst, found.get(worst).toDoubles()));
        }
    }

    private Expected expected(int output) {
        return expected.getOrDefault(
                formulas.output(output), new Expected(RoundingAllowance.NONE, RoundingAllowance.NONE));
    }

    private String error(int output, double... found) {
        int at = first(found, expected(output).numbers, expected(output).bounds);
        Node node = formulas.node(formulas.output(output));
        ProgramExcerpt excerpt = new ProgramExcerpt(formulas, this::value);
        NavigableSet<Integer> region = excerpt.region(formulas.output(output), confirmed::get);
        int culprit = culprit(region);
        return "a plan differs from the meaning of its formulas: output " + output + ", " + node.describe() + ", is "
                + found[at] + " at " + ProgramExcerpt.index(node, at)
                + ", and computed from the plan's own values before it,"
                + " it is " + expected(output).numbers[at] + ". It is "
                + formulas.node(culprit).describe() + " or what follows, of which the plan has no right value."
                + ProgramExcerpt.REPORT + excerpt.text(region, culprit);
    }

    /** The first that needs only what the plan has, and rather no elementwise one, since those may be fused. */
    private int culprit(NavigableSet<Integer> region) {
        return region.stream()
                .filter(i ->
                        !formulas.node(i).isElementwise() && !formulas.node(i).isView())
                .filter(i -> formulas.node(i).inputs().stream().allMatch(confirmed::get))
                .findFirst()
                .orElseGet(region::first);
    }
}
