package dev.clew.examples.tutorial;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.examples.byhand.Alphabet;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.MultiLabelTest;
import java.util.LinkedHashMap;
import java.util.Map;

/** The points of the golden files, as the notebooks' tutorials take them. */
public final class GoldenPoints {
    private GoldenPoints() {}

    /** The weights of an object of tensors. */
    static Map<String, NDArray> weights(JsonElement weights) {
        return arrays(Golden.matrices(weights));
    }

    private static Map<String, NDArray> arrays(Map<String, double[][]> matrices) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        matrices.forEach((name, matrix) -> arrays.put(name, NDArray.of(matrix)));
        return arrays;
    }

    static NDArray column(JsonElement numbers) {
        return column(Golden.vector(numbers));
    }

    static NDArray column(double... numbers) {
        return NDArray.of(Shape.of(numbers.length, 1), numbers);
    }

    private static NDArray row(double... numbers) {
        return NDArray.of(Shape.of(1, numbers.length), numbers);
    }

    /** The notebook on the letters of a case of {@code alphabet_small.json}. */
    public static Tutorial alphabetTutorial(JsonObject one) {
        return Notebooks.alphabet(
                Alphabet.symbols(one.get("input_string").getAsString()),
                Alphabet.symbols(one.get("target_string").getAsString()),
                16);
    }

    /** A case of {@code alphabet_small.json}. */
    public static Map<String, NDArray> alphabet(JsonObject one) {
        Map<String, NDArray> point = arrays(Alphabet.weights(one).asMap());
        point.put("h0", column(new double[16]));
        return point;
    }

    /** A case of {@code hello.json}. */
    public static Map<String, NDArray> hello(JsonObject one) {
        Map<String, NDArray> point = weights(one.get("weights"));
        point.put("h0", column(one.get("h0")));
        return point;
    }

    /** A case of {@code squared_error.json}. */
    public static Map<String, NDArray> squaredError(JsonObject one) {
        Map<String, NDArray> point = weights(one.get("weights"));
        point.put("h0", column(new double[7]));
        return point;
    }

    /** A gradient case of a part of {@code counting.json}. */
    public static Map<String, NDArray> counting(JsonObject file, JsonObject one) {
        Map<String, NDArray> point = new LinkedHashMap<>();
        point.put("wx", column(one.get("wx").getAsDouble()));
        point.put("wrec", column(one.get("wrec").getAsDouble()));
        point.put("s0", column(new double[3]));
        point.put("y", column(file.get("targets")));
        double[][] samples = Golden.matrix(file.get("inputs"));
        for (int t = 0; t < 3; t++) {
            point.put("x" + t, column(samples[0][t], samples[1][t], samples[2][t]));
        }
        return point;
    }

    /** A case of {@code multi_label.json}. */
    public static Map<String, NDArray> multiLabel(JsonObject file, JsonObject one) {
        Map<String, NDArray> point = arrays(MultiLabelTest.weights(file, one).asMap());
        point.put("h0", row(Golden.vector(one.get("h_prev"))));
        double[][] x = Golden.matrix(file.get("X"));
        double[][] y = Golden.matrix(one.get("targets"));
        for (int t = 0; t < x.length; t++) {
            point.put("x" + t, row(x[t]));
            point.put("y" + t, row(y[t]));
        }
        return point;
    }
}
