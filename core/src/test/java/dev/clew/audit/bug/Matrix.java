package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Rows of numbers, with what a gradient by hand needs and no more. */
final class Matrix {
    private final double[][] rows;
    private final int columns;

    Matrix(double[][] rows) {
        this.rows = rows;
        this.columns = rows[0].length;
    }

    static Matrix full(int rows, int columns, double number) {
        double[][] numbers = new double[rows][columns];
        Arrays.stream(numbers).forEach(row -> Arrays.fill(row, number));
        return new Matrix(numbers);
    }

    /** A matrix; a vector becomes one row, and leading axes are joined. */
    static Matrix of(NDArray array) {
        double[] flat = array.toDoubles();
        Shape shape = array.shape();
        int width = shape.rank() == 0 ? 1 : shape.lengths()[shape.rank() - 1];
        double[][] rows = new double[flat.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        return new Matrix(rows);
    }

    /** The matrices along the first of three axes. */
    static List<Matrix> steps(NDArray array) {
        int count = array.shape().lengths()[0];
        Matrix all = of(array);
        int height = all.rows.length / count;
        List<Matrix> steps = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            steps.add(all.rows(t * height, (t + 1) * height));
        }
        return steps;
    }

    NDArray toArray(Shape shape) {
        return NDArray.of(
                shape, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
    }

    NDArray toArray() {
        return toArray(Shape.of(rows.length, columns));
    }

    int height() {
        return rows.length;
    }

    int width() {
        return columns;
    }

    double get(int i, int j) {
        return rows[i][j];
    }

    Matrix rows(int from, int to) {
        return new Matrix(Arrays.copyOfRange(rows, from, to));
    }

    /** These rows above others. */
    Matrix above(Matrix below) {
        double[][] both = Arrays.copyOf(rows, rows.length + below.rows.length);
        System.arraycopy(below.rows, 0, both, rows.length, below.rows.length);
        return new Matrix(both);
    }

    /** The product of matrices. */
    Matrix dot(Matrix right) {
        double[][] product = new double[rows.length][right.columns];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < columns; k++) {
                for (int j = 0; j < right.columns; j++) {
                    product[i][j] += rows[i][k] * right.rows[k][j];
                }
            }
        }
        return new Matrix(product);
    }

    Matrix transposed() {
        double[][] turned = new double[columns][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j][i] = rows[i][j];
            }
        }
        return new Matrix(turned);
    }

    /** Element by element; a single row or column on the right stands for all. */
    Matrix with(Matrix right, DoubleBinaryOperator operator) {
        double[][] both = new double[rows.length][columns];
        for (int i = 0; i < rows.length; i++) {
            double[] other = right.rows[right.rows.length == 1 ? 0 : i];
            for (int j = 0; j < columns; j++) {
                both[i][j] = operator.applyAsDouble(rows[i][j], other[other.length == 1 ? 0 : j]);
            }
        }
        return new Matrix(both);
    }

    Matrix map(DoubleUnaryOperator operator) {
        double[][] mapped = new double[rows.length][];
        Arrays.setAll(mapped, i -> Arrays.stream(rows[i]).map(operator).toArray());
        return new Matrix(mapped);
    }

    Matrix plus(Matrix right) {
        return with(right, Double::sum);
    }

    Matrix minus(Matrix right) {
        return with(right, (a, b) -> a - b);
    }

    /** The product of elements. */
    Matrix by(Matrix right) {
        return with(right, (a, b) -> a * b);
    }

    Matrix over(Matrix right) {
        return with(right, (a, b) -> a / b);
    }

    Matrix times(double factor) {
        return map(number -> number * factor);
    }

    /** 1 − x. */
    Matrix rest() {
        return map(number -> 1 - number);
    }

    /** The slope of tanh, of its value: 1 − y². */
    Matrix tanhSlope() {
        return map(y -> 1 - y * y);
    }

    /** The slope of the logistic function, of its value: y(1 − y). */
    Matrix sigmoidSlope() {
        return map(y -> y * (1 - y));
    }

    Matrix tanh() {
        return map(Math::tanh);
    }

    Matrix sigmoid() {
        return map(Matrix::sigmoid);
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    Matrix zero() {
        return full(rows.length, columns, 0);
    }

    /** The sum of the rows, as one row. */
    Matrix sumOfRows() {
        return full(1, rows.length, 1).dot(this);
    }

    /** The sum of each row, as a column. */
    Matrix sumOfColumns() {
        return dot(full(columns, 1, 1));
    }

    double sum() {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).sum();
    }

    @Override
    public String toString() {
        return Arrays.deepToString(rows);
    }
}
