package dev.clew.nn.data;

import java.util.Arrays;

/**
 * The few lengths to which sequences of many are padded so that the padding is least.
 *
 * <p>For every number of them, and every distinct length, the least padding of all sequences up to that length if it is one of those
 * chosen follows from that of one fewer: in time count·distinct².
 */
final class PaddedLengths {
    private static final long NEVER = Long.MAX_VALUE;

    private final int[] distinct;
    /** Of sequences of the first distinct lengths: how many there are, and how many steps they have. */
    private final long[] sequences;

    private final long[] steps;
    /** By how many lengths are chosen, and how many of the distinct ones they are for. */
    private final long[][] least;

    private final int[][] before;

    private PaddedLengths(int[] lengths, int most) {
        this.distinct = Arrays.stream(lengths).distinct().sorted().toArray();
        this.sequences = new long[distinct.length + 1];
        this.steps = new long[distinct.length + 1];
        for (int length : lengths) {
            int place = Arrays.binarySearch(distinct, length);
            sequences[place + 1]++;
            steps[place + 1] += length;
        }
        for (int i = 0; i < distinct.length; i++) {
            sequences[i + 1] += sequences[i];
            steps[i + 1] += steps[i];
        }
        int rows = Math.min(most, distinct.length) + 1;
        this.least = new long[rows][distinct.length + 1];
        this.before = new int[rows][distinct.length + 1];
    }

    /** At most so many, ascending, the longest last. */
    static int[] of(int[] lengths, int count) {
        PaddedLengths search = new PaddedLengths(lengths, count);
        Arrays.fill(search.least[0], 1, search.least[0].length, NEVER);
        for (int chosen = 1; chosen < search.least.length; chosen++) {
            search.choose(chosen);
        }
        return search.chosen();
    }

    private void choose(int chosen) {
        for (int end = 1; end <= distinct.length; end++) {
            least[chosen][end] = NEVER;
            for (int from = 0; from < end; from++) {
                long padding = least[chosen - 1][from] == NEVER ? NEVER : least[chosen - 1][from] + padding(from, end);
                if (padding < least[chosen][end]) {
                    least[chosen][end] = padding;
                    before[chosen][end] = from;
                }
            }
        }
    }

    /** Of sequences of some distinct lengths that are padded to the last of these. */
    private long padding(int from, int end) {
        return distinct[end - 1] * (sequences[end] - sequences[from]) - (steps[end] - steps[from]);
    }

    private int[] chosen() {
        int[] lengths = new int[least.length - 1];
        int end = distinct.length;
        for (int chosen = lengths.length; chosen > 0; chosen--) {
            lengths[chosen - 1] = distinct[end - 1];
            end = before[chosen][end];
        }
        return lengths;
    }
}
