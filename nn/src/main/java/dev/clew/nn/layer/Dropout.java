package dev.clew.nn.layer;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * Elements set to 0 at random, the others scaled up so that the mean stays: y = x/(1 − rate) with probability 1 − rate, else 0
 * (Srivastava, Hinton et al.: Dropout, 2014).
 *
 * <p>The key decides which: the same key drops the same elements, and without a key none is dropped. A {@link RandomKey} decides
 * when the formula is built, so a plan that is compiled from it drops the same elements in every run, and compiling it says so; for
 * a plan, make the key an input.
 */
public record Dropout(double rate) {

    /** Checks the rate. */
    public Dropout {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("dropout at rate " + rate + ": it goes from 0 to 1");
        }
    }

    /** The input itself: nothing is dropped without a key. */
    public Tensor of(Tensor x) {
        Present.require("dropout", x);
        return x;
    }

    /** With elements dropped. Shapes: stay. A dropped element is 0 even if it was NaN or infinite. */
    public Tensor of(Tensor x, RandomKey key) {
        Present.require("dropout", x, key);
        LayerInput.alike("dropout", x);
        return rate == 0
                ? x
                : x.div(rate == 1 ? 1 : 1 - rate).maskedFill(Tensor.drawn(key.bernoulli(rate, x.shape())), 0);
    }

    /**
     * The same by a key that is a tensor: an input of a plan, say, which then drops other elements in every run. It drops what
     * the key of these {@link RandomKey#words} drops. Shapes: x stays, the key is (2) i32.
     *
     * @throws IllegalArgumentException if the key is not two integers
     */
    public Tensor of(Tensor x, Tensor key) {
        Present.require("dropout", x, key);
        LayerInput.alike("dropout", x);
        if (key.dtype() != DType.I32 || !key.shape().equals(Shape.of(2))) {
            throw new IllegalArgumentException("dropout of " + x.describe() + " with the key " + key.describe()
                    + ": a key is two integers, (2) i32: Tensor.input(\"key\", DType.I32, 2), which takes"
                    + " randomKey.words()");
        }
        Tensor dropped = new Drops(rate, x.shape()).on(key);
        return rate == 0 ? x : x.div(rate == 1 ? 1 : 1 - rate).maskedFill(dropped, 0);
    }

    /** Which elements a key drops. Shapes: (2) i32 → shape, bool. */
    private record Drops(double rate, Shape elements) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return elements;
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DType.BOOL;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return RandomKey.of(inputs.getFirst()).bernoulli(rate, elements);
        }

        @Override
        public boolean passesGradient(int input) {
            return false;
        }

        @Override
        public Tensor vjp(Tensor y, int input, Tensor yBar) {
            throw new IllegalStateException(label() + " has no derivative: keys are integers");
        }
    }

    /** {@link #of(Tensor, Tensor)} as a function. */
    public static Tensor dropout(Tensor x, double rate, Tensor key) {
        return new Dropout(rate).of(x, key);
    }

    /** {@link #of(Tensor, RandomKey)} as a function. */
    public static Tensor dropout(Tensor x, double rate, RandomKey key) {
        return new Dropout(rate).of(x, key);
    }
}
