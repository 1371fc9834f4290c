package dev.clew.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a plan computes what its formulas mean: on with {@code -Dclew.verify=true}, see {@link Plan}.
 *
 * <p>The formulas are walked once more, node by node as they were written, before any pass. Whatever a node gives is looked for
 * among the values that the plan had in memory. One that is there, to the bit or as near as sums in another order come, is taken
 * from there: so every value is computed from the plan's own values before it, and a difference cannot grow over the steps of a
 * chaotic net. A value that the plan has nowhere, since loops were fused, is computed on. What comes out in the end must be what the
 * plan gives.
 */
final class SelfCheck {
    static final boolean IS_ON = Boolean.getBoolean("clew.verify");

    private static final AtomicInteger COMPARED = new AtomicInteger();

    /** What may be off by more than this part of it could be taken for another value. */
    private static final double SURE = 0x1p-7;

    /** A value of the plan may be another's that is as near; so much is then kept of what it may be off by. */
    private static final double ULPS = 64;

    private static final int MOST_NODES = 12;
    private static final int MOST_NUMBERS = 64;

    private final Program meaning;
    private final Materialized plan;
    private final @Nullable NDArray[] values;
    private final double[][] bounds;
    /** What an output is by the walk, and how far from it the plan may be. */
    private final Map<Integer, Expected> expected = new HashMap<>();

    private final BitSet isOutput = new BitSet();
    /** What the plan has too. */
    private final BitSet confirmed = new BitSet();

    private SelfCheck(Program meaning, Materialized plan) {
        this.meaning = meaning;
        this.plan = plan;
        this.values = new @Nullable NDArray[meaning.size()];
        this.bounds = new double[meaning.size()][0];
        IntStream.of(meaning.outputs()).forEach(isOutput::set);
    }

    /**
     * Compares a plan on some numbers with its meaning.
     *
     * @param numbers those of the leaves, in the order of their slots
     * @throws IllegalStateException if they differ: where, both values, and the smallest program that shows it
     */
    static void of(Compiler.Code code, List<NDArray> numbers) {
        SelfCheck check = new SelfCheck(code.captured(), Materialized.of(code, numbers));
        check.walk(numbers);
        check.outputs();
        COMPARED.incrementAndGet();
    }

    /** How many plans were found to be right. */
    static int compared() {
        return COMPARED.get();
    }

