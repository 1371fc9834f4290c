package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Where the elements of J lie that are kept, in the order of rows of {@link Jacobians}, and of columns within.
 *
 * @param count how many there are
 * @param kept how many of them are of the state, and so carried: the first ones
 * @param terms the most that a sum over k has, Σₖ Dᵢₖ·Jₖⱼ
 * @param at of each, the place in a matrix (rows, p)
 * @param ofPast of each, for every term, the place in D (rows, n)
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
        NDArray ofPast,
        NDArray ofBefore,
        int outputFrom,
        NDArray outputRows,
        NDArray outputColumns) {

    /** How many multiplications D·J takes for the elements of a mask. */
    static long products(List<BitSet> mask, Influenced<?> of) {
        int[] sizes = new int[of.numbers()];
        mask.subList(0, of.units()).forEach(row -> row.stream().forEach(column -> sizes[column]++));
        return Arrays.stream(sizes).max().orElse(0)
                * mask.stream().mapToLong(BitSet::cardinality).sum();
    }

    /**
     * Of a mask.
     *
     * @param output in which row that of the output begins
     * @param outputs how many rows it has
     */
    static Places of(List<BitSet> mask, Influenced<?> of, int output, int outputs) {
        int[] starts = new int[mask.size() + 1];
        for (int row = 0; row < mask.size(); row++) {
            starts[row + 1] = starts[row] + mask.get(row).cardinality();
        }
        int count = starts[mask.size()];
        int kept = starts[of.units()];
        int[] rows = new int[count];
        int[] columns = new int[count];
        for (int row = 0; row < mask.size(); row++) {
            int[] own = mask.get(row).stream().toArray();
            Arrays.fill(rows, starts[row], starts[row + 1], row);
            System.arraycopy(own, 0, columns, starts[row], own.length);
        }
        int[] at = new int[count];
        Arrays.setAll(at, i -> rows[i] * of.numbers() + columns[i]);
        int[] outputRows = Arrays.copyOfRange(rows, starts[output], starts[output + outputs]);
        Arrays.setAll(outputRows, i -> outputRows[i] - output);
        List<List<Integer>> before = byColumn(columns, kept, of.numbers());
        int terms = before.stream().mapToInt(List::size).max().orElse(0);
        int[] ofPast = new int[count * terms];
        int[] ofBefore = new int[count * terms];
        for (int i = 0; i < ofPast.length; i++) {
            List<Integer> own = before.get(columns[i / terms]);
            boolean isThere = i % terms < own.size();
            ofBefore[i] = isThere ? own.get(i % terms) : kept;
            ofPast[i] = isThere ? rows[i / terms] * of.units() + rows[ofBefore[i]] : 0;
        }
        return new Places(
                count,
                kept,
                terms,
                NDArray.of(at),
                NDArray.of(ofPast),
                NDArray.of(ofBefore),
                starts[output],
                NDArray.of(outputRows),
                NDArray.of(Arrays.copyOfRange(columns, starts[output], starts[output + outputs])));
    }

    private static List<List<Integer>> byColumn(int[] columns, int kept, int numbers) {
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < numbers; i++) {
            all.add(new ArrayList<>());
        }
        for (int element = 0; element < kept; element++) {
            all.get(columns[element]).add(element);
        }
        return all;
    }
}
