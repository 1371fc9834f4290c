package dev.clew.nn.layer;

import dev.clew.array.RandomKey;
import dev.clew.tensor.Tensor;

/**
 * Elements set to 0 at random, the others scaled up so that the mean stays: y = x/(1 − rate) with probability 1 − rate, else 0
 * (Srivastava, Hinton et al.: Dropout, 2014).
 *
 * <p>The key decides which: the same key drops the same elements, and without a key none is dropped.
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
        return x;
    }

    /** With elements dropped. Shapes: stay. A dropped element is 0 even if it was NaN or infinite. */
    public Tensor of(Tensor x, RandomKey key) {
        Given.present("dropout", x, key);
        Given.alike("dropout", x);
        return rate == 0 ? x : x.div(rate == 1 ? 1 : 1 - rate).maskedFill(Tensor.of(key.bernoulli(rate, x.shape())), 0);
    }

    /** The same as a function. */
    public static Tensor dropout(Tensor x, double rate, RandomKey key) {
        return new Dropout(rate).of(x, key);
    }
}
