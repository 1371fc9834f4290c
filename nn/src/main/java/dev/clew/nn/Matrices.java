package dev.clew.nn;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;

/** Matrices that parameters begin with. */
final class Matrices {
    private Matrices() {}

    /**
     * Refuses what is no matrix.
     *
     * @param name of the initializer
     */
    static void require(String name, Shape shape) {
        if (shape.rank() != 2 || shape.elements() == 0) {
            throw new IllegalArgumentException(name + " initializer of shape " + shape
                    + ": it is defined for a matrix (inputs, outputs) that is not empty; a bias begins with another one, as in"
                    + " create(..., Initializer.xavierUniform(), Initializer.zeros(), key)");
        }
    }

    static NDArray identity(double gain, DType dtype, Shape shape) {
        require("identity", shape);
        double[] numbers = new double[shape.elements()];
        for (int i = 0; i < Math.min(shape.length(0), shape.length(1)); i++) {
            numbers[i * shape.length(1) + i] = gain;
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    /** Normal vectors, made orthonormal one by one: of rows, or of columns if these are fewer. */
    static NDArray orthogonal(double gain, RandomKey key, DType dtype, Shape shape) {
        require("orthogonal", shape);
        int rows = shape.length(0);
        int columns = shape.length(1);
        boolean isWide = columns >= rows;
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        double[][] vectors =
                key.normal(0, 1, DType.F64, Shape.of(count, length)).toRows();
        for (int i = 0; i < count; i++) {
            // Twice, since once leaves what rounding has made of vectors that are nearly dependent.
            subtractOthers(vectors, i);
            subtractOthers(vectors, i);
            scale(vectors[i], 1 / Math.sqrt(dot(vectors[i], vectors[i])));
        }
        double[] numbers = new double[rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            int row = i / columns;
            int column = i % columns;
            numbers[i] = gain * (isWide ? vectors[row][column] : vectors[column][row]);
        }
        return NDArray.of(shape, numbers).cast(dtype);
    }

    private static void subtractOthers(double[][] vectors, int i) {
        for (int other = 0; other < i; other++) {
            double share = dot(vectors[i], vectors[other]);
            for (int k = 0; k < vectors[i].length; k++) {
                vectors[i][k] -= share * vectors[other][k];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void scale(double[] vector, double by) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= by;
        }
    }
}
