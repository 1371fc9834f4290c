package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;

/**
 * Brackets of several types, nested to a bounded depth and all closed at the end: Dyck-(k, m) (Hewitt, Hahn, Ganguli, Liang, Manning: RNNs
 * can generate bounded hierarchical languages with optimal memory, EMNLP 2020). A bracket opens or closes with probability ½, where depth
 * and the steps that are left allow both; its type is drawn. At every step within brackets, the type of the one that must close first is to
 * be told.
 *
 * <p>Shapes: x (time) i32, opening brackets are 0 to types − 1 and what closes them {@code types} to {@code 2·types − 1}; targets (time)
 * i32, the type that is open; the mask is true where one is.
 *
 * @param types how many there are, 1 or more
 * @param depth how many are open at most, 1 or more
 * @param length the number of steps: even, 2 or more
 */
public record DyckLanguage(int types, int depth, int length) implements SequenceTask {
    /** Of sequences of a length. */
    public DyckLanguage {
        Draws.require(
                types >= 1 && depth >= 1 && length >= 2 && length % 2 == 0,
                "brackets of " + types + " types, " + depth + " deep, in " + length + " steps",
                "types and depth are 1 or more, and as many steps open as close: an even number of them, 2 or more");
    }

    @Override
    public Drawn one(RandomKey key) {
        Present.require("one", key);
        double[] drawn = Draws.units(key.fold(0), length);
        int[] kinds = Draws.integers(key.fold(1), types, length);
        int[] x = new int[length];
        int[] innermost = new int[length];
        boolean[] mask = new boolean[length];
        int[] open = new int[Math.min(depth, length)];
        int count = 0;
        for (int t = 0; t < length; t++) {
            boolean mustClose = count == depth || count == length - t;
            if (count == 0 || (!mustClose && drawn[t] < 0.5)) {
                x[t] = kinds[t];
                open[count++] = kinds[t];
            } else {
                x[t] = types + open[--count];
            }
            innermost[t] = count > 0 ? open[count - 1] : 0;
            mask[t] = count > 0;
        }
        return Drawn.of(x, innermost, mask);
    }

    /** One of all types. */
    @Override
    public double chance() {
        return 1.0 / types;
    }
}
