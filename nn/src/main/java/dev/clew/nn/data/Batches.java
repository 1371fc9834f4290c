package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is learnt from, epoch by epoch: which batches, and in which order, follows from a key, the epoch and the step alone, and never from
 * what was read before. So a run that was ended goes on with three integers, and no generator's state is kept.
 *
 * <p>A batch is whatever the caller's loss takes. Those of the factories are made when they are asked for, one at a time. A function of
 * key, epoch and first step is such a thing too; it should have a text of its own, as a record has.
 *
 * @param <B> a batch
 */
@FunctionalInterface
public interface Batches<B> {
    /**
     * The batches of an epoch from a step on, without making those before it where that is possible. Whoever takes them closes the
     * stream, which may read a file.
     *
     * @param epoch counted from 0
     * @param firstStep counted from 0 in every epoch; the number of batches that are left out
     * @throws IllegalArgumentException if epoch or step is negative, or the epoch is known to have fewer steps than are left out
     */
    Stream<B> from(RandomKey key, int epoch, int firstStep);

    /** How many an epoch has; nothing if that is known only at its end, or it has none. */
    default OptionalInt size(int epoch) {
        return OptionalInt.empty();
    }

    /**
     * How many some epochs have together: what a schedule that ends with training wants to know.
     *
     * @throws IllegalStateException if the size of one of them is not known
     */
    default long steps(int epochs) {
        long steps = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            steps += size(epoch)
                    .orElseThrow(() -> new IllegalStateException("steps of " + epochs
                            + " epochs: how many batches an epoch of " + this + " has is known only at its end"));
        }
        return steps;
    }

    /** All of an epoch: {@code from(key, epoch, 0)}. */
    default Stream<B> of(RandomKey key, int epoch) {
        return from(key, epoch, 0);
    }

    /** The same in another form: a user's own record, say. Each is made from its batch when it is asked for. */
    default <C> Batches<C> map(Function<? super B, ? extends C> form) {
        Present.require("map", form);
        return new Formed<>(this, form);
    }

    /**
     * Given batches, every one once in an epoch, in an order that is drawn from key and epoch.
     *
     * @throws IllegalArgumentException if there are none
     */
    static <B> Batches<B> of(List<B> batches) {
        Present.require("batches", batches);
        ImmutableList<B> all = Finite.some(batches);
        return new Finite<>("given, their order drawn", all.size(), (key, epoch) -> {
            int[] order = key.fold(epoch).permutation(all.size()).toInts();
            return step -> all.get(order[step]);
        });
    }

    /**
     * Given batches, every one once in an epoch, always in this order: what is to be judged, or a stream whose batches go on from one
     * another.
     *
     * @throws IllegalArgumentException if there are none
     */
    static <B> Batches<B> inOrder(List<B> batches) {
        Present.require("batches", batches);
        ImmutableList<B> all = Finite.some(batches);
        return new Finite<>("given, in their order", all.size(), (_, _) -> all::get);
    }

    /**
     * Generated batches, so many an epoch: none is made before it is asked for, and none is made twice, since the key that each is made
     * from is {@code key.fold(epoch).fold(step)}.
     *
     * @throws IllegalArgumentException if the count is below 1
     */
    static <B> Batches<B> of(int count, Generator<B> generator) {
        Present.require("batches", generator);
        return new Finite<>("generated", count, (key, epoch) -> {
            RandomKey own = key.fold(epoch);
            return step -> generator.next(own.fold(step), epoch, step);
        });
    }

    /** A stream of an epoch that has to be read from its beginning: going on in the middle of it reads what is left out. */
    static <B> Batches<B> ofStream(Epochs<B> epochs) {
        Present.require("batches", epochs);
        return new Read<>(epochs);
    }

    /**
     * Rows of two arrays, in an order that is drawn from key and epoch. The last batch of an epoch has the rows that are left over; it is
     * of another size then, and so has one more plan ({@link #ofFull} leaves it out).
     *
     * <p>Shapes: xs (rows, ...), ys (rows, ...) → x (size, ...), y (size, ...).
     *
     * @throws IllegalArgumentException if they differ in rows or have none, or the size is below 1
     */
    static Batches<Rows> of(NDArray xs, NDArray ys, int size) {
        return RowsOf.batches(xs, ys, size, true);
    }

    /**
     * The same in batches of one size: the rows of an epoch that are left over are left out, which are others in every epoch.
     *
     * @throws IllegalArgumentException if the arrays differ in rows, the size is below 1, or there are fewer rows than fill a batch
     */
    static Batches<Rows> ofFull(NDArray xs, NDArray ys, int size) {
        return RowsOf.batches(xs, ys, size, false);
    }

    /**
     * A long series for truncated BPTT: its parts, one behind the other, are the rows of every batch, and each batch goes on where the one
     * before it ended, so that states carried on are those of the same text. An epoch begins at the beginning, with new states; its order
     * is never drawn. What does not fill rows of equal length, or the last steps of these, is left out.
     *
     * <p>Shapes: xs (time, ...), ys (time, ...), the target of every step → x (rows, steps, ...), y (rows, steps, ...).
     *
     * @throws IllegalArgumentException if they are not of one length, or it is below rows · steps
     */
    static Batches<Rows> continuing(NDArray xs, NDArray ys, int rows, int steps) {
        return SeriesStreams.batches(xs, ys, rows, steps);
    }

    /**
     * The same where the target of every step is what comes after it: the next symbol of a text.
     *
     * @throws IllegalArgumentException if the series is not longer than rows · steps
     */
    static Batches<Rows> continuing(NDArray series, int rows, int steps) {
        Present.require("continuing", series);
        int time = series.shape().rank() == 0 ? 0 : series.shape().length(0);
        if (time < 2) {
            throw new IllegalArgumentException("continuing batches over a series " + series.shape()
                    + ": it is (time, ...), and the last of 2 steps or more is only a target");
        }
        return SeriesStreams.batches(series.rows(0, time - 1), series.rows(1, time), rows, steps);
    }

    /**
     * Rows of two arrays.
     *
     * @param x (rows, ...)
     * @param y (rows, ...), what belongs to them
     */
    record Rows(Tensor x, Tensor y) {
        /** Of both. */
        public Rows {
            Present.require("rows", x, y);
        }
    }

    /**
     * Makes a batch.
     *
     * @param <B> a batch
     */
    @FunctionalInterface
    interface Generator<B> {
        /** The batch of a step, from a key that no other step of any epoch has. */
        B next(RandomKey key, int epoch, int step);
    }

    /**
     * Streams of batches.
     *
     * @param <B> a batch
     */
    @FunctionalInterface
    interface Epochs<B> {
        /** The batches of an epoch, the same whenever it is asked for them. */
        Stream<B> of(RandomKey key, int epoch);
    }
}
