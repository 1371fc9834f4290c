package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.ByHand;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Collects what code by hand computed, in plain arrays, and copies all of it. */
final class Answer {
    private final Map<String, NDArray> gradients = new LinkedHashMap<>();
    private final Map<String, List<NDArray>> adjoints = new LinkedHashMap<>();
    private final Map<String, List<NDArray>> activations = new LinkedHashMap<>();
    private final double loss;
    private final boolean areRows;

    private Answer(double loss, boolean areRows) {
        this.loss = loss;
        this.areRows = areRows;
    }

    /** Where vectors are columns, (n, 1). */
    static Answer ofColumns(double loss) {
        return new Answer(loss, false);
    }

    /** Where vectors are rows, (1, n). */
    static Answer ofRows(double loss) {
        return new Answer(loss, true);
    }

    /** The gradients of weights. Shapes: each (m, n). */
    Answer gradients(Map<String, double[][]> matrices) {
        matrices.forEach(this::gradient);
        return this;
    }

    /** The gradient of a weight. Shapes: (m, n). */
    Answer gradient(String name, double[][] matrix) {
        gradients.put(name, NDArray.of(matrix));
        return this;
    }

    /** The gradient of a bias or an initial state. Shapes: (n). */
    Answer gradient(String name, double[] vector) {
        gradients.put(name, array(vector));
        return this;
    }

    /** The total derivatives by something of every step. Shapes: (steps, n). */
    Answer adjoints(String name, double[][] perStep) {
        adjoints.put(name, arrays(perStep));
        return this;
    }

    /** What every step of the forward pass has. Shapes: (steps, n). */
    Answer activations(String name, double[][] perStep) {
        activations.put(name, arrays(perStep));
        return this;
    }

    ByHand toByHand() {
        return new ByHand(gradients, adjoints, activations, OptionalDouble.of(loss));
    }

    private List<NDArray> arrays(double[][] perStep) {
        return Arrays.stream(perStep).map(this::array).toList();
    }

    private NDArray array(double[] vector) {
        Shape shape = areRows ? Shape.of(1, vector.length) : Shape.of(vector.length, 1);
        return NDArray.of(shape, vector.clone());
    }
}
