package dev.clew.examples.names;

import java.util.List;

/**
 * What a table of pairs of letters knows: p(next | last) = (pairs + 1) / (last + symbols) (Laplace). A network that remembers must say more
 * than this.
 */
final class Pairs {
    private final int symbols;
    private final int[][] pairs;
    private final int[] before;

    Pairs(int symbols, List<int[]> texts) {
        this.symbols = symbols;
        this.pairs = new int[symbols][symbols];
        this.before = new int[symbols];
        for (int[] text : texts) {
            for (int t = 1; t < text.length; t++) {
                pairs[text[t - 1]][text[t]]++;
                before[text[t - 1]]++;
            }
        }
    }

    /** The mean over the letters of some texts. */
    double bitsPerLetter(List<int[]> texts) {
        double bits = 0;
        int letters = 0;
        for (int[] text : texts) {
            for (int t = 1; t < text.length; t++) {
                double share = (pairs[text[t - 1]][text[t]] + 1.0) / (before[text[t - 1]] + symbols);
                bits -= Math.log(share) / Math.log(2);
                letters++;
            }
        }
        return bits / letters;
    }
}
