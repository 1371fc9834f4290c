package dev.clew.nn.training;

import dev.clew.tensor.Tensor;

/**
 * What a model is trained to make small, as a formula of a batch.
 *
 * @param <B> a batch: whatever the caller likes
 */
@FunctionalInterface
public interface Objective<B> {
    /**
     * The loss of a batch, one floating-point number.
     *
     * @param key for what is drawn at random: two integers, (2) i32, others in every step. {@code dropout(x, 0.1, key)} takes it; where
     *     more than one thing is drawn, {@code TensorKey.fold(key, 1)}, {@code TensorKey.fold(key, 2)} are keys of their own
     */
    Tensor of(B batch, Tensor key);
}
