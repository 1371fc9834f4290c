package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** y = a·b³ + eᵃ, element by element, with a vjp that has a mistake in it, or none. Shapes: a, b (n, n) → (n, n). */
record WrongCustom(Mistake mistake) implements Custom {
    enum Mistake {
        NONE,
        SIGN,
        TRANSPOSED,
        MISSING_FACTOR,
        MISSING_TERM,
        DOUBLED,
        ONE_ELEMENT,
        SMALL_RELATIVE_ERROR,
        OF_THE_OTHER_INPUT,
        ZERO,
        NOT_LINEAR_IN_THE_COTANGENT,
        COTANGENT_IGNORED,
        CONSTANT_ADDED,
        ROWS_SUMMED,
        STOPPED_AT_ORDER_2,
        STOPPED_COTANGENT_AT_ORDER_2;

        boolean isOfSecondOrder() {
            return this == STOPPED_AT_ORDER_2 || this == STOPPED_COTANGENT_AT_ORDER_2;
        }
    }

    @Override
    public Shape shape(List<Tensor> inputs) {
        return inputs.getFirst().shape();
    }

    @Override
    public NDArray value(List<NDArray> inputs) {
        double[] a = inputs.get(0).toDoubles();
        double[] b = inputs.get(1).toDoubles();
        for (int i = 0; i < a.length; i++) {
            a[i] = a[i] * b[i] * b[i] * b[i] + Math.exp(a[i]);
        }
        return NDArray.of(inputs.getFirst().shape(), a);
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        Tensor a = y.input(0);
        Tensor b = y.input(1);
        Tensor byA = b.square().times(b).plus(a.exp());
        Tensor byB = a.times(b.square()).times(3);
        return input == 0 ? yBar.times(byA) : wrong(a, b, yBar, byB, byA);
    }

    private Tensor wrong(Tensor a, Tensor b, Tensor yBar, Tensor slope, Tensor other) {
        Tensor right = yBar.times(slope);
        return switch (mistake) {
            case NONE -> right;
            case SIGN -> right.negate();
            case TRANSPOSED -> yBar.transpose().times(slope);
            case MISSING_FACTOR -> yBar.times(a).times(b.square());
            case MISSING_TERM -> yBar.times(b.square()).times(3);
            case DOUBLED -> right.times(2);
            case ONE_ELEMENT -> right.times(oneElement(right.shape(), 1.5));
            case SMALL_RELATIVE_ERROR -> right.times(1 + 1e-6);
            case OF_THE_OTHER_INPUT -> yBar.times(other);
            case ZERO -> right.times(0);
            case NOT_LINEAR_IN_THE_COTANGENT -> yBar.square().times(slope);
            case COTANGENT_IGNORED -> slope.plus(0);
            case CONSTANT_ADDED -> right.plus(1e-5);
            case ROWS_SUMMED -> right.sum(true, 0).broadcastTo(right.shape());
            case STOPPED_AT_ORDER_2 -> yBar.times(slope.stopGradient());
            case STOPPED_COTANGENT_AT_ORDER_2 -> yBar.stopGradient().times(slope);
        };
    }

    private static Tensor oneElement(Shape shape, double factor) {
        double[] factors = new double[shape.elements()];
        Arrays.fill(factors, 1);
        factors[factors.length / 2] = factor;
        return Tensor.of(NDArray.of(shape, factors));
    }
}
