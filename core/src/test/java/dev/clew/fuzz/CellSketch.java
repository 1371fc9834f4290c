package dev.clew.fuzz;

import dev.clew.array.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A recurrent cell with gates over more steps than a compiler leaves alone: products that share what is on their left, or what is on
 * their right, sums over steps, and stacks whose gradients go back over them.
 */
final class CellSketch {
    private static final int FEWEST_STEPS = 5;
    private static final int MOST_STEPS = 9;
    private static final List<String> SQUASHES = List.of("$0.tanh()", "$0.sigmoid()", "$0.relu()", "");

    private final Drawing drawing;
    private final DType type;
    private final int steps;
    private final int batch;
    private final int inputs;
    private final int units;
    private final boolean batchFirst;
    private final List<Gate> gates;
    private final boolean carries;
    /** Each step's read-out by a matrix of its own, or none. */
    private final int readOut;

    /**
     * z = x·W + h·U + b, some of it, squashed.
     *
     * @param isFactor whether it multiplies what the gates before it gave, or is added to it
     */
    private record Gate(int w, int u, int b, String squash, boolean isFactor) {}

    CellSketch(Drawing drawing) {
        this.drawing = drawing;
        this.type = drawing.type();
        this.steps = drawing.between(FEWEST_STEPS, MOST_STEPS);
        this.batch = drawing.between(1, 3);
        this.inputs = drawing.between(1, 4);
        this.units = drawing.between(1, 5);
        this.batchFirst = drawing.chance(0.3);
        this.gates = IntStream.range(0, drawing.between(1, 4))
                .mapToObj(_ -> gate())
                .toList();
        this.carries = drawing.chance(0.5);
        this.readOut = drawing.chance(0.4) ? drawing.parameter(type, units, inputs) : -1;
    }

    private Gate gate() {
        return new Gate(
                drawing.chance(0.9) ? drawing.parameter(type, inputs, units) : -1,
                drawing.chance(0.9) ? drawing.parameter(type, units, units) : -1,
                drawing.chance(0.7) ? drawing.parameter(type, units) : -1,
                SQUASHES.get(drawing.below(SQUASHES.size())),
                drawing.chance(0.5));
    }

    /** Adds all steps. */
    void draw() {
        int sequence =
                batchFirst ? drawing.leaf(type, batch, steps, inputs) : drawing.leaf(type, steps, batch, inputs);
        int h = drawing.leaf(type, batch, units);
        List<Integer> states = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            int x = call("$0.get($i)", new int[] {batchFirst ? 1 : 0, t}, sequence);
            h = next(x, h);
            states.add(readOut < 0 ? h : call("$0.matmul($1)", h, readOut));
        }
        int[] all = states.stream().mapToInt(i -> i).toArray();
        switch (drawing.below(3)) {
            case 0 -> call("Tensor.stack($i, List.of($*))", new int[] {0}, all);
            case 1 -> call("Tensor.sum(List.of($*))", all);
            default -> {}
        }
    }

    private int next(int x, int h) {
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
            sum = sum < 0 ? call("$0.plus($1)", h, gate.b) : call("$0.plus($1)", sum, gate.b);
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
