package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/**
 * Parameters that are drawn to zero: g + share·p. Before an algorithm it is the gradient of share/2·Σp², after it the weights decay by themselves (Loshchilov,
 * Hutter, 2019, arXiv 1711.05101): {@code Optimizer.of(model, rate, Scale.adam(), WeightDecay.of(0.01).except("*.bias"))}.
 *
 * @param share a finite number, 0 or more
 */
public record WeightDecay(double share) implements Transform {
    /**
     * Checked.
     *
     * @throws IllegalArgumentException if the share is not a finite number, 0 or more
     */
    public WeightDecay {
        Settings.requireNotNegative("weight decay", "share", share);
    }

    /** So much of a parameter. */
    public static WeightDecay of(double share) {
        return new WeightDecay(share);
    }

    @Override
    public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
        Present.require("weight decay", slopes, state);
        ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
        slopes.forEach((parameter, slope) -> moves.put(parameter, slope.plus(parameter.times(share))));
        return moves.buildOrThrow();
    }

    @Override
    public String toString() {
        return "weight decay " + share;
    }
}
