package dev.clew.nn.training;

import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;

/**
 * What a model is trained to make small, as a formula of a batch and of the state that the batch before has left: truncated
 * backpropagation through time over a long text or series, whose batches go on from one another.
 *
 * @param <B> a batch
 * @param <S> the state: a tensor, or a record, list, map or optional of such
 */
@FunctionalInterface
public interface Carrying<B, S> {
    /**
     * The loss of a batch, one floating-point number, and the state after it, of the shapes that the state before has. Its numbers are carried
     * on, and no gradient goes through them: k₁ and k₂ of truncated BPTT are both the length of a batch.
     *
     * @param key for what is drawn at random, as in {@link Objective}
     */
    Cell.Out<S> of(B batch, S state, Tensor key);
}
