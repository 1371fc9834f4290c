package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/**
 * A part of an {@link Optimizer}: makes of gradients, or of what the part before has made of them, what parameters are to go down by.
 * As formulas, so all parts are one step, which happens whole or not at all. A user's own momentum, beside {@link Momentum}:
 *
 * {@snippet lang=java :
 * Transform momentum = (slopes, state) -> {
 *     Map<Parameter, Tensor> moves = new LinkedHashMap<>();
 *     slopes.forEach((parameter, slope) -> {
 *         Parameter before = state.like(parameter, "momentum");
 *         Tensor now = before.times(0.9).plus(slope);
 *         state.next(before, now);
 *         moves.put(parameter, now);
 *     });
 *     return moves;
 * };
 * Optimizer optimizer = Optimizer.of(model, 0.01, momentum);
 * }
 */
@FunctionalInterface
public interface Transform {
    /** For every parameter a tensor of its shape and type; the same formulas every time, since a step is compiled once. */
    Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state);

    /**
     * The same for the parameters alone whose names match one of some patterns, {@code cell.*}, {@code *.bias}; what the part before gives for the
     * others goes by.
     *
     * @throws IllegalArgumentException when an optimizer is made of it, if a pattern matches no parameter
     */
    default Transform on(String... patterns) {
        return new Restricted(this, ImmutableList.copyOf(Restricted.checked("on", patterns)), true);
    }

    /**
     * The same for all parameters but those whose names match one of some patterns: weight decay {@code except("*.bias")}.
     *
     * @throws IllegalArgumentException when an optimizer is made of it, if a pattern matches no parameter
     */
    default Transform except(String... patterns) {
        return new Restricted(this, ImmutableList.copyOf(Restricted.checked("except", patterns)), false);
    }

    /** The same, with what it keeps under a name of its own, {@code slow.momentum.cell.wx}: so that it can be there twice. */
    default Transform named(String name) {
        Present.require("named", name);
        return new Renamed(this, name);
    }

    /** Numbers that a part keeps from step to step. They are parameters, which the step changes along with the others. */
    interface State {
        /** Numbers for each of a parameter, of its shape and type; zeros at first. */
        Parameter like(Parameter parameter, String name);

        /**
         * What a parameter is called, {@code cell.wx}.
         *
         * @throws IllegalArgumentException if the optimizer does not train it
         */
        String name(Parameter parameter);

        /** One number, f64; 0 at first. */
        Parameter number(String name);

        /**
         * What kept numbers are after the step. Those for which it is not said stay as they are.
         *
         * @throws IllegalArgumentException if this part does not keep them, or shape or type differ
         */
        void next(Parameter kept, Tensor value);
    }
}
