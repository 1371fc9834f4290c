package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.clew.array.IntTuple;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.internal.array.Pieces;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sequences of different lengths, in batches that are padded to a few lengths. A plan belongs to one length: padded each to its own,
 * lengths from 11 to 50 would be forty plans. The few are chosen so that as little as possible is padded.
 *
 * <p>Beside a sequence there may be a target: one for every step, or one for the whole of it.
 *
 * <p>Which sequences are together, and in what order, follows from the key and the epoch alone: to go on in the middle of a run, these and
 * the number of the batch are all that is needed. Numbers are copied in their own type, so symbols stay integers.
 */
public final class Sequences {
    private static final int NO_LABEL = -1;

    /** Of evenly spread lengths an eighth of the longest is padded then, in the mean. */
    private static final int USUAL = 4;

    private final ImmutableList<NDArray> each;
    private final Optional<Targets> targets;
    private final int most;
    private final int[] padded;

    private Sequences(ImmutableList<NDArray> each, Optional<Targets> targets, int most) {
        this.each = each;
        this.targets = targets;
        this.most = most;
        // A run has one step at least.
        this.padded = PaddedLengths.of(
                each.stream().mapToInt(one -> Math.max(1, length(one))).toArray(), most);
    }

    /** @param areOfSteps whether each has a row for every step of its sequence; else all are of one shape */
    private record Targets(ImmutableList<NDArray> each, boolean areOfSteps) {
        Targets only(int... numbers) {
            return new Targets(chosen(each, numbers), areOfSteps);
        }
    }

    /**
     * A batch of sequences: all of it tensors, so that it can be the data of a plan.
     *
     * @param x (batch, time, ...), 0 where a sequence has ended
     * @param lengths (batch) i32; 0 in rows that only fill the batch up, so that all batches are of one size
     * @param sequences (batch) i32, which they are, counted from 0; −1 in those rows
     * @param y the targets, if there are some: (batch, time, ...) or, one for a whole sequence, (batch, ...). Where x is padding, and in
     *     rows that only fill up, they are what no loss takes for a target: −1, or NaN if they are floating-point numbers
     */
    public record Batch(Tensor x, Tensor lengths, Tensor sequences, Optional<Tensor> y) {
        /** Of all four. */
        public Batch {
            Present.require("batch", x, lengths, sequences, y);
        }

        /**
         * The targets.
         *
         * @throws IllegalArgumentException if the sequences were given without
         */
        public Tensor targets() {
            return y.orElseThrow(() -> new IllegalArgumentException("targets of a batch " + x.shape()
                    + ": its sequences have none; give them, Sequences.of(xs, targets)"));
        }

        /** Which steps are of sequences, and not padding. Shape: (batch, time) bool. */
        public Tensor mask() {
            return Tensor.of(IntStream.range(0, x.shape().length(1)).toArray()).lessThan(lengths.expandDims(1));
        }

        /** Which rows are sequences, and do not only fill the batch up. Shape: (batch) bool. */
        public Tensor isSequence() {
            return sequences.greaterOrEqual(0);
        }
    }

    /**
     * Two parts of sequences.
     *
     * @param first the part that was asked for
     * @param rest all others
     */
    public record Split(Sequences first, Sequences rest) {
        /** Of both. */
        public Split {
            Present.require("split", first, rest);
        }
    }

    /**
     * Sequences (time, ...), which are alike but for their lengths; padded to 4 lengths or fewer.
     *
     * @throws IllegalArgumentException if there are none, or types or shapes differ but for the first axis
     */
    public static Sequences of(List<NDArray> each) {
        Present.require("sequences", each);
        requireAlike("sequences", each);
        return new Sequences(ImmutableList.copyOf(each), Optional.empty(), USUAL);
    }

