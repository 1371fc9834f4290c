package dev.clew.nn.sequence;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences of different lengths, in batches that are padded to a few lengths. A plan belongs to one length: padded each to its own,
 * lengths from 11 to 50 would be forty plans. The few are chosen so that as little as possible is padded.
 *
 * <p>Which sequences are together, and in what order, follows from the key and the epoch alone: to go on in the middle of a run, these and
 * the number of the batch are all that is needed.
 */
public final class Sequences {
    /** Of evenly spread lengths an eighth of the longest is padded then, in the mean. */
    private static final int USUAL = 4;

    private final ImmutableList<NDArray> each;
    private final int[] padded;

    private Sequences(ImmutableList<NDArray> each, int lengths) {
        this.each = each;
        // A run has one step at least.
        this.padded = PaddedLengths.of(
                each.stream().mapToInt(one -> Math.max(1, length(one))).toArray(), lengths);
    }

    /**
     * A batch of sequences.
     *
     * @param x (batch, time, ...), 0 where a sequence has ended
     * @param lengths (batch) i32; 0 in rows that only fill the batch up, so that all batches are of one size
     * @param sequences which they are, counted from 0, without those rows
     */
    public record Batch(Tensor x, Tensor lengths, IntTuple sequences) {
        /** Of all three. */
        public Batch {
            Present.require("batch", x, lengths, sequences);
        }
    }

    /**
     * Sequences (time, ...), which are alike but for their lengths; padded to 4 lengths or fewer.
     *
     * @throws IllegalArgumentException if there are none, or types or shapes differ but for the first axis
     */
    public static Sequences of(List<NDArray> each) {
        Present.require("sequences", each);
        if (each.isEmpty()) {
            throw new IllegalArgumentException("sequences: there are none");
        }
        NDArray first = each.getFirst();
        for (int i = 0; i < each.size(); i++) {
            NDArray one = each.get(i);
            boolean fits = one.shape().rank() > 0
                    && first.shape().rank() > 0
                    && one.dtype() == first.dtype()
                    && one.dtype() != DType.BOOL
                    && one.shape().without(0).equals(first.shape().without(0));
            if (!fits) {
                throw new IllegalArgumentException("sequences: number " + i + " is " + one.shape() + " " + one.dtype()
                        + ", and the first is " + first.shape() + " " + first.dtype()
                        + "; they are (time, ...) numbers of one type, and differ in time alone");
            }
        }
        return new Sequences(ImmutableList.copyOf(each), USUAL);
    }

    /**
     * The same, padded to another number of lengths: more of them pad less, and are more plans.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Sequences withLengths(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("sequences padded to " + most + " lengths: there must be 1 or more");
        }
        return new Sequences(each, most);
    }

    /** How many there are. */
    public int size() {
        return each.size();
    }

    /** One of them, as it was given. */
    public NDArray get(int number) {
        if (number < 0 || number >= each.size()) {
            throw new IllegalArgumentException(
                    "sequence " + number + ": there are " + each.size() + ", counted from 0");
        }
        return each.get(number);
    }

    /** The lengths that they are padded to, ascending. */
    public IntTuple paddedLengths() {
        return IntTuple.of(padded);
    }

    /**
     * All sequences once, in batches of one size; those of a batch are padded to one length. The order of sequences and batches is drawn
     * from the key and the epoch.
     *
     * @throws IllegalArgumentException if the size is below 1
     */
    public List<Batch> batches(int size, RandomKey key, int epoch) {
        Present.require("batches", key);
        if (size < 1) {
            throw new IllegalArgumentException("batches of " + size + ": a batch has 1 sequence or more");
        }
        RandomKey own = key.fold(epoch);
        List<List<Integer>> buckets = new ArrayList<>();
        for (int i = 0; i < padded.length; i++) {
            buckets.add(new ArrayList<>());
        }
        for (int number : own.fold(0).permutation(each.size()).toInts()) {
            buckets.get(bucket(length(each.get(number)))).add(number);
        }
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < padded.length; i++) {
            List<Integer> bucket = buckets.get(i);
            for (int from = 0; from < bucket.size(); from += size) {
                batches.add(batch(bucket.subList(from, Math.min(from + size, bucket.size())), padded[i], size));
            }
        }
        List<Batch> mixed = new ArrayList<>();
        for (int number : own.fold(1).permutation(batches.size()).toInts()) {
            mixed.add(batches.get(number));
        }
        return ImmutableList.copyOf(mixed);
    }

    private int bucket(int length) {
        int bucket = 0;
        while (padded[bucket] < length) {
            bucket++;
        }
        return bucket;
    }

    private Batch batch(List<Integer> numbers, int time, int size) {
        NDArray first = each.getFirst();
        Shape one = first.shape().with(0, time);
        double[] x = new double[size * one.elements()];
        int[] lengths = new int[size];
        for (int row = 0; row < numbers.size(); row++) {
            NDArray sequence = each.get(numbers.get(row));
            double[] values = sequence.toDoubles();
            System.arraycopy(values, 0, x, row * one.elements(), values.length);
            lengths[row] = length(sequence);
        }
        return new Batch(
                Tensor.of(NDArray.of(one.insert(0, size), x).cast(first.dtype())),
                Tensor.of(lengths),
                IntTuple.of(numbers.stream().mapToInt(number -> number)));
    }

    private static int length(NDArray sequence) {
        return sequence.shape().length(0);
    }

    /** How many, and what they are padded to. */
    @Override
    public String toString() {
        return each.size() + " sequences, padded to lengths " + paddedLengths();
    }
}
