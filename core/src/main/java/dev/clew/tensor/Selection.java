package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.util.List;

/** Operations that choose elements by indices, which are data of type i32. No cotangent flows to an index. */
public sealed interface Selection extends Op {

    @Override
    default boolean passesGradient(int input) {
        return input == 0 && !(this instanceof OneHot);
    }

    /** Rows of the first input, by index. Shapes: x (rows, ...), indices (...) → (indices..., ...). */
    record Gather() implements Selection {
        @Override
        public String label() {
            return "gather";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape x = inputs.get(0).shape();
            if (x.rank() == 0) {
                throw new IllegalArgumentException("gather from " + x + ": a single number has no rows to choose from");
            }
            Indices.check(label(), inputs.get(1), x.length(0), "rows");
            Shape result = x.without(0);
            int[] chosen = inputs.get(1).shape().lengths();
            for (int axis = chosen.length - 1; axis >= 0; axis--) {
                result = result.insert(0, chosen[axis]);
            }
            return result;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            NDArray x = inputs.get(0);
            int[] rows = Indices.of(label(), inputs.get(1), x.shape().length(0), "rows");
            int width = x.shape().without(0).elements();
            double[] row = new double[width];
            double[] result = new double[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                x.load(row, rows[i] * width, width);
                System.arraycopy(row, 0, result, i * width, width);
            }
            return NDArray.of(node.shape(), result).cast(node.dtype());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new ScatterAdd(y.input(0).shape()).on(yBar, y.input(1));
        }
    }

    /** Zeros, with every row of the first input added at its index; equal indices accumulate. The derivative of gather. */
    record ScatterAdd(Shape to) implements Selection {
        @Override
        public String label() {
            return "scatterAdd";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Indices.check(label(), inputs.get(1), to.length(0), "rows");
            return to;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DTypes.floating(label(), inputs.getFirst());
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int[] rows = Indices.of(label(), inputs.get(1), to.length(0), "rows");
            int width = to.without(0).elements();
            double[] row = new double[width];
            Accumulator sums = new Accumulator(node.dtype(), to);
            for (int i = 0; i < rows.length; i++) {
                inputs.get(0).load(row, i * width, width);
                for (int j = 0; j < width; j++) {
                    sums.add(rows[i] * width + j, row[j]);
                }
            }
            return sums.array();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Gather().on(yBar, y.input(1));
        }
    }

    /** One element of every row, by index. Shapes: x (..., n), indices (...) → (...). */
    record Pick() implements Selection {
        @Override
        public String label() {
            return "pick";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape x = inputs.get(0).shape();
            Shape indices = inputs.get(1).shape();
            if (x.rank() == 0) {
                throw new IllegalArgumentException("pick from " + x + ": a single number has no row to choose from");
            }
            if (!x.without(-1).equals(indices)) {
                throw new IllegalArgumentException("pick from " + x + " with indices " + indices
                        + ": one index for every row is needed, so the indices must have the shape " + x.without(-1));
            }
            Indices.check(label(), inputs.get(1), x.length(-1), "classes");
            return indices;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            NDArray x = inputs.get(0);
            int classes = x.shape().length(-1);
            int[] chosen = Indices.of(label(), inputs.get(1), classes, "classes");
            return NDArray.build(node.dtype(), node.shape(), (block, from, count) -> {
                double[] one = new double[1];
                for (int i = 0; i < count; i++) {
                    x.load(one, (from + i) * classes + chosen[from + i], 1);
                    block[i] = one[0];
                }
            });
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Unpick(y.input(0).shape().length(-1)).on(yBar, y.input(1));
        }
    }

    /** Rows of zeros, each with one element at its index. Shapes: x (...), indices (...) → (..., n). The derivative of pick. */
    record Unpick(int classes) implements Selection {
        @Override
        public String label() {
            return "unpick";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Indices.check(label(), inputs.get(1), classes, "classes");
            Shape x = inputs.get(0).shape();
            return x.insert(x.rank(), classes);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int[] chosen = Indices.of(label(), inputs.get(1), classes, "classes");
            double[] x = inputs.get(0).toDoubles();
            double[] result = new double[node.shape().elements()];
            for (int i = 0; i < chosen.length; i++) {
                result[i * classes + chosen[i]] = x[i];
            }
            return NDArray.of(node.shape(), result).cast(node.dtype());
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Pick().on(yBar, y.input(1));
        }
    }

    /** 1 at the index and 0 elsewhere, along a new last axis. Shapes: (...) i32 → (..., classes). */
    record OneHot(int classes, DType type) implements Selection {
        @Override
        public String label() {
            return "oneHot";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Indices.check(label(), inputs.getFirst(), classes, "classes");
            Shape indices = inputs.getFirst().shape();
            return indices.insert(indices.rank(), classes);
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return type;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int[] chosen = Indices.of(label(), inputs.getFirst(), classes, "classes");
            double[] result = new double[chosen.length * classes];
            for (int i = 0; i < chosen.length; i++) {
                result[i * classes + chosen[i]] = 1;
            }
            return NDArray.of(node.shape(), result).cast(type);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            throw new IllegalStateException("oneHot: no cotangent flows to indices");
        }
    }
}