    /**
     * The same with a target for each: either all have a row for every step of their sequence, or all are of one shape and belong to the
     * whole of it.
     *
     * @throws IllegalArgumentException if there is another number of them, or they are neither, or of different types
     */
    public static Sequences of(List<NDArray> each, List<NDArray> targets) {
        Present.require("sequences", each, targets);
        requireAlike("sequences", each);
        if (each.size() != targets.size()) {
            throw new IllegalArgumentException("sequences with targets: there are " + each.size() + " and "
                    + targets.size() + "; each has one target");
        }
        boolean areOfSteps = IntStream.range(0, each.size())
                .allMatch(i -> targets.get(i).shape().rank() > 0 && length(targets.get(i)) == length(each.get(i)));
        if (areOfSteps) {
            requireAlike("targets", targets);
        } else {
            requireEqual(each, targets);
        }
        Targets kept = new Targets(ImmutableList.copyOf(targets), areOfSteps);
        return new Sequences(ImmutableList.copyOf(each), Optional.of(kept), USUAL);
    }

    /** Sequences of symbols: each (time) i32. */
    public static Sequences ofSymbols(List<int[]> each) {
        Present.require("sequences", each);
        return of(Lists.transform(each, NDArray::of));
    }

    /**
     * Parts of one long series, each a view on its numbers: from the first step, and from every stride-th after it, so many steps. The
     * last steps, where they are fewer, are left out.
     *
     * <p>Shapes: (time, ...) → (length, ...) each.
     *
     * @throws IllegalArgumentException if length or stride is below 1, or the series shorter than the length
     */
    public static Sequences windows(NDArray series, int length, int stride) {
        Present.require("windows", series);
        return of(cut(series, length, stride));
    }

    /**
     * The same with targets of every step, cut at the same places.
     *
     * @throws IllegalArgumentException also if series and targets are not of one length
     */
    public static Sequences windows(NDArray series, NDArray targets, int length, int stride) {
        Present.require("windows", series, targets);
        SeriesStreams.requireBeside("windows", series, targets);
        return of(cut(series, length, stride), cut(targets, length, stride));
    }

    private static List<NDArray> cut(NDArray series, int length, int stride) {
        if (series.shape().rank() == 0 || length < 1 || stride < 1 || length(series) < length) {
            throw new IllegalArgumentException("windows of " + length + " steps, every " + stride
                    + ", of a series " + series.shape()
                    + ": both are 1 or more, and the series is (time, ...), not shorter than one of them");
        }
        List<NDArray> windows = new ArrayList<>();
        for (int from = 0; from <= length(series) - length; from += stride) {
            windows.add(series.rows(from, from + length));
        }
        return windows;
    }

    private static void requireAlike(String what, List<NDArray> each) {
        if (each.isEmpty()) {
            throw new IllegalArgumentException(what + ": there are none");
        }
        NDArray first = each.getFirst();
        for (int i = 0; i < each.size(); i++) {
            NDArray one = each.get(i);
            boolean fits = one.shape().rank() > 0
                    && first.shape().rank() > 0
                    && one.dtype() == first.dtype()
                    && one.shape().without(0).equals(first.shape().without(0));
            if (!fits) {
                throw new IllegalArgumentException(what + ": number " + i + " is " + one.shape() + " " + one.dtype()
                        + ", and the first is " + first.shape() + " " + first.dtype()
                        + "; they are (time, ...) numbers of one type, and differ in time alone");
            }
        }
    }

    private static void requireEqual(List<NDArray> each, List<NDArray> targets) {
        NDArray first = targets.getFirst();
        for (int i = 0; i < targets.size(); i++) {
            NDArray one = targets.get(i);
            if (!one.shape().equals(first.shape()) || one.dtype() != first.dtype()) {
                throw new IllegalArgumentException("targets: number " + i + " is " + one.shape() + " " + one.dtype()
                        + " beside a sequence " + each.get(i).shape() + ", and the first is " + first.shape() + " "
                        + first.dtype() + " beside " + each.getFirst().shape()
                        + "; either all have as many rows as their sequences have steps, or all are of one shape and"
                        + " type");
            }
        }
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
        return new Sequences(each, targets, most);
    }

