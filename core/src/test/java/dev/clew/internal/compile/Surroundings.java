package dev.clew.internal.compile;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.OperationCases.Case;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where an operation may stand in a graph so that rewrites reach it: three of a kind, with numbers of their own. */
enum Surroundings {
    /** Every operand is a slice of a stack. */
    SLICES {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            return graph.slice(array, input, at);
        }
    },
    /** The first operand is a slice of a stack, all share the others. */
    FIRST_SLICED {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            return input == 0 ? graph.slice(array, input, at) : graph.shared(array, input);
        }
    },
    /** The operands after the first are slices of stacks, all share the first. */
    LATER_SLICED {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            return input > 0 ? graph.slice(array, input, at) : graph.shared(array, input);
        }
    },
    /** Operands are products with one right operand, and so are results of one. */
    PRODUCTS {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            Shape shape = array.shape();
            Tensor column = graph.leaf(graph.turned(array, at).reshape(Shape.of(shape.elements(), 1)));
            Tensor two = Tensor.concat(1, List.of(column, graph.anywhere(shape.elements(), 1)));
            return two.matmul(graph.shared(NDArray.of(new double[][] {{1}, {0}}), 100 + input))
                    .reshape(shape);
        }

        @Override
        Tensor end(Graph graph, Tensor y) {
            Tensor column = y.reshape(y.shape().elements(), 1);
            return column.matmul(graph.shared(NDArray.of(new double[][] {{1.5, -0.5}}), 200));
        }
    },
    /** Operands are products with one left operand: columns of one product. */
    GATES {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            Shape shape = array.shape();
            int columns = shape.rank() == 0 ? 1 : shape.length(-1);
            int rows = columns == 0 ? shape.without(-1).elements() : shape.elements() / columns;
            NDArray gate = graph.turned(array, at).reshape(Shape.of(rows, columns));
            return graph.shared(one(rows), 100 + input)
                    .matmul(graph.parameter(gate))
                    .reshape(shape);
        }
    },
    /** Operands and results are transposed to what they are already. */
    SAME_AXES {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            Tensor x = graph.parameter(graph.turned(array, at));
            return x.transpose(ascending(x.shape().rank()));
        }

        @Override
        Tensor end(Graph graph, Tensor y) {
            Tensor same = y.transpose(ascending(y.shape().rank()));
            return y.shape().rank() == 2 ? same.matmul(graph.anywhere(y.shape().length(1), 2)) : same;
        }
    },
    /** Operands lie with their axes in the opposite order, results are multiplied so. */
    OTHER_AXES {
        @Override
        Tensor operand(Graph graph, NDArray array, int input, int at) {
            int[] order = Draws.reversed(array.shape().rank());
            NDArray turned = graph.turned(array, at);
            double[] numbers = turned.permute(order).toDoubles();
            return graph.parameter(NDArray.of(turned.permute(order).shape(), numbers))
                    .transpose(order);
        }

        @Override
        Tensor end(Graph graph, Tensor y) {
            Tensor turned = y.transpose(Draws.reversed(y.shape().rank()));
            return y.shape().rank() == 2
                    ? turned.matmul(graph.anywhere(y.shape().length(0), 2))
                    : turned;
        }
    };

    static final int COUNT = 3;

    /** An operand that is floating. */
    abstract Tensor operand(Graph graph, NDArray array, int input, int at);

    /** What is done with a floating result. */
    Tensor end(Graph graph, Tensor y) {
        return y;
    }

    private static NDArray one(int size) {
        double[] numbers = new double[size * size];
        for (int i = 0; i < size; i++) {
            numbers[i * size + i] = 1;
        }
        return NDArray.of(Shape.of(size, size), numbers);
    }

    private static int[] ascending(int rank) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i;
        }
        return order;
    }

    /** An operand that is not floating: an index, or a mask. */
    private Tensor index(Graph graph, NDArray array, int input, int at) {
        boolean isSliced = this == SLICES || (this == LATER_SLICED && input > 0);
        return isSliced ? graph.slice(array, input, at) : graph.shared(array, input);
    }

    /**
     * Three of an operation: their results, then the gradients of their weighted sum.
     *
     * @throws IllegalArgumentException if the operation does not take such operands
     */
    List<Tensor> of(Case operation, List<NDArray> inputs) {
        Graph graph = new Graph();
        List<Tensor> results = new ArrayList<>();
        List<Tensor> losses = new ArrayList<>();
        for (int at = 0; at < COUNT; at++) {
            List<Tensor> operands = new ArrayList<>();
            for (int input = 0; input < inputs.size(); input++) {
                NDArray array = inputs.get(input);
                operands.add(
                        array.dtype().isFloating() ? operand(graph, array, input, at) : index(graph, array, input, at));
            }
            Tensor y = operation.build().of(operands);
            results.add(y);
            Tensor end = end(graph, y.dtype() == DType.F64 ? y : y.cast(DType.F64));
            losses.add(end.times(graph.anywhere(end.shape().lengths())).sum());
        }
        Gradients gradients = Gradients.of(Tensor.sum(losses));
        graph.parameters.forEach(parameter -> results.add(gradients.wrt(parameter)));
        return results;
    }

    /** The leaves of a graph in the making. */
    static final class Graph {
        final List<Parameter> parameters = new ArrayList<>();
        private final Map<Integer, Tensor> shared = new HashMap<>();
        private RandomKey key = RandomKey.of(5);

        Parameter parameter(NDArray array) {
            Parameter parameter = Parameter.of(array);
            parameters.add(parameter);
            return parameter;
        }

        Tensor leaf(NDArray array) {
            return array.dtype().isFloating() ? parameter(array) : Tensor.of(array);
        }

        Tensor shared(NDArray array, int number) {
            return shared.computeIfAbsent(number, _ -> leaf(array));
        }

        /** The same numbers, each some places later. */
        NDArray turned(NDArray array, int by) {
            double[] numbers = array.toDoubles();
            double[] turned = new double[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                turned[(i + by) % numbers.length] = numbers[i];
            }
            return NDArray.of(array.shape(), turned).cast(array.dtype());
        }

        Tensor slice(NDArray array, int number, int at) {
            Tensor stack = shared.computeIfAbsent(number, _ -> {
                double[] all = new double[COUNT * array.shape().elements()];
                for (int i = 0; i < COUNT; i++) {
                    double[] one = turned(array, i).toDoubles();
                    System.arraycopy(one, 0, all, i * one.length, one.length);
                }
                return leaf(NDArray.of(array.shape().insert(0, COUNT), all).cast(array.dtype()));
            });
            return stack.get(at);
        }

        Tensor anywhere(int... lengths) {
            key = key.fold(1);
            return Tensor.of(key.uniform(-2, 2, DType.F64, Shape.of(lengths)));
        }
    }
}
