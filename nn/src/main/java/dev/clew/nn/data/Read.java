package dev.clew.nn.data;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.stream.Stream;

/** Batches that are read from the beginning of an epoch. */
final class Read<B> implements Batches<B> {
    private final Batches.Epochs<B> epochs;

    Read(Batches.Epochs<B> epochs) {
        this.epochs = epochs;
    }

    @Override
    public Stream<B> from(RandomKey key, int epoch, int firstStep) {
        Finite.require(key, epoch, firstStep);
        return Present.given("batches", "the stream of epoch " + epoch, epochs.of(key, epoch))
                .skip(firstStep);
    }

    @Override
    public String toString() {
        return "batches of a stream";
    }
}
