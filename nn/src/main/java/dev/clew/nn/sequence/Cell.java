package dev.clew.nn.sequence;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * One step of a recurrence: (output, state') = f(x, state). A record of parameters that has these two methods is everything that {@link
 * Run} needs.
 *
 * <p>The state is a value that the caller holds: a tensor, or a record, list, map or optional of such, nested as you like; a cell itself
 * has nothing that changes. Tensors in an object of another class would be passed over, so that is an error. Every tensor of a state has the
 * batch as its first axis. Output and state are two things: an LSTM gives h, and carries (h, c).
 *
 * @param <S> what is carried from step to step
 */
public interface Cell<S> {
    /** The state before the first step, for so many sequences. */
    S start(int batch);

    /** One step. Shapes: x (batch, ...) → output (batch, ...); every tensor of the state keeps its shape. */
    Out<S> step(Tensor x, S state);

    /**
     * What a step gives.
     *
     * @param output for who reads the sequence
     * @param state for the next step
     */
    record Out<S>(Tensor output, S state) {
        /** Of both. */
        public Out {
            Present.require("out", output, state);
        }
    }
}
