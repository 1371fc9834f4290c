package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * Associative recall (Graves, Wayne, Danihelka: Neural Turing Machines, 2014; in this form Ba, Hinton, Mnih, Leibo, Ionescu: Using Fast
 * Weights to Attend to the Recent Past, NIPS 2016): pairs of a key and a value, no key twice, then one of the keys, whose value is to be
 * told.
 *
 * <p>Shapes: x (time) i32 with time = 2·pairs + 1, keys are 0 to keys − 1 and values {@code keys} to {@code keys + values − 1}; targets
 * (time) i32, the symbol of the value; the mask is true at the last step.
 *
 * @param keys how many there are, not below the pairs
 * @param values how many there are, 2 or more
 * @param pairs how many are to be kept, 1 or more
 */
public record AssociativeRecall(int keys, int values, int pairs) implements SequenceTask {
    /** Of sequences of 2·pairs + 1 steps. */
    public AssociativeRecall {
        Draws.require(
                pairs >= 1 && keys >= pairs && values >= 2,
                "associative recall of " + pairs + " pairs of " + keys + " keys and " + values + " values",
                "there is 1 pair or more, a key of its own for each, and 2 values or more");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int[] chosen = key.fold(0).permutation(keys).toInts();
        int[] told = Draws.integers(key.fold(1), values, pairs);
        int asked = Draws.integers(key.fold(2), pairs, 1)[0];
        int[] x = new int[2 * pairs + 1];
        for (int i = 0; i < pairs; i++) {
            x[2 * i] = chosen[i];
            x[2 * i + 1] = keys + told[i];
        }
        x[2 * pairs] = chosen[asked];
        int[] targets = new int[x.length];
        boolean[] mask = new boolean[x.length];
        targets[2 * pairs] = keys + told[asked];
        mask[2 * pairs] = true;
        return Drawn.of(x, targets, mask);
    }

    /** One of all values; who says the one that was seen most often is right more often, 1/pairs at least. */
    @Override
    public double chance() {
        return 1.0 / values;
    }
}
