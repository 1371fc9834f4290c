package dev.clew.audit;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A recurrent cell as somebody would write it for a tutorial, in which the derivative of a line can be made wrong: the value stays what it
 * is.
 *
 * @param name what it is
 * @param shapes of its parameters
 * @param forward from its parameters and a mistake, the loss and what every step has
 */
record HeldOutCell(String name, Map<String, Shape> shapes, BiFunction<Map<String, Tensor>, Mistake, Built> forward) {

    HeldOutCell {
        shapes = ImmutableMap.copyOf(shapes);
    }

    /** A loss, and the states of every step. */
    record Built(Tensor loss, List<Tensor> states) {}

    /** What has the same value as a line, and another derivative. */
    @FunctionalInterface
    interface Mistake {
        /** No mistake. */
        Mistake NONE = (place, from, right) -> right;

        /**
         * Of one line.
         *
         * @param place the name of the line
         * @param from what it is computed from
         * @param right what it computes
         */
        Tensor at(String place, Tensor from, Tensor right);

        /** The slope of a function of one line is another one: from the pre-activation and the result. */
        static Mistake slope(String at, BiFunction<Tensor, Tensor, Tensor> slope) {
            return (place, from, right) -> place.equals(at)
                    ? right.withDerivativeOf(from.times(slope.apply(from, right).stopGradient()))
                    : right;
        }

        /** The derivative of one line is that of something else. */
        static Mistake instead(String at, UnaryOperator<Tensor> other) {
            return (place, from, right) -> place.equals(at) ? right.withDerivativeOf(other.apply(right)) : right;
        }
    }

    Map<String, Tensor> draw(long seed) {
        Random random = new Random(seed * 7919 + 17);
        random.nextLong();
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        shapes.keySet().stream()
                .sorted()
                .forEach(each -> parameters.put(each, normal(random, 0.7, shapes.getOrDefault(each, Shape.SCALAR))));
        return parameters;
    }

    /** With the states named, or as somebody would who names parameters only. */
    Unrolled model(Map<String, Tensor> parameters, boolean isNamed) {
        Built built = forward.apply(parameters, Mistake.NONE);
        Unrolled unrolled = Unrolled.of(built.loss(), parameters);
        return isNamed ? unrolled.withSteps("h", built.states()) : unrolled;
    }

    /** The gradient of the graph with a mistake, in place of one that was written by hand. */
    ByHand gradient(Map<String, Tensor> parameters, Mistake mistake, boolean withAdjoints) {
        Built built = forward.apply(parameters, mistake);
        Gradients gradients = Gradients.of(built.loss());
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((each, tensor) -> arrays.put(
                each, Evaluator.plain().evaluate(List.of(gradients.wrt(tensor))).getFirst()));
        ByHand byHand = ByHand.of(arrays);
        return withAdjoints
                ? byHand.withAdjoints(
                        "h",
                        Evaluator.plain()
                                .evaluate(built.states().stream()
                                        .map(gradients::wrt)
                                        .toList()))
                : byHand;
    }

    static Tensor normal(Random random, double scale, Shape shape) {
        double[] numbers = new double[shape.elements()];
        Arrays.setAll(numbers, i -> random.nextGaussian() * scale);
        return Tensor.of(NDArray.of(shape, numbers));
    }

    @Override
    public String toString() {
        return name;
    }
}
