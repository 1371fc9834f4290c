package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;

/**
 * The parity of a stream of bits (Minsky, Papert: Perceptrons, 1969; of recurrent networks: Hochreiter, Schmidhuber, 1997): after every
 * bit, whether there was an odd number of ones.
 *
 * <p>Shapes: x (time) i32, bits; targets (time) i32, the parity so far; the mask is true everywhere.
 *
 * @param length the number of steps, 1 or more
 */
public record BitParity(int length) implements SequenceTask {
    /** Of sequences of a length. */
    public BitParity {
        Draws.require(length >= 1, "parity of " + length + " bits", "there must be 1 or more");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        boolean[] bits = key.bernoulli(0.5, Shape.of(length)).toBooleans();
        int[] x = new int[length];
        int[] parities = new int[length];
        int parity = 0;
        for (int t = 0; t < length; t++) {
            x[t] = bits[t] ? 1 : 0;
            parity ^= x[t];
            parities[t] = parity;
        }
        return Drawn.of(x, parities, Draws.everywhere(length));
    }

    /** ½. */
    @Override
    public double chance() {
        return 0.5;
    }
}
