package dev.clew.nn.sequence;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;

/**
 * One cell on top of another: the output of the lower is the input of the upper. Stacks of more are stacks of stacks.
 *
 * @param <A> the lower cell's state
 * @param <B> the upper cell's state
 */
public record Stack<A, B>(Cell<A> lower, Cell<B> upper) implements Cell<Stack.State<A, B>> {
    /** Of two cells. */
    public Stack {
        Present.require("stack", lower, upper);
    }

    /** The states of both. */
    public record State<A, B>(A lower, B upper) {
        /** Of two states. */
        public State {
            Present.require("state", lower, upper);
        }
    }

    @Override
    public State<A, B> start(int batch) {
        return new State<>(lower.start(batch), upper.start(batch));
    }

    @Override
    public Out<State<A, B>> step(Tensor x, State<A, B> state) {
        Present.require("stack", x, state);
        Out<A> below = lower.step(x, state.lower);
        Out<B> above = upper.step(below.output(), state.upper);
        return new Out<>(above.output(), new State<>(below.state(), above.state()));
    }
}
