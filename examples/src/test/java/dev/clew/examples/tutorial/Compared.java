package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.audit.Unrolled;
import dev.clew.examples.byhand.Difference;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What code by hand computed at a point, beside Clew's automatic gradient, which is evaluated at once: in one plan. */
final class Compared {
    private final ByHand byHand;
    private final Map<String, double[][]> automatic = new LinkedHashMap<>();
    private final List<double[][]> adjoints = new ArrayList<>();
    private final List<double[][]> activations = new ArrayList<>();
    private final double loss;

    Compared(Function<Map<String, Tensor>, Unrolled> model, HandWritten code, Map<String, NDArray> point) {
        Map<String, Tensor> numbers = new LinkedHashMap<>();
        point.forEach((name, array) -> numbers.put(name, Parameter.of(array)));
        Unrolled unrolled = model.apply(numbers);
        byHand = code.run(point);

        Gradients gradients = Gradients.of(unrolled.loss());
        Map<String, Tensor> leaves = new LinkedHashMap<>(unrolled.parameters());
        leaves.putAll(unrolled.initial());
        List<Tensor> wanted = new ArrayList<>(List.of(unrolled.loss()));
        leaves.values().forEach(leaf -> wanted.add(gradients.wrt(leaf)));
        steps(unrolled, byHand.adjoints()).forEach(step -> wanted.add(gradients.wrt(step)));
        wanted.addAll(steps(unrolled, byHand.activations()));

        List<NDArray> values = Tensor.values(wanted);
        loss = values.getFirst().toDoubles()[0];
        int next = 1;
        for (String name : leaves.keySet()) {
            automatic.put(name, values.get(next++).toRows());
        }
        int count = arrays(byHand.adjoints()).size();
        values.subList(next, next + count).forEach(array -> adjoints.add(array.toRows()));
        values.subList(next + count, values.size()).forEach(array -> activations.add(array.toRows()));
    }

    static Compared of(Tutorial tutorial, long seed) {
        return new Compared(tutorial.model(), tutorial.handWritten(), tutorial.point(RandomKey.of(seed)));
    }

    private static List<Tensor> steps(Unrolled unrolled, Map<String, List<NDArray>> byHand) {
        List<Tensor> steps = new ArrayList<>();
        byHand.keySet()
                .forEach(name ->
                        steps.addAll(Objects.requireNonNull(unrolled.steps().get(name), name)));
        return steps;
    }

    private static List<NDArray> arrays(Map<String, List<NDArray>> byHand) {
        return byHand.values().stream().flatMap(List::stream).toList();
    }

    ByHand byHand() {
        return byHand;
    }

    /** What is differentiated by. */
    Set<String> names() {
        return automatic.keySet();
    }

    /** Clew's gradient. */
    double[][] automatic(String name) {
        return Objects.requireNonNull(automatic.get(name), name);
    }

    /** {@code ‖by hand − automatic‖ / ‖automatic‖} of every gradient by hand. */
    Map<String, Double> off() {
        Map<String, Double> off = new LinkedHashMap<>();
        byHand.gradients()
                .forEach((name, array) -> off.put(name, Difference.euclidean(array.toRows(), automatic(name))));
        return off;
    }

    /** The names of gradients that are farther off. */
    Set<String> wrong(double tolerance) {
        Set<String> wrong = new TreeSet<>();
        off().forEach((name, distance) -> {
            if (!(distance <= tolerance)) {
                wrong.add(name);
            }
        });
        return wrong;
    }

    /** The largest relative difference of an adjoint. */
    double adjoints() {
        return largest(arrays(byHand.adjoints()), adjoints);
    }

    /** The largest relative difference of something that a step of the forward pass has, and of the loss. */
    double forward() {
        return Math.max(
                Difference.relative(byHand.loss().orElseThrow(), loss),
                largest(arrays(byHand.activations()), activations));
    }

    private static double largest(List<NDArray> byHand, List<double[][]> right) {
        double largest = 0;
        for (int i = 0; i < right.size(); i++) {
            largest = Math.max(largest, Difference.relative(byHand.get(i).toRows(), right.get(i)));
        }
        return largest;
    }
}
