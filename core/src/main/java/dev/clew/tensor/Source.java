package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.Collection;
import java.util.List;

/** Where numbers enter a graph. */
public sealed interface Source extends Op {

    @Override
    default Tensor vjp(Tensor y, int input, Tensor yBar) {
        throw new IllegalStateException(label() + " has no inputs, so no cotangent flows through it");
    }

    /**
     * Refuses inputs of plans in what a training step computes: nobody hands their numbers over.
     *
     * @throws IllegalStateException if there is one, which it names
     */
    static void requireNumbers(Collection<Tensor> nodes) {
        for (Tensor node : nodes) {
            if (node.op() instanceof Input input) {
                throw Tracing.located(
                        new IllegalStateException("step with the input \"" + input.name + "\" " + input.shape + " "
                                + input.type + " in its graph: an input has numbers only while a plan runs;"
                                + " sgd.compile(loss), then plan.run(Map.of(input, array)); or Tensor.of(array) in its"
                                + " place"),
                        node);
            }
        }
    }

    /** Of some nodes, those with numbers that were drawn at random for one evaluation. */
    static List<Tensor> drawn(Collection<Tensor> nodes) {
        return nodes.stream()
                .filter(node -> node.op() instanceof Constant constant && constant.isDrawn)
                .toList();
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
