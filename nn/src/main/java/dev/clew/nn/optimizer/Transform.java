package dev.clew.nn.optimizer;

import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/**
 * A part of an {@link Optimizer}: makes of gradients, or of what the part before has made of them, what parameters are to go down by.
 * As formulas, so all parts are one step, which happens whole or not at all. Momentum, for one:
 *
 * <pre>{@code
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
 * }</pre>
 */
@FunctionalInterface
public interface Transform {
    /** For every parameter a tensor of its shape and type; the same formulas every time, since a step is compiled once. */
    Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state);

    /** Numbers that a part keeps from step to step. They are parameters, which the step changes along with the others. */
    interface State {
        /** Numbers for each of a parameter, of its shape and type; zeros at first. */
        Parameter like(Parameter parameter, String name);

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
