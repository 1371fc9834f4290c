package dev.clew.internal.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A loop as it is written down: what it makes at every step, in the order in which it is made. Nodes at one place of two steps are the
 * same line.
 */
final class LoopBody {
    /** When the data of all steps are made. */
    enum DataOrder {
        IN_LOOP,
        BEFORE,
        REVERSED
    }

    /** A cell, a loss at every step or at the end. */
    @FunctionalInterface
    interface Cell {
        Tensor loss(LoopBody loop);
    }

    /** What one step does. */
    @FunctionalInterface
    interface Step {
        void at(int t);
    }

    private final int steps;
    private final DataOrder order;
    private final Random random = new Random(7);
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Set<Tensor> initial = new LinkedHashSet<>();
    private final Map<String, Map<Integer, Tensor>> data = new LinkedHashMap<>();
    private long[] starts = new long[0];

    LoopBody(int steps, DataOrder order) {
        this.steps = steps;
        this.order = order;
    }

    int steps() {
        return steps;
    }

    Set<Tensor> parameters() {
        return new LinkedHashSet<>(parameters.values());
    }

    Set<Tensor> initial() {
        return initial;
    }

    /** By name, then by step. */
    Map<String, Map<Integer, Tensor>> data() {
        return data;
    }

    /** Numbers of the first node of every step, and of the first behind the loop. */
    long[] starts() {
        return starts;
    }

    Tensor weight(String name, int... shape) {
        return parameters.computeIfAbsent(name, none -> drawn(shape));
    }

    Tensor zeros(int... shape) {
        Tensor state = shape.length == 0 ? Tensor.of(0.0) : Tensor.zeros(DType.F64, shape);
        initial.add(state);
        return state;
    }

    /** What is made before the loop, for its first step. */
    Tensor initial(Tensor state) {
        initial.add(state);
        return state;
    }

    /** Data of all steps in one. */
    Tensor array(int... shape) {
        return drawn(shape);
    }

    /** Something that is given for every step. */
    List<Tensor> data(String name, int... shape) {
        Map<Integer, Tensor> all = data.computeIfAbsent(name, none -> new HashMap<>());
        for (int t = 0; t < steps && order != DataOrder.IN_LOOP; t++) {
            all.put(order == DataOrder.BEFORE ? t : steps - 1 - t, drawn(shape));
        }
        return new AbstractList<>() {
            @Override
            public Tensor get(int t) {
                return all.computeIfAbsent(t, none -> drawn(shape));
            }

            @Override
            public int size() {
                return steps;
            }
        };
    }

    void run(Step step) {
        starts = new long[steps + 1];
        for (int t = 0; t < steps; t++) {
            starts[t] = Tensor.of(0.0).number();
            step.at(t);
        }
        starts[steps] = Tensor.of(0.0).number();
    }

    private Tensor drawn(int... shape) {
        double[] numbers = new double[Shape.of(shape).elements()];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return Tensor.of(NDArray.of(Shape.of(shape), numbers));
    }
}
