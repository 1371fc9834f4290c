package dev.clew.nn.data;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/** Batches made of others, one by one. */
final class Formed<A, B> implements Batches<B> {
    private final Batches<A> given;
    private final Function<? super A, ? extends B> form;

    Formed(Batches<A> given, Function<? super A, ? extends B> form) {
        this.given = given;
        this.form = form;
    }

    @Override
    public Stream<B> from(RandomKey key, int epoch, int firstStep) {
        return given.from(key, epoch, firstStep)
                .map(batch -> Present.given("batches", "the function of a batch", form.apply(batch)));
    }

    @Override
    public OptionalInt size(int epoch) {
        return given.size(epoch);
    }

    @Override
    public String toString() {
        return given + ", in another form";
    }
}
