package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** A point that is drawn, name by name. */
final class Draw {
    private final Random random;
    private final Map<String, NDArray> point = new LinkedHashMap<>();

    Draw(long seed) {
        this.random = new Random(seed * 7919 + 17);
        random.nextLong();
    }

    /** Normal numbers. */
    Draw normal(String name, double scale, int... lengths) {
        return with(name, () -> random.nextGaussian() * scale, lengths);
    }

    /** Numbers in an interval. */
    Draw within(String name, double least, double most, int... lengths) {
        return with(name, () -> random.nextDouble(least, most), lengths);
    }

    /** 1 with a probability, else 0. */
    Draw mask(String name, double probability, int... lengths) {
        return with(name, () -> random.nextDouble() < probability ? 1 : 0, lengths);
    }

    Map<String, NDArray> point() {
        return point;
    }

    private Draw with(String name, DoubleSupplier number, int... lengths) {
        Shape shape = Shape.of(lengths);
        double[] numbers = new double[shape.elements()];
        Arrays.setAll(numbers, i -> number.getAsDouble());
        point.put(name, NDArray.of(shape, numbers));
        return this;
    }

    /** What a point has under a name. */
    static <T> T at(Map<String, T> point, String name) {
        T found = point.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no " + name + " at this point; it has " + point.keySet());
        }
        return found;
    }
}
