package dev.clew.tensor;

import com.google.common.primitives.Ints;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.tensor.DTypes;
import java.util.List;

/**
 * Operations that turn the elements along some axes into one. The reduced axes stay, with length 1, so that a result
 * broadcasts against its input; {@link Tensor}'s methods take them away where asked.
 */
public sealed interface Reduction extends Op {

    /** The reduced axes, ascending, from the start. */
    IntTuple axes();

    /** The result for one group of elements. */
    double reduce(double[] elements, DType type);

    @Override
    default Shape shape(List<Tensor> inputs) {
        Shape shape = inputs.getFirst().shape();
        for (int axis : axes().toArray()) {
            shape = shape.with(axis, 1);
        }
        return shape;
    }

    @Override
    default DType dtype(List<Tensor> inputs) {
        return DTypes.floating(label(), inputs.getFirst());
    }

    @Override
    default NDArray value(Tensor node, List<NDArray> inputs) {
        NDArray grouped = lastly(inputs.getFirst(), axes().toArray());
        int groups = node.shape().elements();
        double[] group = new double[groups == 0 ? 0 : grouped.shape().elements() / groups];
        double[] one = new double[1];
        return NDArray.build(node.dtype(), node.shape(), (block, from, count) -> {
            for (int i = 0; i < count; i++) {
                grouped.load(group, (from + i) * group.length, group.length);
                one[0] = reduce(group, node.dtype());
                block[i] = one[0];
            }
        });
    }

    /** The sum along some axes. The empty sum is 0. */
    record Sum(IntTuple axes) implements Reduction {
        @Override
        public String label() {
            return "sum";
        }

        /**
         * In the one order of {@link BlockSum}, so that the result is within (log₂ n + 16)·ε of Σ|x|.
         */
        @Override
        public double reduce(double[] elements, DType type) {
            boolean single = type == DType.F32;
            double[] partials = new double[BlockSum.PARTIALS];
            BlockSum total = new BlockSum();
            for (int from = 0; from < elements.length; ) {
                int end = from + Math.min(BlockSum.BLOCK, elements.length - from); // A whole block more could overflow.
                for (int i = from; i < end; i++) {
                    double sum = partials[i % BlockSum.PARTIALS] + elements[i];
                    partials[i % BlockSum.PARTIALS] = single ? (float) sum : sum;
                }
                total.add(partials, single);
                from = end;
            }
            return total.total(single);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar.broadcastTo(y.input(0).shape());
        }
    }

    /** The largest along some axes; NaN if any is NaN. Equal largest elements share the cotangent evenly. */
    record Max(IntTuple axes) implements Reduction {
        @Override
        public String label() {
            return "max";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Reductions.requireSome(label(), "largest", inputs.getFirst().shape(), axes.toArray());
            return Reduction.super.shape(inputs);
        }

        @Override
        public double reduce(double[] elements, DType type) {
            double largest = elements[0];
            for (double element : elements) {
                largest = Math.max(largest, element);
            }
            return largest;
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor x = y.input(0);
            Tensor largest = x.equalTo(y.broadcastTo(x.shape())).cast(x.dtype());
            Tensor ties = new Sum(axes).on(largest);
            return largest.times(yBar.div(ties).broadcastTo(x.shape()));
        }
    }

    /**
     * The place of the first largest element, or of the first NaN if there is one, counted row-major along the axes; i32.
     * It is constant almost everywhere, so no cotangent flows.
     */
    record ArgMax(IntTuple axes) implements Reduction {
        @Override
        public String label() {
            return "argMax";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Reductions.requireSome(label(), "largest", inputs.getFirst().shape(), axes.toArray());
            return Reduction.super.shape(inputs);
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DType.I32;
        }

        @Override
        public double reduce(double[] elements, DType type) {
            int found = 0;
            for (int i = 0; i < elements.length && !Double.isNaN(elements[found]); i++) {
                found = elements[i] > elements[found] || Double.isNaN(elements[i]) ? i : found;
            }
            return found;
        }

        @Override
        public boolean passesGradient(int input) {
            return false;
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            throw new IllegalStateException("argMax: no cotangent flows through an index");
        }
    }

    private static NDArray lastly(NDArray array, int[] axes) {
        int rank = array.shape().rank();
        int[] order = new int[rank];
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            if (!Ints.contains(axes, axis)) {
                order[next++] = axis;
            }
        }
        System.arraycopy(axes, 0, order, next, axes.length);
        return array.permute(order);
    }
}
