package dev.clew.audit;

import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two calls of the same code at the same point, one after the other.
 *
 * @param first what the first gave
 * @param second what the second gave, under the same names
 */
record SecondCall(ByHand first, ByHand second) {
    /**
     * Looks for arrays that only one of them has.
     *
     * @throws IllegalArgumentException if they do not have gradients and adjoints of the same names
     */
    void requireSameNames() {
        requireSame("gradients", first.gradients().keySet(), second.gradients().keySet());
        requireSame("adjoints", first.adjoints().keySet(), second.adjoints().keySet());
    }

    private static void requireSame(String what, Set<String> first, Set<String> second) {
        if (!first.equals(second)) {
            throw new IllegalArgumentException(what + " by hand in the second call of " + second
                    + ": the first call has " + first + ", and the same code gives the same; give those of both");
        }
    }

    /** What is other numbers in the second call. */
    List<String> differing(double tolerance) {
        List<String> names = new ArrayList<>();
        first.gradients().forEach((name, array) -> {
            if (differs(List.of(array), List.of(second.gradients().getOrDefault(name, array)), tolerance)) {
                names.add(name);
            }
        });
        names.addAll(differing("the adjoints of ", first.adjoints(), second.adjoints(), tolerance));
        names.addAll(differing("the activations of ", first.activations(), second.activations(), tolerance));
        if (first.loss().isPresent()
                && second.loss().isPresent()
                && Agreement.distance(
                                new double[] {first.loss().getAsDouble()},
                                new double[] {second.loss().getAsDouble()})
                        > tolerance) {
            names.add("the loss");
        }
        return names;
    }

    private static List<String> differing(
            String what, Map<String, List<NDArray>> first, Map<String, List<NDArray>> second, double tolerance) {
        return first.keySet().stream()
                .filter(name -> {
                    List<NDArray> steps = first.getOrDefault(name, List.of());
                    return differs(steps, second.getOrDefault(name, steps), tolerance);
                })
                .map(name -> what + name)
                .toList();
    }

    private static boolean differs(List<NDArray> first, List<NDArray> second, double tolerance) {
        for (int i = 0; i < first.size(); i++) {
            if (Agreement.distance(first.get(i).toDoubles(), second.get(i).toDoubles()) > tolerance) {
                return true;
            }
        }
        return false;
    }
}
