package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one way through the steps adds up: gradients, and what is known of the states' adjoints. */
final class Sweep {
    private final Switches on;
    private final int steps;
    private final Map<String, Matrix> gradients = new LinkedHashMap<>();
    private final Map<String, Matrix[]> adjoints = new LinkedHashMap<>();

    Sweep(Switches on, int steps) {
        this.on = on;
        this.steps = steps;
    }

    /** An addend of something that is not summed over the steps. */
    Matrix term(String quantity, String addend, int t, Matrix right) {
        return on.term(quantity, addend, t, right);
    }

    /** What a step adds to the gradient of a parameter. */
    void add(String name, String addend, int t, Matrix right) {
        Matrix term = on.term(name, addend, t, right);
        boolean leftOut =
                (on.has(SumBugs.lastStepOnly(name)) && t < steps - 1) || (on.has(SumBugs.withoutStep0(name)) && t == 0);
        if (leftOut) {
            return;
        }
        if (on.has(SumBugs.assigned(name))) {
            gradients.put(name, term);
        } else {
            gradients.merge(name, term, Matrix::plus);
        }
    }

    /** What a step adds to the gradient of a parameter that every row of the batch has added to it. */
    void addRows(String name, String addend, int t, Matrix delta) {
        Matrix sum;
        if (on.has(SumBugs.firstRow(name))) {
            sum = delta.rows(0, 1);
        } else if (on.has(SumBugs.lastRow(name))) {
            sum = delta.rows(delta.height() - 1, delta.height());
        } else {
            sum = delta.sumOfRows().times(on.has(SumBugs.meanOfRows(name)) ? 1.0 / delta.height() : 1);
        }
        add(name, addend, t, sum);
    }

    /** The gradient of an initial state. */
    void initial(String name, Matrix value) {
        gradients.merge(name, value, Matrix::plus);
    }

    /** The total derivative by a state of a step, or a part of it. */
    void adjoint(String name, int t, Matrix part) {
        Matrix[] all = adjoints.computeIfAbsent(name, key -> new Matrix[steps]);
        all[t] = all[t] == null ? part : all[t].plus(part);
    }

    /** Everything that was added up, under names that a point has. */
    ByHand result(Map<String, NDArray> point) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        gradients
                .keySet()
                .forEach(name ->
                        arrays.put(name, SumBugs.finished(this, name, on).toArray(shaped(point, name))));
        ByHand result = ByHand.of(arrays);
        for (Map.Entry<String, Matrix[]> each : adjoints.entrySet()) {
            result = result.withAdjoints(each.getKey(), arrays(each.getValue()));
        }
        return result;
    }

    int steps() {
        return steps;
    }

    Matrix gradient(String name) {
        Matrix found = gradients.get(name);
        if (found == null) {
            throw new IllegalArgumentException("gradient of " + name + ": there are those of " + gradients.keySet());
        }
        return found;
    }

    private static Shape shaped(Map<String, NDArray> point, String name) {
        NDArray array = point.get(name);
        if (array == null) {
            throw new IllegalArgumentException("gradient of " + name + ": the point has " + point.keySet());
        }
        return array.shape();
    }

    /** A state that nothing reached has the adjoint 0. */
    private static List<NDArray> arrays(Matrix[] steps) {
        Matrix zero = Arrays.stream(steps)
                .filter(each -> each != null)
                .findFirst()
                .orElseThrow()
                .zero();
        return Arrays.stream(steps)
                .map(each -> (each == null ? zero : each).toArray())
                .toList();
    }
}
