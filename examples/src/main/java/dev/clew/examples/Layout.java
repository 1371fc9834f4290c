package dev.clew.examples;

import dev.clew.array.NDArray;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The same weights in two notations. Clew's states are rows, h·W, and a bias is a vector; a paper, and the networks by
 * hand, may write columns, W·h, and keep a bias as a matrix of one column.
 */
enum Layout {
    /** States are columns in the other notation: a weight is transposed, a bias is (n, 1). */
    COLUMNS,
    /** States are rows there too: a weight is the same, a bias is (1, n). */
    ROWS;

    /** A weight matrix of the other notation as a parameter. */
    Parameter weight(double[][] matrix) {
        NDArray array = NDArray.of(matrix);
        return Parameter.of(this == COLUMNS ? array.permute(1, 0) : array);
    }

    /** A bias of the other notation as a parameter. */
    Parameter bias(double[][] matrix) {
        NDArray array = NDArray.of(matrix);
        return Parameter.of(array.reshape(array.shape().without(this == COLUMNS ? 1 : 0)));
    }

    /** Values or gradients of parameters, in the other notation. */
    Map<String, double[][]> matrices(Map<String, Parameter> parameters, Function<Parameter, NDArray> numbers) {
        Map<String, double[][]> matrices = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            NDArray array = numbers.apply(parameter);
            NDArray matrix = array.shape().rank() == 2
                    ? array
                    : array.reshape(array.shape().insert(0, 1));
            matrices.put(name, (this == COLUMNS ? matrix.permute(1, 0) : matrix).toRows());
        });
        return matrices;
    }

    /** A matrix by its name. */
    static double[][] of(Map<String, double[][]> matrices, String name) {
        double[][] matrix = matrices.get(name);
        if (matrix == null) {
            throw new IllegalArgumentException("no matrix " + name + ", only " + matrices.keySet());
        }
        return matrix;
    }
}