    /**
     * Each without its last step, and as the target of every step the one after it: what says the next symbol is taught by it. Targets
     * that were given are not kept.
     *
     * @throws IllegalArgumentException if one has no step
     */
    public Sequences toNext() {
        for (int i = 0; i < each.size(); i++) {
            if (length(each.get(i)) == 0) {
                throw new IllegalArgumentException("toNext of " + this + ": number " + i
                        + " has no step; leave it out, or give all a symbol to begin with");
            }
        }
        Targets next = new Targets(
                each.stream().map(one -> one.rows(1, length(one))).collect(ImmutableList.toImmutableList()), true);
        ImmutableList<NDArray> before =
                each.stream().map(one -> one.rows(0, length(one) - 1)).collect(ImmutableList.toImmutableList());
        return new Sequences(before, Optional.of(next), most);
    }

    /** How many there are. */
    public int size() {
        return each.size();
    }

    /** One of them, as it was given. */
    public NDArray get(int number) {
        return each.get(checked(number));
    }

    /**
     * The target of one of them, as it was given.
     *
     * @throws IllegalArgumentException if there are no targets, or no such sequence
     */
    public NDArray target(int number) {
        int place = checked(number);
        return targets.orElseThrow(() -> new IllegalArgumentException(
                        "target " + number + " of " + this + ": they have none; give them, Sequences.of(xs, targets)"))
                .each
                .get(place);
    }

    private int checked(int number) {
        if (number < 0 || number >= each.size()) {
            throw new IllegalArgumentException(
                    "sequence " + number + ": there are " + each.size() + ", counted from 0");
        }
        return number;
    }

    /** How long each is. */
    public IntTuple lengths() {
        return IntTuple.of(each.stream().mapToInt(Sequences::length));
    }

    /** The lengths that they are padded to, ascending. */
    public IntTuple paddedLengths() {
        return IntTuple.of(padded);
    }

    /**
     * Some of them, with their targets, in this order.
     *
     * @throws IllegalArgumentException if there is none of a number, or no number
     */
    public Sequences only(int... numbers) {
        requireNumbers("only", numbers);
        return new Sequences(chosen(each, numbers), targets.map(all -> all.only(numbers)), most);
    }

    /**
     * Two parts that have no sequence in common. Each is in one or the other by a number that is drawn from the key and from what it and
     * its target are, never from its place: the same sequences in another order are divided as well. Of the same key, sequences that are
     * equal stand beside each other, so those of one such group at most are in both parts.
     *
     * @param part of all that are in the first, rounded to a whole number of them; 0.9, say
     * @throws IllegalArgumentException if one of the parts would have none
     */
    public Split split(RandomKey key, double part) {
        Present.require("split", key);
        int count = (int) Math.round(part * each.size());
        if (!(part > 0 && part < 1) || count < 1 || count == each.size()) {
            throw new IllegalArgumentException("split of " + each.size() + " sequences at " + part
                    + ": the part is between 0 and 1, and there must be a sequence in both");
        }
        long[] drawn = IntStream.range(0, each.size())
                .mapToLong(i -> key.fold(Fingerprint.of(one(i))).bits())
                .toArray();
        int[] order = IntStream.range(0, drawn.length)
                .boxed()
                .sorted((a, b) -> Long.compare(drawn[a], drawn[b]))
                .mapToInt(number -> number)
                .toArray();
        int[] first = Arrays.copyOf(order, count);
        int[] rest = Arrays.copyOfRange(order, count, order.length);
        Arrays.sort(first);
        Arrays.sort(rest);
        return new Split(only(first), only(rest));
    }

    private List<NDArray> one(int number) {
        return targets.map(all -> List.of(each.get(number), all.each.get(number)))
                .orElse(List.of(each.get(number)));
    }

    /**
     * A batch of chosen ones, in this order, padded to the one length of {@link #paddedLengths} that the longest of them needs.
     *
     * @throws IllegalArgumentException if there is none of a number, or no number
     */
    public Batch batch(int... numbers) {
        requireNumbers("batch", numbers);
        int longest = Arrays.stream(numbers)
                .map(number -> length(each.get(number)))
                .max()
                .orElseThrow();
        return batch(numbers, padded[bucket(longest)], numbers.length);
    }

    private void requireNumbers(String asked, int... numbers) {
        Present.require(asked, (Object) numbers);
        if (numbers.length == 0) {
            throw new IllegalArgumentException(asked + "() of sequences: it takes one number or more");
        }
        for (int number : numbers) {
            checked(number);
        }
    }

