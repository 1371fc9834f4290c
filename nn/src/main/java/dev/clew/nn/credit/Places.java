package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Where the elements of J lie that are kept, in the order of rows of {@link Jacobians}, and of columns within.
 *
 * @param count how many there are
 * @param kept how many of them are of the state, and so carried: the first ones
 * @param terms the most that a sum over k has, Σₖ Dᵢₖ·Jₖⱼ
 * @param at of those that are carried, the place in (n, p)
 * @param ofNow of the same, the place in (sweeps, p) of I, and behind all where nothing is
 * @param ofPast of each, for every term, the place in (sweeps, n) of D
 * @param ofBefore the same in what is carried, and {@code kept} where there is no term
 * @param outputFrom the first that is of the output
 * @param outputRows of those of the output, the row, counted from the first of the output
 * @param outputColumns of the same
 */
record Places(
        int count,
        int kept,
        int terms,
        NDArray at,
        NDArray ofNow,
        NDArray ofPast,
        NDArray ofBefore,
        int outputFrom,
        NDArray outputRows,
        NDArray outputColumns) {

    /** The elements of a mask as a list, while the places are looked up. */
    private static final class Elements {
        private final Reach reach;
        private final Sweeps ofNow;
        private final List<BitSet> units;
        private final int[][] numbers;
        private final int[] rows;
        private final int[] columns;

        Elements(List<BitSet> mask, Reach reach, Sweeps ofNow) {
            this.reach = reach;
            this.ofNow = ofNow;
            this.units = byColumn(mask, reach);
            this.numbers = new int[reach.units()][reach.numbers()];
            this.rows = new int[sizes(mask)];
            this.columns = new int[rows.length];
            int at = 0;
            for (int row = 0; row < mask.size(); row++) {
                for (int column : mask.get(row).stream().toArray()) {
                    if (row < numbers.length) {
                        numbers[row][column] = at;
                    }
                    rows[at] = row;
                    columns[at++] = column;
                }
            }
        }

        /** The units k of the terms of an element. */
        int[] terms(int element) {
            BitSet both = (BitSet) units.get(columns[element]).clone();
            both.and(reach.past().get(rows[element]));
            return both.stream().toArray();
        }

        int now(int element) {
            boolean isThere = reach.now().get(rows[element]).get(columns[element]);
            int sweep = isThere ? ofNow.ofRow().get(rows[element]) : ofNow.count();
            return sweep * reach.numbers() + (isThere ? columns[element] : 0);
        }
    }

    private static List<BitSet> byColumn(List<BitSet> mask, Reach reach) {
        List<BitSet> units =
                IntStream.range(0, reach.numbers()).mapToObj(_ -> new BitSet()).toList();
        for (int row = 0; row < reach.units(); row++) {
            int unit = row;
            mask.get(row).stream().forEach(column -> units.get(column).set(unit));
        }
        return units;
    }

    /** How many multiplications D·J takes for the elements of a mask. */
    static long products(List<BitSet> mask, Reach reach) {
        List<BitSet> units = byColumn(mask, reach);
        long count = 0;
        int most = 0;
        for (int row = 0; row < mask.size(); row++) {
            for (int column : mask.get(row).stream().toArray()) {
                BitSet both = (BitSet) units.get(column).clone();
                both.and(reach.past().get(row));
                most = Math.max(most, both.cardinality());
                count++;
            }
        }
        return count * most;
    }

    /**
     * Of a mask.
     *
     * @param past by which sweeps D is found
     * @param now the same of I
     * @param outputs how many rows the output has
     */
    static Places of(List<BitSet> mask, Reach reach, Sweeps past, Sweeps now, int outputs) {
        Elements all = new Elements(mask, reach, now);
        int kept = sizes(mask.subList(0, reach.units()));
        int from = sizes(mask.subList(0, reach.output()));
        int to = sizes(mask.subList(0, reach.output() + outputs));
        int[][] terms = IntStream.range(0, all.rows.length).mapToObj(all::terms).toArray(int[][]::new);
        int most = Arrays.stream(terms).mapToInt(each -> each.length).max().orElse(0);
        int[] ofPast = new int[terms.length * most];
        int[] ofBefore = new int[terms.length * most];
        Arrays.fill(ofBefore, kept);
        for (int element = 0; element < terms.length; element++) {
            int sweep = past.ofRow().get(all.rows[element]);
            for (int term = 0; term < terms[element].length; term++) {
                int unit = terms[element][term];
                ofPast[element * most + term] = sweep * reach.units() + unit;
                ofBefore[element * most + term] = all.numbers[unit][all.columns[element]];
            }
        }
        NDArray at = ofEach(0, kept, i -> all.rows[i] * reach.numbers() + all.columns[i]);
        NDArray rows = ofEach(from, to, i -> all.rows[i] - reach.output());
        NDArray columns = ofEach(from, to, i -> all.columns[i]);
        NDArray ofNow = ofEach(0, kept, all::now);
        NDArray before = NDArray.of(ofBefore);
        return new Places(terms.length, kept, most, at, ofNow, NDArray.of(ofPast), before, from, rows, columns);
    }

    private static NDArray ofEach(int from, int to, IntUnaryOperator place) {
        return NDArray.of(IntStream.range(from, to).map(place).toArray());
    }

    private static int sizes(List<BitSet> sets) {
        return sets.stream().mapToInt(BitSet::cardinality).sum();
    }
}
