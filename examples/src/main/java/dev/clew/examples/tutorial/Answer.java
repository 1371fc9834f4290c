package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Collects what code by hand computed, in plain arrays. Vectors become columns (n, 1); everything is copied. */
final class Answer {
    private final Map<String, NDArray> gradients = new LinkedHashMap<>();
    private final Map<String, List<NDArray>> adjoints = new LinkedHashMap<>();
    private final Map<String, List<NDArray>> activations = new LinkedHashMap<>();
    private final double loss;

    Answer(double loss) {
        this.loss = loss;
    }

    /** The gradient of a weight. Shapes: (m, n). */
    Answer gradient(String name, double[][] matrix) {
        gradients.put(name, NDArray.of(matrix));
        return this;
    }

    /** The gradient of a bias or an initial state. Shapes: (n). */
    Answer gradient(String name, double[] vector) {
        gradients.put(name, column(vector));
        return this;
    }

    /** The total derivatives by something of every step. Shapes: (steps, n). */
    Answer adjoints(String name, double[][] perStep) {
        adjoints.put(name, columns(perStep));
        return this;
    }

    /** What every step of the forward pass has. Shapes: (steps, n). */
    Answer activations(String name, double[][] perStep) {
        activations.put(name, columns(perStep));
        return this;
    }

    ByHand toByHand() {
        return new ByHand(gradients, adjoints, activations, OptionalDouble.of(loss));
    }

    private static List<NDArray> columns(double[][] perStep) {
        return Arrays.stream(perStep).map(Answer::column).toList();
    }

    private static NDArray column(double[] vector) {
        return NDArray.of(Shape.of(vector.length, 1), vector.clone());
    }
}
