package dev.clew.internal.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether the numbers at a point can tell one mistake from another, and which point can. */
public final class TestPoint {
    private final Unrolled forward;
    private final Backward right;

    TestPoint(Unrolled forward, Backward right) {
        this.forward = forward;
        this.right = right;
    }

    /** What is not decided, what about this point hides it, and which point is better. */
    List<String> remarks(List<Mutation> hidden, List<List<Mutation>> classes) {
        if (hidden.isEmpty() && classes.isEmpty()) {
            return List.of();
        }
        List<String> remarks = new ArrayList<>();
        if (!hidden.isEmpty()) {
            remarks.add("these numbers cannot exclude: "
                    + hidden.stream().map(each -> each.name().get()).collect(Collectors.joining("; "))
                    + ". Each would give the same gradient here");
        } else {
            remarks.add(
                    "these numbers cannot decide between " + classes.size() + " explanations that give all of them");
        }
        List<String> causes = causes();
        if (!causes.isEmpty()) {
            remarks.add("what hides it: " + String.join("; ", causes));
        }
        remarks.add(
                "a better test point: weights of about 0.5·normal, no two alike; a random initial state that is not 0; at least 2 rows and"
                        + " 4 steps that differ; masks that differ from step to step; targets whose rows do not sum to 1, where the loss allows it");
        return remarks;
    }

    private List<String> causes() {
        List<String> causes = new ArrayList<>();
        forward.initial().forEach((name, state) -> {
            if (largest(state) == 0) {
                causes.add(name + " is 0");
            }
        });
        forward.parameters().forEach((name, parameter) -> {
            double largest = largest(parameter);
            if (largest == 0) {
                causes.add(name + " is 0");
            } else if (largest < 1e-2 && parameter.shape().rank() > 1) {
                causes.add(name + " is at most " + String.format(java.util.Locale.ROOT, "%.0e", largest)
                        + ", so that activations are nearly linear, tanh(a) = a");
            } else if (isSymmetric(parameter)) {
                causes.add(name + " is symmetric");
            }
        });
        if (right.times().steps() < 3) {
            causes.add("there are fewer than 3 steps");
        }
        boolean isOneRow = forward.initial().values().stream()
                .anyMatch(state -> state.shape().rank() == 2 && state.shape().length(0) == 1);
        if (isOneRow) {
            causes.add("the batch is a single row");
        }
        return causes;
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (double each : tensor.known().map(NDArray::toDoubles).orElseGet(() -> new double[] {1})) {
            largest = Math.max(largest, Math.abs(each));
        }
        return largest;
    }

    private static boolean isSymmetric(Tensor tensor) {
        boolean isSquare = tensor.shape().rank() == 2
                && tensor.shape().length(0) == tensor.shape().length(1)
                && tensor.shape().length(0) > 1;
        return isSquare
                && tensor.known()
                        .map(array -> array.equals(array.permute(1, 0)))
                        .orElse(false);
    }

    /** A point at which mistakes show: other parameters and initial states, and the same data. */
    public static Map<String, NDArray> better(Map<String, NDArray> point, Unrolled forward, long seed) {
        Map<String, NDArray> better = new LinkedHashMap<>(point);
        RandomKey key = RandomKey.of(seed);
        int next = 0;
        for (Map.Entry<String, NDArray> each : point.entrySet()) {
            boolean isFree = forward.parameters().containsKey(each.getKey())
                    || forward.initial().containsKey(each.getKey());
            next++;
            if (isFree && each.getValue().dtype().isFloating()) {
                NDArray fresh =
                        key.fold(next).normal(0, 0.5, DType.F64, each.getValue().shape());
                better.put(each.getKey(), fresh.cast(each.getValue().dtype()));
            }
        }
        return better;
    }
}
