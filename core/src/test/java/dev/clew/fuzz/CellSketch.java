package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recurrent cells with gates, in one layer or two, over more steps than a compiler leaves alone: products that share what is on their
 * left, or what is on their right, sums over steps, and stacks of states that others may lie upon. Without anything to be trained it
 * is what a model does when it serves.
 */
final class CellSketch {
    private static final int FEWEST_STEPS = 5;
    private static final int MOST_STEPS = 9;
    private static final List<String> SQUASHES = List.of("$0.tanh()", "$0.sigmoid()", "$0.relu()", "");

    private final Drawing drawing;
    private final DType type;
    private final int steps;
    private final int batch;
    private final int units;
    private final boolean isTrained;

    CellSketch(Drawing drawing) {
        this.drawing = drawing;
        this.type = drawing.type();
        // Now and then a row is longer than what a product computes at a time.
        boolean isWide = drawing.chance(0.1);
        this.steps = isWide ? FEWEST_STEPS : drawing.between(FEWEST_STEPS, MOST_STEPS);
        this.batch = isWide ? 1 : drawing.between(1, 3);
        this.units = isWide ? drawing.between(33, 40) : drawing.between(1, 5);
        this.isTrained = drawing.chance(0.7);
    }

    /** Adds all steps of all layers. */
    void draw() {
        List<Integer> xs = inputs(drawing.between(1, 4));
        for (int layer = drawing.between(1, 2); layer > 0; layer--) {
            xs = states(xs);
        }
        if (drawing.chance(0.4)) {
            int readOut = weights(units, drawing.between(1, 4));
            xs = xs.stream().map(h -> call("$0.matmul($1)", h, readOut)).toList();
        }
        int[] all = xs.stream().mapToInt(i -> i).toArray();
        switch (drawing.below(3)) {
            case 0 -> call("Tensor.stack($i, List.of($*))", new int[] {0}, all);
            case 1 -> call("Tensor.sum(List.of($*))", all);
            default -> {}
        }
    }

    /** The steps of a sequence. */
    private List<Integer> inputs(int length) {
        boolean batchFirst = drawing.chance(0.3);
        int sequence = batchFirst ? leaf(batch, steps, length) : leaf(steps, batch, length);
        return IntStream.range(0, steps)
                .mapToObj(t -> call("$0.get($i)", new int[] {batchFirst ? 1 : 0, t}, sequence))
                .toList();
    }

    /** The states of a layer. */
    private List<Integer> states(List<Integer> xs) {
        int[] x = drawing.value(xs.getFirst()).shape();
        List<Gate> gates = IntStream.range(0, drawing.between(1, 4))
                .mapToObj(_ -> gate(x[x.length - 1]))
                .toList();
        boolean carries = drawing.chance(0.5);
        int h = leaf(batch, units);
        List<Integer> states = new ArrayList<>();
        for (int each : xs) {
            h = next(gates, carries, each, h);
            states.add(h);
        }
        return states;
    }

    /**
     * z = x·W + h·U + b, some of it, squashed.
     *
     * @param isFactor whether it multiplies what the gates before it gave, or is added to it
     */
    private record Gate(int w, int u, int b, String squash, boolean isFactor) {}

    private Gate gate(int inputs) {
        return new Gate(
                drawing.chance(0.9) ? weights(inputs, units) : -1,
                drawing.chance(0.9) ? weights(units, units) : -1,
                drawing.chance(0.7) ? weights(units) : -1,
                SQUASHES.get(drawing.below(SQUASHES.size())),
                drawing.chance(0.5));
    }

    private int weights(int... shape) {
        return isTrained ? drawing.parameter(type, shape) : drawing.constant(type, shape);
    }

    private int leaf(int... shape) {
        return isTrained ? drawing.leaf(type, shape) : drawing.constant(type, shape);
    }

    private int next(List<Gate> gates, boolean carries, int x, int h) {
        int made = -1;
        for (Gate gate : gates) {
            int value = of(gate, x, h);
            made = made < 0 ? value : call(gate.isFactor ? "$0.times($1)" : "$0.plus($1)", made, value);
        }
        made = call("$0.tanh()", made);
        return carries ? call("$0.plus($1)", half(h), made) : made;
    }

    private int of(Gate gate, int x, int h) {
        int sum = gate.w < 0 ? -1 : call("$0.matmul($1)", x, gate.w);
        if (gate.u >= 0) {
            int product = call("$0.matmul($1)", h, gate.u);
            sum = sum < 0 ? product : call("$0.plus($1)", sum, product);
        }
        if (gate.b >= 0) {
            sum = call("$0.plus($1)", sum < 0 ? h : sum, gate.b);
        }
        return sum < 0 ? h : gate.squash.isEmpty() ? sum : call(gate.squash, sum);
    }

    private int call(String rule, int... in) {
        return call(rule, new int[0], in);
    }

    private int call(String rule, int[] ints, int... in) {
        return added(rule, drawing.add(Rules.named(rule), ints, in));
    }

    private int half(int in) {
        return added("half", drawing.add(Rules.named("$0.times($n)"), 0.5, in));
    }

    private static int added(String rule, int line) {
        if (line < 0) {
            throw new IllegalStateException(rule + " does not fit in a cell");
        }
        return line;
    }
}
