package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.List;

/** Where numbers enter a graph. */
public sealed interface Source extends Op {

    @Override
    default Tensor vjp(Tensor y, int input, Tensor yBar) {
        throw new IllegalStateException(label() + " has no inputs, so no cotangent flows through it");
    }

    /**
     * Numbers that never change: data, labels, literals.
     *
     * @param isDrawn whether they were drawn at random for one evaluation
     */
    record Constant(NDArray array, boolean isDrawn) implements Source {
        /** Numbers that were not drawn for one evaluation. */
        public Constant(NDArray array) {
            this(array, false);
        }

        @Override
        public String label() {
            return "constant";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            return array.shape();
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return array.dtype();
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return array;
        }
    }

    /** The numbers that a {@link Parameter} holds when the graph is evaluated. */
    record Variable(Shape shape, DType type) implements Source {
        @Override
        public String label() {
            return "parameter";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            return shape;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return type;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return node instanceof Parameter parameter ? parameter.numbers() : node.value();
        }
    }

    /** Numbers that are handed over with every run of a plan. Two inputs of one name, shape and type are the same. */
    record Input(String name, Shape shape, DType type) implements Source {
        @Override
        public String label() {
            return "input";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            return shape;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return type;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            throw new IllegalStateException("value of the input \"" + name + "\" " + shape + " " + type
                    + ": an input has numbers only while a plan runs; Plan.compile(outputs), then plan.run(Map.of(input,"
                    + " array))");
        }
    }
}
