package dev.clew.nn.data;

import com.google.common.collect.ImmutableList;
import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Batches of which every epoch has as many, and any can be made alone. */
final class Finite<B> implements Batches<B> {
    private final String text;
    private final int count;
    private final Order<B> order;

    Finite(String text, int count, Order<B> order) {
        if (count < 1) {
            throw new IllegalArgumentException("batches, " + count + " an epoch: there must be 1 or more");
        }
        this.text = text;
        this.count = count;
        this.order = order;
    }

    /** From key and epoch to what makes the batch of a step. */
    @FunctionalInterface
    interface Order<B> {
        IntFunction<B> of(RandomKey key, int epoch);
    }

    static <B> ImmutableList<B> some(List<B> batches) {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("batches of an empty list: an epoch has 1 batch or more");
        }
        return ImmutableList.copyOf(batches);
    }

    static void require(RandomKey key, int epoch, int firstStep) {
        Present.require("batches from", key);
        if (epoch < 0 || firstStep < 0) {
            throw new IllegalArgumentException("batches from epoch " + epoch + ", step " + firstStep
                    + ": both are counted from 0, and not negative");
        }
    }

    @Override
    public Stream<B> from(RandomKey key, int epoch, int firstStep) {
        require(key, epoch, firstStep);
        if (firstStep > count) {
            throw new IllegalArgumentException("batches from epoch " + epoch + ", step " + firstStep + ": an epoch has "
                    + count + "; are these the batches that the run began with?");
        }
        IntFunction<B> make = order.of(key, epoch);
        return IntStream.range(firstStep, count)
                .mapToObj(step -> Present.given("batches", "the function of step " + step, make.apply(step)));
    }

    @Override
    public OptionalInt size(int epoch) {
        return OptionalInt.of(count);
    }

    @Override
    public String toString() {
        return "batches " + text + ": " + count + " an epoch";
    }
}
