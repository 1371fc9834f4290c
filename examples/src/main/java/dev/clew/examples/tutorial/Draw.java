package dev.clew.examples.tutorial;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** Draws a point, each array from a key of its own. */
final class Draw {
    private static final double WEIGHTS = 0.5;

    private final RandomKey key;
    private final Map<String, NDArray> point = new LinkedHashMap<>();

    Draw(RandomKey key) {
        this.key = key;
    }

    /** Half of a standard normal. */
    Draw weight(String name, int rows, int columns) {
        return normal(name, WEIGHTS, rows, columns);
    }

    /** A column, standard normal. */
    Draw data(String name, int rows) {
        return normal(name, 1, rows, 1);
    }

    /** A column of data for each step, {@code x0}, {@code x1}, ... */
    Draw steps(String name, int steps, int rows) {
        for (int t = 0; t < steps; t++) {
            data(name + t, rows);
        }
        return this;
    }

    /** Zeros and ones, as often the one as the other. */
    Draw labels(String name, int rows, int columns) {
        Shape shape = Shape.of(rows, columns);
        point.put(name, key.fold(point.size()).bernoulli(0.5, shape).cast(DType.F64));
        return this;
    }

    /** All of a shape. */
    Draw normal(String name, double deviation, int rows, int columns) {
        point.put(name, key.fold(point.size()).normal(0, deviation, DType.F64, Shape.of(rows, columns)));
        return this;
    }

    Map<String, NDArray> point() {
        return ImmutableMap.copyOf(point);
    }
}
