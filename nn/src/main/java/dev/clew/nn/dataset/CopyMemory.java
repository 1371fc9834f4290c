package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.Arrays;

/**
 * Copying (Hochreiter, Schmidhuber, 1997; as Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks, ICML 2016, have it):
 * symbols, then blanks, then a mark, from which on the symbols are to be told in their order. The paper has 8 symbols of which 10 are to be
 * kept; who remembers none and knows when has a cross-entropy of 10·ln 8/(blanks + 20) nats, the mean over all steps.
 *
 * <p>Shapes: x (time) i32 with time = blanks + 2·kept: symbols are 0 to symbols − 1, the blank is {@code symbols}, the mark {@code symbols
 * + 1}; there are blanks − 1 blanks, the mark, and kept blanks behind it. Targets (time) i32, blanks and then the symbols; the mask is true
 * at the last kept steps.
 *
 * @param symbols how many there are, 2 or more
 * @param kept how many are to be kept, 1 or more
 * @param blanks from the last symbol to the mark, 1 or more
 */
public record CopyMemory(int symbols, int kept, int blanks) implements SequenceTask {
    /** Of sequences of blanks + 2·kept steps. */
    public CopyMemory {
        Draws.require(
                symbols >= 2 && kept >= 1 && blanks >= 1,
                "copying " + kept + " of " + symbols + " symbols over " + blanks + " blanks",
                "there are 2 symbols or more, and one or more to keep and to wait");
    }

    /** As the paper has it: 10 of 8 symbols. */
    public static CopyMemory of(int blanks) {
        return new CopyMemory(8, 10, blanks);
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        int time = blanks + 2 * kept;
        int[] given = Draws.integers(key, symbols, kept);
        int[] x = new int[time];
        int[] targets = new int[time];
        boolean[] mask = new boolean[time];
        Arrays.fill(x, symbols);
        Arrays.fill(targets, symbols);
        Arrays.fill(mask, time - kept, time, true);
        System.arraycopy(given, 0, x, 0, kept);
        x[kept + blanks - 1] = symbols + 1;
        System.arraycopy(given, 0, targets, time - kept, kept);
        return Drawn.of(x, targets, mask);
    }

    /** One of all symbols. */
    @Override
    public double chance() {
        return 1.0 / symbols;
    }
}