    /**
     * All sequences once, in batches of one size; those of a batch are padded to one length. The order of sequences and batches is drawn
     * from the key and the epoch. A batch is made when it is taken from the list, and each time anew.
     *
     * @throws IllegalArgumentException if the size is below 1
     */
    public List<Batch> batches(int size, RandomKey key, int epoch) {
        Present.require("batches", key);
        requireSize(size);
        return Lists.transform(
                bucketed(size, key, epoch), chosen -> batch(chosen.numbers.toArray(), chosen.time, size));
    }

    /**
     * The same for any key and epoch.
     *
     * @throws IllegalArgumentException if the size is below 1
     */
    public Batches<Batch> batches(int size) {
        requireSize(size);
        int[] counts = new int[padded.length];
        each.forEach(one -> counts[bucket(length(one))]++);
        int count = Arrays.stream(counts)
                .map(inBucket -> Math.ceilDiv(inBucket, size))
                .sum();
        return new Finite<>("of " + size + " of " + this, count, (key, epoch) -> batches(size, key, epoch)::get);
    }

    private static void requireSize(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("batches of " + size + ": a batch has 1 sequence or more");
        }
    }

    /** Which sequences are together, and what they are padded to. */
    private record Chosen(IntTuple numbers, int time) {}

    private List<Chosen> bucketed(int size, RandomKey key, int epoch) {
        RandomKey own = key.fold(epoch);
        List<List<Integer>> buckets = new ArrayList<>();
        for (int i = 0; i < padded.length; i++) {
            buckets.add(new ArrayList<>());
        }
        for (int number : own.fold(0).permutation(each.size()).toInts()) {
            buckets.get(bucket(length(each.get(number)))).add(number);
        }
        List<Chosen> batches = new ArrayList<>();
        for (int i = 0; i < padded.length; i++) {
            for (List<Integer> together : Lists.partition(buckets.get(i), size)) {
                batches.add(new Chosen(IntTuple.of(together.stream().mapToInt(number -> number)), padded[i]));
            }
        }
        return Arrays.stream(own.fold(1).permutation(batches.size()).toInts())
                .mapToObj(batches::get)
                .toList();
    }

    private int bucket(int length) {
        int bucket = 0;
        while (padded[bucket] < length) {
            bucket++;
        }
        return bucket;
    }

    private Batch batch(int[] numbers, int time, int size) {
        int[] lengths = new int[size];
        int[] sequences = Arrays.copyOf(numbers, size);
        Arrays.fill(sequences, numbers.length, size, -1);
        for (int row = 0; row < numbers.length; row++) {
            lengths[row] = length(each.get(numbers[row]));
        }
        Optional<Tensor> y = targets.map(all -> {
            Shape one = all.each.getFirst().shape();
            return rows(all.each, numbers, all.areOfSteps ? one.with(0, time) : one, size, padding(all.each));
        });
        Tensor x = rows(each, numbers, each.getFirst().shape().with(0, time), size, 0);
        return new Batch(x, Tensor.of(lengths), Tensor.of(sequences), y);
    }

    /** What no loss takes for a target: who forgets the mask gets an error, and not a mean over padding. */
    private static double padding(List<NDArray> targets) {
        return switch (targets.getFirst().dtype()) {
            case F64, F32 -> Double.NaN;
            case I32 -> NO_LABEL;
            case BOOL -> 0;
        };
    }

    private static Tensor rows(List<NDArray> each, int[] numbers, Shape one, int size, double elsewhere) {
        Pieces pieces = Pieces.of(each.getFirst().dtype(), one.insert(0, size), elsewhere);
        for (int row = 0; row < numbers.length; row++) {
            pieces.put(each.get(numbers[row]), row * one.elements());
        }
        return Tensor.of(pieces.array());
    }

    private static ImmutableList<NDArray> chosen(List<NDArray> each, int... numbers) {
        return Arrays.stream(numbers).mapToObj(each::get).collect(ImmutableList.toImmutableList());
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
