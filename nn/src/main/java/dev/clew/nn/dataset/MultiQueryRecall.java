package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * Multi-query associative recall, MQAR (Arora et al.: Zoology: Measuring and Improving Recall in Efficient Language Models, 2023): pairs
 * of a key and a value, then every key once more, at distances that are mostly short, each followed by its value, which is to be told at
 * the key. Places of keys are drawn without one twice, the i-th place (from 1) behind the pairs with a weight of i^(power − 1); the paper
 * has a power of 0.01.
 *
 * <p>Shapes: x (time) i32, keys are 1 to symbols/2 − 1, values from symbols/2 on, and 0 fills up; targets (time) i32, the symbol of the
 * value; the mask is true at keys that ask.
 *
 * @param symbols how many there are, even; symbols/2 − 1 of them are keys, not below the pairs
 * @param pairs how many are to be kept, 1 or more
 * @param length the number of steps: even, 4·pairs or more
 * @param power above 0; 1 makes all places as likely
 */
public record MultiQueryRecall(int symbols, int pairs, int length, double power) implements SequenceTask {
    /** Of sequences of a length. */
    public MultiQueryRecall {
        Draws.require(
                pairs >= 1
                        && symbols % 2 == 0
                        && symbols / 2 - 1 >= pairs
                        && length % 2 == 0
                        && length / 4 >= pairs
                        && power > 0
                        && Double.isFinite(power),
                "recall of " + pairs + " pairs of " + symbols + " symbols in " + length + " steps with power " + power,
                "there is 1 pair or more, symbols and steps are even, symbols/2 − 1 keys and steps/4 are not below the pairs,"
                        + " and the power is above 0");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int half = symbols / 2;
        int[] keys = key.fold(0).permutation(half - 1).toInts();
        int[] values = Draws.integers(key.fold(1), half, pairs);
        int[] places = places(key.fold(2));
        int[] x = new int[length];
        int[] targets = new int[length];
        boolean[] mask = new boolean[length];
        for (int i = 0; i < pairs; i++) {
            int asks = 2 * pairs + 2 * places[i];
            x[2 * i] = 1 + keys[i];
            x[2 * i + 1] = half + values[i];
            x[asks] = 1 + keys[i];
            x[asks + 1] = half + values[i];
            targets[asks] = half + values[i];
            mask[asks] = true;
        }
        return Drawn.of(x, targets, mask);
    }

    /** For every pair a place of its own, one after the other by the weights of those that are left. */
    private int[] places(RandomKey key) {
        int count = length / 2 - pairs;
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = StrictMath.pow(i + 1, power - 1);
        }
        double[] drawn = Draws.units(key, pairs);
        int[] places = new int[pairs];
        for (int i = 0; i < pairs; i++) {
            places[i] = taken(weights, drawn[i]);
            weights[places[i]] = 0;
        }
        return places;
    }

    private static int taken(double[] weights, double drawn) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double at = drawn * total;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                if (at < weights[i]) {
                    break;
                }
            }
            at -= weights[i];
        }
        return last;
    }

    /** One of all values. */
    @Override
    public double chance() {
        return 2.0 / symbols;
    }
}
