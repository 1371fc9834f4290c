package dev.clew.nn;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * A {@link RandomKey} as a tensor, (2) i32: the key of a plan is an input, so that every run draws other numbers. It draws what the key of
 * the same {@link RandomKey#words} draws. With a key whose numbers are known, they are drawn when the formula is built.
 */
public final class TensorKey {
    private TensorKey() {}

    /** The key of a step, say: an input of a plan takes {@code key.words()} in its place. */
    public static Tensor of(RandomKey key) {
        Present.require("TensorKey", key);
        return Tensor.of(key.words());
    }

    /**
     * A new key, unrelated to this one and to those of other numbers: {@link RandomKey#fold}. Shapes: (2) i32 → (2) i32.
     *
     * @throws IllegalArgumentException if the key is not two integers
     */
    public static Tensor fold(Tensor key, long number) {
        Present.require("fold", key);
        require("fold " + number + " into a key", key);
        return key.op() instanceof Source.Constant constant
                ? of(RandomKey.of(constant.array()).fold(number))
                : new Fold(number).on(key);
    }

    /**
     * Truth values, each true with a probability: {@link RandomKey#bernoulli}. Shapes: (2) i32 → shape, bool.
     *
     * @throws IllegalArgumentException if the key is not two integers
     */
    public static Tensor bernoulli(Tensor key, double probability, Shape shape) {
        Present.require("bernoulli", key, shape);
        require("bernoulli " + shape, key);
        return key.op() instanceof Source.Constant constant
                ? Tensor.drawn(RandomKey.of(constant.array()).bernoulli(probability, shape))
                : new Bernoulli(probability, shape).on(key);
    }

    /**
     * Refuses what is no key.
     *
     * @param asked what is asked for, as the error begins
     * @throws IllegalArgumentException if it is not two integers
     */
    public static void require(String asked, Tensor key) {
        Present.require("require a key", asked, key);
        if (key.dtype() != DType.I32 || !key.shape().equals(Shape.of(2))) {
            throw new IllegalArgumentException(asked + " with the key " + key.describe()
                    + ": a key is two integers, (2) i32: Tensor.input(\"key\", DType.I32, 2), which takes"
                    + " randomKey.words()");
        }
    }

    private record Fold(long number) implements Custom {
        @Override
        public Shape shape(List<Tensor> inputs) {
            return Shape.of(2);
        }

        @Override
        public DType dtype(List<Tensor> inputs) {
            return DType.I32;
        }

        @Override
        public NDArray value(List<NDArray> inputs) {
            return RandomKey.of(inputs.getFirst()).fold(number).words();
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

    private record Bernoulli(double probability, Shape elements) implements Custom {
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
            return RandomKey.of(inputs.getFirst()).bernoulli(probability, elements);
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
}
