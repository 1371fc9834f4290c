package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;
import dev.clew.internal.tensor.SteppedRecurrence;
import java.util.List;

/** Operations in which every element depends on all those before it along an axis. */
public sealed interface Scan extends Op permits Scan.LinearRecurrence, SteppedRecurrence {

    /**
     * The first-order linear recurrence h[i] = a[i]·h[i−1] + b[i] along an axis, beginning with h[0] = b[0]; backward if
     * reversed. Every step is one fused multiply-add.
     *
     * <p>Sums (a = 1), products (b = 0 after the first) and decaying averages along an axis are this, and so is its own
     * derivative: the cotangents obey g[i] = hBar[i] + a[i+1]·g[i+1]. Nothing is divided by, so zeros are no special case.
     *
     * <p>Shapes: a and b alike. The cotangent of a[0], which takes no part, is 0.
     */
    record LinearRecurrence(int axis, boolean reversed) implements Scan {
        @Override
        public String label() {
            return "linearRecurrence";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape a = inputs.get(0).shape();
            Shape b = inputs.get(1).shape();
            if (!a.equals(b)) {
                throw new IllegalArgumentException("linearRecurrence with factors " + a + " and terms " + b
                        + ": the shapes must be equal; broadcast one of them first");
            }
            return b;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DTypes.floating(label(), inputs);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            Shape shape = node.shape();
            int length = shape.length(axis);
            int inner = 1;
            for (int i = axis + 1; i < shape.rank(); i++) {
                inner *= shape.length(i);
            }
            double[] a = inputs.get(0).toDoubles();
            double[] h = inputs.get(1).toDoubles();
            boolean single = node.dtype() == DType.F32;
            int step = reversed ? -inner : inner;
            for (int block = 0; block < h.length; block += length * inner) {
                int first = reversed ? block + (length - 1) * inner : block;
                for (int i = 1; i < length; i++) {
                    row(a, h, first + i * step, step, inner, single);
                }
            }
            return NDArray.of(shape, h).cast(node.dtype());
        }

        private static void row(double[] a, double[] h, int from, int step, int count, boolean single) {
            for (int at = from; at < from + count; at++) {
                h[at] = single
                        ? Math.fma((float) a[at], (float) h[at - step], (float) h[at])
                        : Math.fma(a[at], h[at - step], h[at]);
            }
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor terms = new LinearRecurrence(axis, !reversed).on(later(y.input(0)), yBar);
            int length = y.shape().length(axis);
            if (input == 1 || length == 0) {
                return terms;
            }
            int from = reversed ? 0 : 1;
            Tensor before = y.slice(axis, 1 - from, length - from);
            return terms.slice(axis, from, length - 1 + from).times(before).pad(axis, from, 1 - from, 0);
        }

        /** The factor of the next step in the place of every step's own; the last one's is arbitrary. */
        private Tensor later(Tensor a) {
            boolean constant =
                    a.op() instanceof Movement.Broadcast && a.input(0).shape().rank() == 0;
            return constant ? a : a.roll(axis, reversed ? 1 : -1);
        }
    }
}
