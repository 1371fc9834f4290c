package dev.clew.nn.training;

import dev.clew.internal.array.Present;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told what a {@link Trainer} does, on the thread that trains. What it throws ends the training there: the parameters are those of the
 * last step, and nothing more is saved. {@link Trainer#afterStep} and {@link Trainer#afterEpoch} take plain functions.
 */
public interface Callback {
    /** Training begins, or goes on. */
    default void began(Start start) {}

    /**
     * The next step is of a structure that has not been before, so that a plan is compiled for it: {@code length 37}.
     *
     * @param what what is new about the batch, in words
     */
    default void compiling(String what) {}

    /** A step has been made. */
    default void stepped(StepReport report) {}

    /** An epoch is at its end, and the model judged. */
    default void epochEnded(EpochReport report) {}

    /** Training is at its end, whatever ended it. */
    default void ended(Ending<?> ending) {}

    /** Nothing more will be told, even if an error ended it. */
    default void closed() {}

    /**
     * What is known at the start.
     *
     * @param step how many steps have been made before; 0 if it does not go on from a snapshot
     * @param epoch in which it begins or goes on, counted from 0
     * @param steps how many there are to be in all, if that is known
     * @param limit how long it may take, if that is said
     */
    record Start(long step, int epoch, Optional<Long> steps, Optional<Duration> limit) {
        /** Of all of these. */
        public Start {
            Present.require("start", steps, limit);
        }
    }
}