    private void walk(List<NDArray> numbers) {
        for (int slot = 0; slot < numbers.size(); slot++) {
            give(meaning.leaf(slot), numbers.get(slot));
        }
        for (int i = 0; i < values.length; i++) {
            Node node = meaning.node(i);
            if (node.isLiteral()) {
                give(i, node.literal());
            } else if (values[i] == null) {
                compute(i, node);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Expected(double[] numbers, double[] bounds) {}

    private void give(int i, NDArray numbers) {
        values[i] = numbers;
        bounds[i] = new double[numbers.shape().elements()];
        confirmed.set(i);
    }

    private void compute(int i, Node node) {
        List<NDArray> inputs = new ArrayList<>();
        Tensor[] stubs = new Tensor[node.inputCount()];
        List<double[]> off = new ArrayList<>();
        boolean isShown = true;
        for (int input = 0; input < stubs.length; input++) {
            int from = node.input(input);
            Node given = meaning.node(from);
            stubs[input] = new Source.Input("", given.shape(), given.type()).on();
            inputs.add(value(from));
            off.add(bounds[from]);
            isShown &= confirmed.get(from);
        }
        Tensor stub = node.op().on(stubs);
        NDArray value = node.op().value(stub, inputs);
        values[i] = value;
        bounds[i] = node.isView()
                ? shown(stub, inputs.getFirst(), off.getFirst())
                : new Allowance(stub, inputs, off).bounds();
        if (isOutput.get(i)) {
            expected.put(i, new Expected(value.toDoubles(), bounds[i]));
        }
        if (node.isView()) {
            confirmed.set(i, isShown);
        } else {
            find(i, node, value.toDoubles());
        }
    }

    /** Bounds of what a view shows. */
    private static double[] shown(Tensor view, NDArray input, double[] bounds) {
        return Allowance.isZero(bounds)
                ? new double[view.shape().elements()]
                : view.op()
                        .value(view, List.of(NDArray.of(input.shape(), bounds)))
                        .toDoubles();
    }

    /** Takes over what the plan has; if several of its values are near, it may be any of them, or none. */
    private void find(int i, Node node, double[] value) {
        double[] allowed = bounds[i];
        long sure = IntStream.range(0, value.length)
                .filter(at -> allowed[at] <= SURE * Math.abs(value[at]))
                .count();
        List<double[]> near = 2 * sure < value.length ? List.of() : plan.near(node.type(), value, allowed);
        if (near.isEmpty()) {
            return;
        }
        double[] nearest = near.getFirst();
        double ulps = ULPS * (node.type() == DType.F32 ? 0x1p-23 : 0x1p-52);
        double[] apart = new double[value.length];
        Arrays.setAll(apart, at -> Math.min(allowed[at], ulps * Math.abs(value[at])));
        for (double[] other : near) {
            for (int at = 0; at < apart.length; at++) {
                double distance = Math.max(Math.abs(other[at] - nearest[at]), Math.abs(value[at] - nearest[at]));
                apart[at] = distance > apart[at] ? distance : apart[at]; // Of two infinities, or NaN, there is none.
            }
        }
        values[i] = NDArray.of(node.shape(), nearest).cast(node.type());
        bounds[i] = apart;
        confirmed.set(i);
    }

    private NDArray value(int i) {
        NDArray value = values[i];
        if (value == null) {
            throw new IllegalStateException(meaning.node(i).describe() + " is needed before it is computed");
        }
        return value;
    }

    // ----------------------------------------------------------------------------------------------------- differences

    private void outputs() {
        int worst = -1;
        for (int k = 0; k < meaning.outputCount(); k++) {
            int node = meaning.output(k);
            boolean differs = place(k).isPresent();
            worst = differs && (worst < 0 || node < meaning.output(worst)) ? k : worst;
        }
        if (worst >= 0) {
            throw new IllegalStateException(error(worst, place(worst).orElse(0)));
        }
    }

    /** Where an output differs. */
    private Optional<Integer> place(int output) {
        Expected right = expected(output);
        int at = Materialized.first(plan.outputs().get(output).toDoubles(), right.numbers, right.bounds);
        return at < 0 ? Optional.empty() : Optional.of(at);
    }

    private Expected expected(int output) {
        int node = meaning.output(output);
        return expected.getOrDefault(node, new Expected(value(node).toDoubles(), bounds[node]));
    }

    private String error(int output, int at) {
        Node node = meaning.node(meaning.output(output));
        NavigableSet<Integer> region = region(meaning.output(output));
        return "a plan differs from the meaning of its formulas: output " + output + ", " + node.describe() + ", is "
                + plan.outputs().get(output).toDoubles()[at] + " at " + index(node, at)
                + ", and computed from the plan's own values"
                + " before it, it is " + expected(output).numbers[at]
                + ". It is " + meaning.node(culprit(region)).describe()
                + " or what follows, of which the plan has no right value."
                + " This is a mistake in Clew, not in your program: please report it, with these lines;"
                + " meanwhile, Evaluator.plain() computes what is meant.\n" + text(region);
    }

    private static String index(Node node, int at) {
        int[] index = new int[node.shape().rank()];
        int rest = at;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % node.shape().length(axis);
            rest /= node.shape().length(axis);
        }
        return Arrays.toString(index);
    }

    /** What leads to an output from the last values that the plan has too. */
    private NavigableSet<Integer> region(int output) {
        TreeSet<Integer> region = new TreeSet<>(List.of(output));
        List<Integer> open = new ArrayList<>(region);
        while (!open.isEmpty()) {
            for (int input : meaning.node(open.removeLast()).inputs().toArray()) {
                if (!confirmed.get(input) && region.add(input)) {
                    open.add(input);
                }
            }
        }
        return region;
    }

    /** The first that needs only what the plan has, and rather no elementwise one, since those may be fused. */
    private int culprit(NavigableSet<Integer> region) {
        return region.stream()
                .filter(i ->
                        !meaning.node(i).isElementwise() && !meaning.node(i).isView())
                .filter(i -> meaning.node(i).inputs().stream().allMatch(confirmed::get))
                .findFirst()
                .orElseGet(region::first);
    }

    /** The smallest program: the nodes, and the numbers that they are given. */
    private String text(NavigableSet<Integer> region) {
        int first = culprit(region);
        NavigableSet<Integer> shown = region.size() <= MOST_NODES ? region : new TreeSet<>(List.of(first));
        TreeSet<Integer> given = new TreeSet<>();
        shown.forEach(i -> meaning.node(i).inputs().forEach(given::add));
        given.removeAll(shown);
        StringBuilder text = new StringBuilder();
        for (int i : given) {
            NDArray value = value(i);
            text.append('%')
                    .append(i)
                    .append(" = ")
                    .append(value.dtype())
                    .append(' ')
                    .append(value.shape())
                    .append(' ');
            double[] numbers = value.toDoubles();
            text.append(Arrays.toString(Arrays.copyOf(numbers, Math.min(MOST_NUMBERS, numbers.length))))
                    .append(numbers.length > MOST_NUMBERS ? " and so on\n" : "\n");
        }
        for (int i : shown) {
            Node node = meaning.node(i);
            text.append('%')
                    .append(i)
                    .append(" = ")
                    .append(node.op())
                    .append(' ')
                    .append(node.inputs());
            text.append(" gives ")
                    .append(node.shape())
                    .append(' ')
                    .append(node.type())
                    .append('\n');
        }
        return text.toString();
    }
}
