package dev.clew.examples.tutorial;

import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Numbers by name as plain arrays: what code by hand works on. All are copies. */
final class Point {
    private final Map<String, NDArray> numbers;

    Point(Map<String, NDArray> numbers) {
        this.numbers = numbers;
    }

    /** A matrix, row by row. Shapes: (m, n). */
    double[][] matrix(String name) {
        return array(name).toRows();
    }

    /** A column or a row. Shapes: (n, 1) or (1, n) to (n). */
    double[] vector(String name) {
        return array(name).toDoubles();
    }

    /** The vectors {@code x0}, {@code x1}, ... for the name {@code x}. Shapes: each (n, 1) or (1, n) to (steps, n). */
    double[][] steps(String name) {
        List<double[]> rows = new ArrayList<>();
        while (numbers.containsKey(name + rows.size())) {
            rows.add(vector(name + rows.size()));
        }
        return rows.toArray(double[][]::new);
    }

    private NDArray array(String name) {
        NDArray array = numbers.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "no numbers for " + name + ", only for " + numbers.keySet() + "; the point of another network?");
        }
        return array;
    }
}
