package dev.clew.nn.layer;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.TensorKey;
import dev.clew.tensor.Tensor;

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
        return of(x, TensorKey.of(key));
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
        TensorKey.require("dropout of " + x.describe(), key);
        Tensor dropped = TensorKey.bernoulli(key, rate, x.shape());
        return rate == 0 ? x : x.div(rate == 1 ? 1 : 1 - rate).maskedFill(dropped, 0);
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
