package dev.clew.nn;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;

/** How the numbers of a parameter begin. */
@FunctionalInterface
public interface Initializer {
    /** Numbers of a type and shape; the same key gives the same numbers. */
    NDArray create(RandomKey key, DType dtype, Shape shape);

    /** Independent and uniform on [low, high); high itself only where rounding reaches it, as f32 may. */
    static Initializer uniform(double low, double high) {
        return new Beginning(
                "uniform on [" + low + ", " + high + ")", (key, dtype, shape) -> key.uniform(low, high, dtype, shape));
    }

    /** Independent and normal. */
    static Initializer normal(double mean, double standardDeviation) {
        return new Beginning(
                "normal with mean " + mean + " and standard deviation " + standardDeviation,
                (key, dtype, shape) -> key.normal(mean, standardDeviation, dtype, shape));
    }

    /** Zeros. */
    static Initializer zeros() {
        return new Beginning("zeros", (key, dtype, shape) -> NDArray.full(0, dtype, shape));
    }

    /** Uniform on ±1/√units, which keeps a tanh of a sum over so many units off its flat ends. */
    static Initializer inverseSquareRoot(int units) {
        if (units < 1) {
            throw new IllegalArgumentException("initializer ±1/√units: units is " + units + ", it must be at least 1");
        }
        double bound = 1 / Math.sqrt(units);
        return new Beginning("uniform on ±1/√" + units, uniform(-bound, bound));
    }

    /** Uniform on ±√(6/(inputs + outputs)) (Glorot, Bengio: AISTATS 2010). Shapes: (inputs, outputs). */
    static Initializer xavierUniform() {
        return new Beginning("uniform on ±√(6/(inputs + outputs))", (key, dtype, shape) -> {
            double bound = Math.sqrt(6.0 / fans(shape));
            return key.uniform(-bound, bound, dtype, shape);
        });
    }

    /** Normal with variance 2/(inputs + outputs) (Glorot, Bengio: AISTATS 2010). Shapes: (inputs, outputs). */
    static Initializer xavierNormal() {
        return new Beginning(
                "normal with variance 2/(inputs + outputs)",
                (key, dtype, shape) -> key.normal(0, Math.sqrt(2.0 / fans(shape)), dtype, shape));
    }

    private static int fans(Shape shape) {
        if (shape.rank() != 2 || shape.elements() == 0) {
            throw new IllegalArgumentException("Xavier initializer of shape " + shape
                    + ": it is defined for a matrix (inputs, outputs) that is not empty; a bias begins with another one, as in"
                    + " create(..., Initializer.xavierUniform(), Initializer.zeros(), key)");
        }
        return shape.length(0) + shape.length(1);
    }
}
