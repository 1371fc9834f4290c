package dev.clew.examples.tutorial;

import com.google.common.collect.ImmutableMap;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the tensors of a point by their names. */
final class Named {
    private Named() {}

    /** What has this name. */
    static Tensor get(Map<String, Tensor> numbers, String name) {
        Tensor tensor = numbers.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "no numbers for " + name + ", only for " + numbers.keySet() + "; the point of another network?");
        }
        return tensor;
    }

    /** The tensors {@code x0}, {@code x1}, ... for the name {@code x}. */
    static List<Tensor> steps(Map<String, Tensor> numbers, String name) {
        List<Tensor> steps = new ArrayList<>();
        while (numbers.containsKey(name + steps.size())) {
            steps.add(get(numbers, name + steps.size()));
        }
        return steps;
    }

    /** Those of these names, in this order. */
    static Map<String, Tensor> only(Map<String, Tensor> numbers, String... names) {
        ImmutableMap.Builder<String, Tensor> some = ImmutableMap.builder();
        for (String name : names) {
            some.put(name, get(numbers, name));
        }
        return some.buildOrThrow();
    }
}
