package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.tensor.DTypes;
import dev.clew.internal.tensor.SumOfTerms;
import java.util.List;

/** Operations that compute every element from the elements at the same index. All inputs have the shape of the result. */
public sealed interface Elementwise extends Op permits Row, Elementwise.Where, Elementwise.AddN, Elementwise.Cast {

    @Override
    default Shape shape(List<Tensor> inputs) {
        Shape first = inputs.getFirst().shape();
        for (int i = 1; i < inputs.size(); i++) {
            Shape other = inputs.get(i).shape();
            if (!other.equals(first)) {
                throw new IllegalArgumentException(label() + " " + first + ", " + other
                        + ": an elementwise operation needs equal shapes; broadcast one of them first");
            }
        }
        return first;
    }

    /** y = a where the condition holds, else b. Shapes: all alike; the condition is bool. */
    record Where() implements Elementwise {
        static final Formula FORMULA = Formula.of(3, (precision, x) -> x[0].select(x[1], x[2]));

        @Override
        public String label() {
            return "where";
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            DTypes.require(label(), inputs.get(0), DType.BOOL);
            return DTypes.same(label(), inputs.get(1), inputs.get(2));
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return FORMULA.evaluate(node.dtype(), node.dtype(), node.shape(), inputs);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            Tensor zero = yBar.constant(0);
            return input == 1 ? Tensor.where(y.input(0), yBar, zero) : Tensor.where(y.input(0), zero, yBar);
        }

        @Override
        public boolean passesGradient(int input) {
            return input > 0;
        }
    }

    /**
     * y = a₁ + a₂ + ... + aₙ. One node, so that whoever merges products sees the whole sum.
     *
     * <p>Up to {@link #BLOCK} terms are added in their order. More are cut into blocks of so many; blocks are added as a binary tree, so
     * that y is within (log₂ n + 16)·ε of the sum, relative to Σ|aᵢ|.
     *
     * @param isChain whether all are added in their order, as many sums of two are
     */
    record AddN(boolean isChain) implements Elementwise {
        /** Terms that are added in their order. */
        public static final int BLOCK = 16;

        /** The sum of terms that are there together. */
        public AddN() {
            this(false);
        }

        /** Whether so many terms are added in their order. */
        public boolean isInOrder(int terms) {
            return isChain || terms <= BLOCK;
        }

        @Override
        public String label() {
            return "addN";
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DTypes.floating(label(), inputs);
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            boolean single = node.dtype() == DType.F32;
            boolean isInOrder = isInOrder(inputs.size());
            return NDArray.build(node.dtype(), node.shape(), (sum, from, count) -> {
                if (isInOrder) {
                    inOrder(inputs, single, sum, from, count);
                } else {
                    inBlocks(inputs, single, sum, from, count);
                }
            });
        }

        private static void inOrder(List<NDArray> inputs, boolean single, double[] sum, int from, int count) {
            inputs.getFirst().load(sum, from, count);
            double[] term = new double[count];
            for (NDArray input : inputs.subList(1, inputs.size())) {
                input.load(term, from, count);
                for (int i = 0; i < count; i++) {
                    double exact = sum[i] + term[i];
                    sum[i] = single ? (float) exact : exact;
                }
            }
        }

        private static void inBlocks(List<NDArray> inputs, boolean single, double[] sum, int from, int count) {
            SumOfTerms terms = new SumOfTerms(single);
            for (NDArray input : inputs) {
                double[] term = new double[count];
                input.load(term, from, count);
                terms.add(term);
            }
            System.arraycopy(terms.total(), 0, sum, 0, count);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar;
        }
    }

    /** y = x in another element type. A cotangent is cast back; to integers and truth values none flows. */
    record Cast(DType to) implements Elementwise {
        @Override
        public String label() {
            return "cast";
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return to;
        }

        @Override
        public NDArray value(Tensor node, List<NDArray> inputs) {
            return inputs.getFirst().cast(to);
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            return yBar.cast(y.input(0).dtype());
        }

        @Override
        public boolean passesGradient(int input) {
            return to.isFloating();
        }
    }
}
