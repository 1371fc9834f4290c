package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.data.Batches;

/** A task whose sequences follow from a key: the same key gives the same numbers on every machine. */
public interface SequenceTask {
    /** One sequence, without an axis of batch: shapes begin with (time). */
    Drawn one(RandomKey key);

    /**
     * What who never looks at x comes to: of symbols the share of right answers, of numbers the mean squared error, both where the mask is
     * true.
     */
    double chance();

    /**
     * Sequences in a batch: number i is that of {@code key.fold(i)}.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    default Drawn draw(RandomKey key, int batch) {
        Present.require("draw", key);
        return Drawn.stacked(this, key, batch);
    }

    /** An endless supply as epochs of so many batches: none is seen twice. */
    default Batches<Drawn> batches(int size, int steps) {
        return Batches.of(steps, (key, _, _) -> draw(key, size));
    }
}
