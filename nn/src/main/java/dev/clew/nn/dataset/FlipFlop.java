package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * Flip-flop language (Liu, Ash, Goel, Krishnamurthy, Zhang: Exposing Attention Glitches with Flip-Flop Language Modeling, NeurIPS 2023):
 * instructions write, read and ignore, each followed by a bit. The bit after a read is the one that was written last; bits after the
 * others are random. The first instruction writes and the last reads; between them one is ignored with a probability, and else writes or
 * reads, as likely. The paper has 512 steps with probabilities 0.8, 0.98 and 0.1.
 *
 * <p>Shapes: x (time) i32, at even steps 0 writes, 1 reads, 2 ignores, at odd ones 3 and 4 are the bits 0 and 1; targets (time) i32, the
 * bit that was written last, 0 or 1; the mask is true at reads, where it is the next symbol.
 *
 * @param length the number of steps: even, 4 or more
 * @param ignored the probability of ignoring, from 0 to 1
 */
public record FlipFlop(int length, double ignored) implements SequenceTask {
    /** The symbol that writes. */
    public static final int WRITE = 0;

    /** The symbol that reads. */
    public static final int READ = 1;

    /** The symbol that ignores. */
    public static final int IGNORE = 2;

    /** The symbol of the bit 0; that of 1 is the next. */
    public static final int ZERO = 3;

    /** Of sequences of a length. */
    public FlipFlop {
        Draws.require(
                length >= 4 && length % 2 == 0 && ignored >= 0 && ignored <= 1,
                "flip-flop of " + length + " steps, of which " + ignored + " are ignored",
                "steps are pairs of an instruction and a bit, 2 pairs or more, and the probability is from 0 to 1");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int pairs = length / 2;
        double[] which = Draws.units(key.fold(0), pairs);
        int[] bits = Draws.integers(key.fold(1), 2, pairs);
        int[] x = new int[length];
        int[] held = new int[length];
        boolean[] mask = new boolean[length];
        int bit = 0;
        for (int pair = 0; pair < pairs; pair++) {
            int instruction = instruction(which[pair], pair, pairs);
            int shown = instruction == READ ? bit : bits[pair];
            x[2 * pair] = instruction;
            x[2 * pair + 1] = ZERO + shown;
            held[2 * pair] = bit;
            mask[2 * pair] = instruction == READ;
            bit = instruction == WRITE ? shown : bit;
            held[2 * pair + 1] = bit;
        }
        return Drawn.of(x, held, mask);
    }

    private int instruction(double drawn, int pair, int pairs) {
        if (pair == 0 || pair == pairs - 1) {
            return pair == 0 ? WRITE : READ;
        }
        if (drawn < ignored) {
            return IGNORE;
        }
        return drawn < ignored + (1 - ignored) / 2 ? WRITE : READ;
    }

    /** ½. */
    @Override
    public double chance() {
        return 0.5;
    }
}
