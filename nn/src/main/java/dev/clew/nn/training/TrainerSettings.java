package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import dev.clew.array.RandomKey;
import dev.clew.nn.data.Batches;
import dev.clew.nn.optimizer.Optimizer;
import java.util.Optional;
import java.util.OptionalLong;

/** All that a trainer was told. It changes only between {@link #copy} and being handed to the trainer that has it. */
final class TrainerSettings<M, B> {
    final M model;
    final Optimizer optimizer;
    final Batches<B> batches;
    final Lessons<B, ?> lessons;
    RandomKey key = RandomKey.of(0);
    Limits limits = Limits.ONE_EPOCH;
    Optional<Judge<B>> judge = Optional.empty();
    Optional<Keeping> keeping = Optional.empty();
    /** Of a plan, if steps are on plans. */
    OptionalLong bytes = OptionalLong.empty();
    /** How many steps may be left out. */
    int skips;
    /** Which command goes on. */
    Optional<String> command = Optional.empty();

    boolean isQuiet;
    ImmutableList<Callback> callbacks = ImmutableList.of();

    TrainerSettings(M model, Optimizer optimizer, Batches<B> batches, Lessons<B, ?> lessons) {
        this.model = model;
        this.optimizer = optimizer;
        this.batches = batches;
        this.lessons = lessons;
    }

    TrainerSettings<M, B> copy() {
        TrainerSettings<M, B> copy = new TrainerSettings<>(model, optimizer, batches, lessons);
        copy.key = key;
        copy.limits = limits;
        copy.judge = judge;
        copy.keeping = keeping;
        copy.bytes = bytes;
        copy.skips = skips;
        copy.command = command;
        copy.isQuiet = isQuiet;
        copy.callbacks = callbacks;
        return copy;
    }

    void tell(Callback callback) {
        callbacks = ImmutableList.<Callback>builder()
                .addAll(callbacks)
                .add(callback)
                .build();
    }

    /** Whoever is told, of whom the first shows. */
    ImmutableList<Callback> told() {
        return isQuiet
                ? callbacks
                : ImmutableList.<Callback>builder()
                        .add(Display.automatic())
                        .addAll(callbacks)
                        .build();
    }
}
