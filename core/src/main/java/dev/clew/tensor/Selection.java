package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;
import dev.clew.internal.tensor.Indices;
import dev.clew.internal.tensor.ScatteredSums;
import dev.clew.internal.tensor.Unpick;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operations that choose elements by indices, which are data of type i32. No cotangent flows to an index. */
public sealed interface Selection extends Op
        permits Selection.Gather, Selection.ScatterAdd, Selection.Pick, Selection.ArgSort, Selection.OneHot, Unpick {

    @Override
    default boolean passesGradient(int input) {
        return input == 0 && !(this instanceof OneHot || this instanceof ArgSort);
    }

    /** Rows of the first input, by index. Shapes: x (rows, ...), indices (...) → (indices..., ...). */
    record Gather(Naming naming) implements Selection {
        /** By that name. */
        public Gather() {
            this(new Naming.Plain("gather", "rows"));
        }

        @Override
        public String label() {
            return "gather";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape x = inputs.get(0).shape();
            requireRows(inputs.get(0));
            Indices.check(label(), inputs.get(1), naming, x, x.length(0));
            return Indices.chosen(inputs.get(1).shape(), x);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            NDArray x = inputs.get(0);
            int[] rows =
                    naming.of(node.input(1), inputs.get(1), x.shape(), x.shape().length(0));
            int width = x.shape().without(0).elements();
            double[] row = new double[width];
            double[] result = new double[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                x.load(row, rows[i] * width, width);
                System.arraycopy(row, 0, result, i * width, width);
            }
            return NDArray.of(node.shape(), result).cast(node.dtype());
        }

        static void requireRows(Tensor x) {
            if (x.shape().rank() == 0) {
                throw new IllegalArgumentException(
                        "gather from " + x.shape() + ": a single number has no rows to choose from");
            }
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new ScatterAdd(y.input(0).shape(), naming).on(yBar, y.input(1));
        }
    }

    /**
     * Zeros, with every row of the first input added at its index; equal indices accumulate, in the order of {@link ScatteredSums}. The
     * derivative of gather.
     */
    record ScatterAdd(Shape to, Naming naming) implements Selection {
        /** By that name. */
        public ScatterAdd(Shape to) {
            this(to, new Naming.Plain("scatterAdd", "rows"));
        }

        @Override
        public String label() {
            return "scatterAdd";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Indices.check(label(), inputs.get(1), naming, to, to.length(0));
            Shape needed = Indices.chosen(inputs.get(1).shape(), to);
            Shape rows = inputs.get(0).shape();
            if (!rows.equals(needed)) {
                throw new IllegalArgumentException("scatterAdd of " + rows + " into " + to + " at indices "
                        + inputs.get(1).shape() + ": one row for every index is needed, so they must have the shape "
                        + needed);
            }
            return to;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DTypes.floating(label(), inputs.getFirst());
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int[] rows = naming.of(node.input(1), inputs.get(1), to, to.length(0));
            int width = to.without(0).elements();
            double[] row = new double[width];
            ScatteredSums sums = new ScatteredSums(node.dtype(), to);
            for (int i = 0; i < rows.length; i++) {
                inputs.get(0).load(row, i * width, width);
                for (int j = 0; j < width; j++) {
                    sums.add(rows[i] * width + j, row[j]);
                }
                sums.endRow();
            }
            sums.endRun();
            return sums.array();
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Gather(naming).on(yBar, y.input(1));
        }
    }

    /**
     * Labels of classes, for errors to speak of.
     *
     * @param loss what was called
     * @param scores what has a number for every class: logits
     */
    record Labels(String loss, String scores) implements Naming {
        @Override
        public int[] of(Tensor labels, NDArray array, Shape rows, int classes) {
            int[] numbers = array.toInts();
            int row = Indices.outside(numbers, classes);
            if (row >= 0) {
                throw outOfRange(numbers[row], row, Indices.from(labels, row), rows);
            }
            return numbers;
        }

        /** That a label is no class. */
        public IllegalArgumentException outOfRange(int label, int row, String from, Shape rows) {
            int classes = rows.length(-1);
            return new IllegalArgumentException(
                    loss + ": label " + label + " in row " + row + from + ": " + scores + " "
                            + rows + " have " + classes + " classes, so labels go from 0 to " + (classes - 1)
                            + (label == classes ? "; do these count from 1?" : ""));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Naming;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /**
     * Elements of every row, by index: one, or several. Shapes: x (..., n), indices (...) or (..., k) → as the indices.
     */
    record Pick(Naming naming) implements Selection {
        /** By that name. */
        public Pick() {
            this(new Naming.Plain("pick", "classes"));
        }

        /** Of labels. */
        public Pick(Labels labels) {
            this((Naming) labels);
        }

        @Override
        public String label() {
            return "pick";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape x = inputs.get(0).shape();
            Shape indices = inputs.get(1).shape();
            requireRows(inputs.get(0));
            if (indices.rank() == x.rank() && !x.with(-1, indices.length(-1)).equals(indices)) {
                throw new IllegalArgumentException("pick from " + x + " with indices " + indices
                        + ": all lengths except that of the last axis must be equal");
            }
            if (indices.rank() != x.rank() && !x.without(-1).equals(indices)) {
                throw new IllegalArgumentException("pick from " + x + " with indices " + indices
                        + ": one index for every row is needed, so the indices must have the shape " + x.without(-1));
            }
            Indices.check(label(), inputs.get(1), naming, x, x.length(-1));
            return indices;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            NDArray x = inputs.get(0);
            int classes = x.shape().length(-1);
            int[] chosen = naming.of(node.input(1), inputs.get(1), x.shape(), classes);
            int each = Indices.each(inputs.get(1).shape(), x.shape());
            return NDArray.build(node.dtype(), node.shape(), (block, from, count) -> {
                double[] one = new double[1];
                for (int i = 0; i < count; i++) {
                    x.load(one, (from + i) / each * classes + chosen[from + i], 1);
                    block[i] = one[0];
                }
            });
        }

        static void requireRows(Tensor x) {
            if (x.shape().rank() == 0) {
                throw new IllegalArgumentException(
                        "pick from " + x.shape() + ": a single number has no row to choose from");
            }
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return new Unpick(y.input(0).shape(), naming).on(yBar, y.input(1));
        }
    }

    /**
     * The indices that sort every row. Equal elements keep their order; NaN counts as the largest, as in NumPy.
     *
     * <p>Shapes: (..., n) → (..., n) i32. It is constant almost everywhere, so no cotangent flows.
     */
    record ArgSort(boolean descending) implements Selection {
        @Override
        public String label() {
            return "argSort";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            return inputs.getFirst().shape();
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DType.I32;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int length = node.shape().length(-1);
            double[] row = new double[length];
            int[] result = new int[node.shape().elements()];
            for (int start = 0; start < result.length; start += length) {
                inputs.getFirst().load(row, start, length);
                int[] order = IntStream.range(0, length).toArray();
                IntArrays.stableSort(
                        order, descending ? (i, j) -> compare(row[j], row[i]) : (i, j) -> compare(row[i], row[j]));
                System.arraycopy(order, 0, result, start, length);
            }
            return NDArray.of(node.shape(), result);
        }

        /** Unlike {@link Double#compare}, −0 and 0 are equal. */
        private static int compare(double a, double b) {
            return a < b ? -1 : a > b ? 1 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            throw new IllegalStateException("argSort: no cotangent flows through an index");
        }
    }

    /** 1 at the index and 0 elsewhere, along a new last axis. Shapes: (...) i32 → (..., classes). */
    record OneHot(int classes, DType type, Naming naming) implements Selection {
        /** By that name. */
        public OneHot(int classes, DType type) {
            this(classes, type, new Naming.Plain("oneHot", "classes"));
        }

        @Override
        public String label() {
            return "oneHot";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            if (classes < 0) {
                throw new IllegalArgumentException(
                        "oneHot of " + classes + " classes: the number of classes is 0 or more");
            }
            Shape indices = inputs.getFirst().shape();
            Shape shape = indices.insert(indices.rank(), classes);
            Indices.check(label(), inputs.getFirst(), naming, shape, classes);
            return shape;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return type;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            int[] chosen = naming.of(node.input(0), inputs.getFirst(), node.shape(), classes);
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
