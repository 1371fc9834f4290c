package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.tensor.DTypes;
import java.util.List;

/** Operations that sum products over a shared axis. */
public sealed interface Contraction extends Op {

    /**
     * c = a·b, with either operand transposed in its last two axes first. Transposes are flags so that a product is one
     * node however it arose, and nothing is moved in memory for it. The order of the sum is that of {@link NDArray#matmul}.
     *
     * <p>Shapes: (..., m, k), (..., k, n) → (..., m, n), with equal batch axes.
     */
    record MatMul(boolean transposeA, boolean transposeB) implements Contraction {
        @Override
        public String label() {
            return "matmul";
        }

        @Override
        public Shape shape(List<Tensor> inputs) {
            Shape a = transposed(inputs.get(0).shape(), transposeA);
            Shape b = transposed(inputs.get(1).shape(), transposeB);
            requireSharedAxis(a, b);
            boolean hasBatches = a.rank() != 2 || b.rank() != 2;
            if (hasBatches && !a.without(-2, -1).equals(b.without(-2, -1))) {
                throw new IllegalArgumentException("matmul " + a + " · " + b + ": the batch axes " + a.without(-2, -1)
                        + " and " + b.without(-2, -1) + " differ; broadcast one of them first");
            }
            return a.with(-1, b.length(-1));
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DTypes.floating(label(), inputs);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return transposed(inputs.get(0), transposeA).matmul(transposed(inputs.get(1), transposeB));
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor a = y.input(0);
            Tensor b = y.input(1);
            if (input == 0) {
                return transposeA
                        ? new MatMul(transposeB, true).on(b, yBar)
                        : new MatMul(false, !transposeB).on(yBar, b);
            }
            return transposeB ? new MatMul(true, transposeA).on(yBar, a) : new MatMul(!transposeA, false).on(a, yBar);
        }

        /** A vector is a row on the left and a column on the right. */
        static void requireSharedAxis(Shape a, Shape b) {
            int columns = a.length(-1);
            int rows = b.length(b.rank() == 1 ? 0 : -2);
            if (columns != rows) {
                throw new IllegalArgumentException("matmul " + a + " · " + b + ": the left has " + columns
                        + (a.rank() == 1 ? " numbers" : " columns") + " but the right has " + rows
                        + (b.rank() == 1 ? " numbers" : " rows") + hint(a, b, columns, rows));
            }
        }

        private static String hint(Shape a, Shape b, int columns, int rows) {
            if (b.rank() > 1 && b.length(-1) == columns) {
                return "; transpose the right one?";
            }
            if (a.rank() > 1 && a.length(-2) == rows) {
                return "; transpose the left one?";
            }
            boolean exchangeable = a.rank() > 1 && b.rank() > 1 && a.length(-2) == b.length(-1);
            return exchangeable ? "; exchange the operands?" : "; they must be equal";
        }

        private static Shape transposed(Shape shape, boolean transpose) {
            return transpose ? shape.with(-2, shape.length(-1)).with(-1, shape.length(-2)) : shape;
        }

        private static NDArray transposed(NDArray array, boolean transpose) {
            return transpose
                    ? array.permute(Broadcasting.lastTwoExchanged(array.shape().rank()))
                    : array;
        }
    }
}
