package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether numbers by hand are of what a forward pass has. */
final class Fitting {
    private final ForwardPass forward;
    private final String whose;

    /**
     * @param whose by what errors call the numbers: by hand, by hand in the second call
     */
    Fitting(ForwardPass forward, String whose) {
        this.forward = forward;
        this.whose = whose;
    }

    /**
     * The numbers in the order of the forward pass.
     *
     * @throws IllegalArgumentException if they are of something else, or of nothing
     */
    ByHand fitted(ByHand hand) {
        if (hand.gradients().isEmpty() && hand.adjoints().isEmpty()) {
            throw new IllegalArgumentException("gradients " + whose
                    + ": there are none, and no adjoints either, so nothing can be wrong; give at least one, with"
                    + " ByHand.of or withAdjoints");
        }
        Map<String, Tensor> inputs = forward.inputsOfGradients();
        hand.gradients().forEach((name, array) -> gradient(name, array, inputs));
        hand.adjoints().forEach((name, perStep) -> steps("adjoint", name, perStep));
        hand.activations().forEach((name, perStep) -> steps("activation", name, perStep));
        Set<String> steps = forward.unrolled().steps().keySet();
        return new ByHand(
                ordered(hand.gradients(), inputs.keySet()),
                ordered(hand.adjoints(), steps),
                ordered(hand.activations(), steps),
                hand.loss());
    }

    private void gradient(String name, NDArray array, Map<String, Tensor> inputs) {
        Tensor input = inputs.get(name);
        String asked = "gradient " + whose + " of " + name;
        if (input == null) {
            throw new IllegalArgumentException(asked + ": no parameter and no initial state has this name; there are "
                    + String.join(", ", inputs.keySet()) + meant(name, inputs.keySet()));
        }
        requireFloating(asked, array);
        requireShape(asked, array, name, input);
    }

    private void steps(String kind, String name, List<NDArray> perStep) {
        List<Tensor> steps = forward.unrolled().steps().get(name);
        String asked = kind + "s " + whose + " of " + name;
        if (steps == null) {
            throw new IllegalArgumentException(asked + ": nothing that every step has is called so; there are "
                    + some(forward.unrolled().steps().keySet()) + "; name it by withSteps(\"" + name + "\", ...)");
        }
        if (steps.size() != perStep.size()) {
            throw new IllegalArgumentException(asked + ", " + perStep.size() + " of them: " + name + " has "
                    + steps.size() + (steps.size() == 1 ? " step" : " steps") + ", and every step has one"
                    + (perStep.size() == steps.size() + 1 ? "; leave out what stands before the first step" : ""));
        }
        for (int step = 0; step < steps.size(); step++) {
            String at = kind + " " + whose + " of " + name + " at step " + step;
            if (kind.equals("adjoint")) {
                requireFloating(at, perStep.get(step));
                requireDifferentiable(at, steps.get(step));
            }
            requireShape(at, perStep.get(step), name, steps.get(step));
        }
    }

    private static void requireFloating(String asked, NDArray array) {
        if (!array.dtype().isFloating()) {
            throw new IllegalArgumentException(asked + ", " + array.shape() + " " + array.dtype()
                    + ": a derivative is f64 or f32; integers and truth values are none");
        }
    }

    private static void requireDifferentiable(String asked, Tensor step) {
        if (!step.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    asked + ": it is taken by " + step.describe() + ", and integers have no derivatives; leave it out");
        }
    }

    private void requireShape(String asked, NDArray array, String name, Tensor of) {
        if (!Arrays.equals(longAxes(array.shape()), longAxes(of.shape()))) {
            throw new IllegalArgumentException(asked + ", " + array.shape() + ": " + name + " has shape " + of.shape()
                    + ", and both have the same but for axes of length 1" + likely(array.shape(), of.shape()));
        }
    }

    private String likely(Shape yours, Shape right) {
        int[] sorted = longAxes(yours);
        int[] wanted = longAxes(right);
        Arrays.sort(sorted);
        Arrays.sort(wanted);
        if (Arrays.equals(sorted, wanted)) {
            return "; transposed?";
        }
        if (yours.elements() == right.elements()) {
            return "; reshape it";
        }
        Optional<String> other = forward.inputsOfGradients().entrySet().stream()
                .filter(each -> each.getValue().shape().equals(yours))
                .map(Map.Entry::getKey)
                .findFirst();
        return other.map(name -> "; that of " + name + "?").orElse("");
    }

    private static int[] longAxes(Shape shape) {
        return Arrays.stream(shape.lengths()).filter(length -> length != 1).toArray();
    }

    /** What a name that is not there may stand for. */
    private String meant(String name, Set<String> names) {
        if (forward.unrolled().steps().containsKey(name)) {
            return "; " + name + " is of every step: give it with withAdjoints";
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(each -> {
                    String there = each.toLowerCase(Locale.ROOT);
                    return lower.equals(there)
                            || lower.equals("d" + there)
                            || lower.equals("d_" + there)
                            || lower.equals("grad_" + there)
                            || lower.equals(there + ".grad");
                })
                .findFirst()
                .map(each -> "; call it " + each)
                .orElse("");
    }

    private static String some(Set<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static <T> Map<String, T> ordered(Map<String, T> given, Set<String> names) {
        Map<String, T> ordered = new LinkedHashMap<>();
        for (String name : names) {
            T found = given.get(name);
            if (found != null) {
                ordered.put(name, found);
            }
        }
        return ordered;
    }
}
