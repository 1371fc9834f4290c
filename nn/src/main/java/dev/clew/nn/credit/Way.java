package dev.clew.nn.credit;

import dev.clew.array.NDArray;
import dev.clew.nn.sequence.States;
import java.util.Optional;

/** What a stream does with its steps. */
sealed interface Way<S> permits Backward, Forward {
    /** One step; it counts if there is a target. */
    Optional<Lesson> step(NDArray x, Optional<NDArray> target);

    /** What of the steps so far has not been learnt. */
    Optional<Lesson> rest();

    /** The state after all steps so far, as numbers. */
    S state();

    /** Begins anew. */
    void restart();

    /** What is kept from step to step. */
    long carriedBytes();

    /** The memory in which steps are computed. */
    long planBytes();

    static long bytes(NDArray array) {
        return (long) array.shape().elements() * array.dtype().bytes();
    }

    static long bytes(Object state) {
        return States.tensors(state).stream()
                .mapToLong(each -> (long) each.shape().elements() * each.dtype().bytes())
                .sum();
    }
}
