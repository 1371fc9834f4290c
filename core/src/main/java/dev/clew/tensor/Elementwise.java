package dev.clew.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.formula.Formula;
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
        private static final Formula FORMULA = Formula.of(3, (precision, x) -> x[0].select(x[1], x[2]));

        /** The function as exactly rounded steps. */
        public static Formula formula() {
            return FORMULA;
        }

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

    /** y = a₁ + a₂ + ... + aₙ, added in this order. One node, so that whoever merges products sees the whole sum. */
    record AddN() implements Elementwise {
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
            return NDArray.build(node.dtype(), node.shape(), (sum, from, count) -> {
                inputs.getFirst().load(sum, from, count);
                double[] term = new double[count];
                for (NDArray input : inputs.subList(1, inputs.size())) {
                    input.load(term, from, count);
                    add(term, sum, single, count);
                }
            });
        }

        private static void add(double[] term, double[] sum, boolean single, int count) {
            for (int i = 0; i < count; i++) {
                double exact = sum[i] + term[i];
                sum[i] = single ? (float) exact : exact;
            }
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
