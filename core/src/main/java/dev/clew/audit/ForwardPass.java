package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The right forward pass, and the function that builds it, if there is one.
 *
 * @param unrolled the graph
 * @param inputs what the graph was built from, by name; empty without a function
 * @param point their numbers
 * @param model the function
 */
record ForwardPass(
        Unrolled unrolled,
        Map<String, Tensor> inputs,
        Map<String, NDArray> point,
        @Nullable Function<Map<String, Tensor>, Unrolled> model) {

    static ForwardPass of(Unrolled unrolled) {
        return new ForwardPass(unrolled, Map.of(), Map.of(), null).checked();
    }

    static ForwardPass of(Function<Map<String, Tensor>, Unrolled> model, Map<String, NDArray> point) {
        Map<String, Tensor> inputs = ImmutableMap.copyOf(Maps.transformValues(
                point, array -> array.dtype().isFloating() ? Parameter.of(array) : Tensor.of(array)));
        Unrolled unrolled = Present.given("gradient audit", "the function", model.apply(inputs));
        return new ForwardPass(unrolled, inputs, point, model).checked();
    }

    /** The same model at another point. */
    ForwardPass at(Map<String, NDArray> other) {
        return model == null ? this : of(model, other);
    }

    private ForwardPass checked() {
        for (Tensor node : Graph.of(List.of(unrolled.loss())).nodes()) {
            if (node.op() instanceof Source.Input) {
                throw new IllegalArgumentException("gradient audit of "
                        + unrolled.loss().describe()
                        + ": it is computed from " + node.describe() + ", which has no number of its own; audit with"
                        + " Tensor.of(numbers) in its place");
            }
        }
        return this;
    }

    /** The same in double precision, if it is a function that can be built so. */
    ForwardPass inDoublePrecision() {
        boolean isSingle = point.values().stream().anyMatch(array -> array.dtype() == DType.F32);
        if (model == null || !isSingle) {
            return this;
        }
        Map<String, NDArray> wide = ImmutableMap.copyOf(
                Maps.transformValues(point, array -> array.dtype().isFloating() ? array.cast(DType.F64) : array));
        try {
            return of(model, wide);
        } catch (IllegalArgumentException writtenForSinglePrecision) {
            return this;
        }
    }

    /** Whether its own numbers are known in single precision only. */
    boolean isSinglePrecision() {
        return unrolled.loss().dtype() == DType.F32
                || inputsOfGradients().values().stream().anyMatch(input -> input.dtype() == DType.F32);
    }

    /** Parameters, and then initial states. */
    Map<String, Tensor> inputsOfGradients() {
        Map<String, Tensor> all = new LinkedHashMap<>(unrolled.parameters());
        all.putAll(unrolled.initial());
        return all;
    }

    /**
     * Calls the function once more, and compares.
     *
     * @throws IllegalArgumentException if it computes something else
     */
    void requireRepeatable(double tolerance) {
        if (model == null) {
            return;
        }
        ForwardPass again = of(model, point);
        Map<String, Tensor> first = results();
        Map<String, Tensor> second = again.results();
        if (!shapes(first).equals(shapes(second))) {
            throw differing(shapes(first) + " and " + shapes(second));
        }
        List<NDArray> a = Evaluator.plain().evaluate(List.copyOf(first.values()));
        List<NDArray> b = Evaluator.plain().evaluate(List.copyOf(second.values()));
        List<String> names = List.copyOf(first.keySet());
        for (int i = 0; i < a.size(); i++) {
            if (!(Agreement.distance(a.get(i).toDoubles(), b.get(i).toDoubles()) <= tolerance)) {
                throw differing(names.get(i) + " " + a.get(i).numbers() + " and "
                        + b.get(i).numbers());
            }
        }
    }

    private static IllegalArgumentException differing(String what) {
        return new IllegalArgumentException("gradient audit: two calls of the function at the same point give " + what
                + "; a point decides everything: draw random numbers from a fixed RandomKey, or put them into the"
                + " point");
    }

    /** The loss, and its gradients. */
    private Map<String, Tensor> results() {
        Map<String, Tensor> results = new LinkedHashMap<>();
        results.put("the loss", unrolled.loss());
        Gradients gradients = Gradients.of(unrolled.loss());
        inputsOfGradients().forEach((name, input) -> results.put("the gradient of " + name, gradients.wrt(input)));
        return results;
    }

    private static Map<String, String> shapes(Map<String, Tensor> results) {
        Map<String, String> shapes = new LinkedHashMap<>();
        results.forEach((name, result) -> shapes.put(name, result.shape() + " " + result.dtype()));
        return shapes;
    }
}
