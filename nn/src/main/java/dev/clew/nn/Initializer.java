package dev.clew.nn;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import java.util.Arrays;

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

    /**
     * Normal with variance 2/inputs, which keeps the size of numbers through layers of relu (He et al., 2015). Shapes: (inputs, outputs).
     */
    static Initializer kaimingNormal() {
        return new Beginning("normal with variance 2/inputs", (key, dtype, shape) -> {
            Matrices.require("Kaiming", shape);
            return key.normal(0, Math.sqrt(2.0 / shape.length(0)), dtype, shape);
        });
    }

    /** Uniform on ±√(6/inputs), which has the variance of {@link #kaimingNormal}. Shapes: (inputs, outputs). */
    static Initializer kaimingUniform() {
        return new Beginning("uniform on ±√(6/inputs)", (key, dtype, shape) -> {
            Matrices.require("Kaiming", shape);
            double bound = Math.sqrt(6.0 / shape.length(0));
            return key.uniform(-bound, bound, dtype, shape);
        });
    }

    /**
     * gain times a matrix whose rows, or columns if these are fewer, are orthonormal, drawn evenly among all such (Saxe et al., 2014). For
     * gates side by side it is made for each by itself. Shapes: (rows, columns).
     */
    static Initializer orthogonal(double gain) {
        return new Beginning(
                "orthogonal times " + gain, (key, dtype, shape) -> Matrices.orthogonal(gain, key, dtype, shape));
    }

    /** gain on the diagonal and 0 elsewhere (Le, Jaitly, Hinton, 2015, for recurrent weights). Shapes: (rows, columns). */
    static Initializer identity(double gain) {
        return new Beginning("identity times " + gain, (key, dtype, shape) -> Matrices.identity(gain, dtype, shape));
    }

    /**
     * ν for eigenvalues of which the modulus is |λ| = exp(−exp(ν)), drawn evenly from the ring between two radii of the complex plane
     * (Orvieto et al., 2023: linear recurrent units).
     *
     * @throws IllegalArgumentException unless 0 ≤ inner &lt; outer &lt; 1
     */
    static Initializer ring(double inner, double outer) {
        if (!(inner >= 0 && inner < outer && outer < 1)) {
            throw new IllegalArgumentException("initializer of a ring from " + inner + " to " + outer
                    + ": the radii must be at least 0 and below 1, the inner below the outer");
        }
        return new Beginning("ring from " + inner + " to " + outer, (key, dtype, shape) -> {
            double[] squares =
                    key.uniform(inner * inner, outer * outer, DType.F64, shape).toDoubles();
            Arrays.setAll(squares, i -> Math.log(-0.5 * Math.log(Math.max(squares[i], Double.MIN_NORMAL))));
            return NDArray.of(shape, squares).cast(dtype);
        });
    }

    private static int fans(Shape shape) {
        Matrices.require("Xavier", shape);
        return shape.length(0) + shape.length(1);
    }
}
