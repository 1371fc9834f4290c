package dev.clew.nn.dataset;

import dev.clew.array.RandomKey;
import dev.clew.internal.array.Present;
import dev.clew.nn.data.Batches;
import dev.clew.tensor.Tensor;

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
    default Batches<Batch> batches(int size, int steps) {
        return Batches.of(steps, (key, _, _) -> Batch.of(draw(key, size)));
    }

    /**
     * Sequences in a batch, as tensors.
     *
     * @param x (batch, time, ...)
     * @param targets (batch, time, ...)
     * @param mask (batch, time) bool, true where a target is to be told
     */
    record Batch(Tensor x, Tensor targets, Tensor mask) {
        /** Of all three. */
        public Batch {
            Present.require("batch", x, targets, mask);
        }

        private static Batch of(Drawn drawn) {
            return new Batch(Tensor.of(drawn.x()), Tensor.of(drawn.targets()), Tensor.of(drawn.mask()));
        }
    }
}
