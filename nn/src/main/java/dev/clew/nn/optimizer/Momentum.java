package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/**
 * The sum of what came before (Polyak, 1964): of gradients g, b ← past·b + (1 − dampening)·g, and the move is b, or by Nesterov's (1983) way g + past·b;
 * with the numbers of PyTorch's SGD, where the first g is not dampened.
 *
 * @param past what stays of the sum from step to step, from 0 to below 1
 * @param dampening how much of a gradient is left out, from 0 to 1
 * @param isNesterov whether the move is one step ahead
 */
public record Momentum(double past, double dampening, boolean isNesterov) implements Transform {
    /**
     * Checked.
     *
     * @throws IllegalArgumentException if a number is out of range, or if Nesterov's is dampened or without a past
     */
    public Momentum {
        if (!(past >= 0 && past < 1)) {
            throw new IllegalArgumentException(
                    "momentum " + past + ": what stays of the past must be at least 0 and below 1");
        }
        if (!(dampening >= 0 && dampening <= 1)) {
            throw new IllegalArgumentException("momentum with the dampening " + dampening + ": it is from 0 to 1");
        }
        if (isNesterov && (past == 0 || dampening != 0)) {
            throw new IllegalArgumentException("momentum " + past + " by Nesterov's way with the dampening " + dampening
                    + ": it needs a past above 0, and is not dampened");
        }
    }

    /** So much of the past. */
    public static Momentum of(double past) {
        return new Momentum(past, 0, false);
    }

    /** The same, one step ahead. */
    public Momentum nesterov() {
        return new Momentum(past, dampening, true);
    }

    /** The same with less of each new gradient. */
    public Momentum withDampening(double dampening) {
        return new Momentum(past, dampening, isNesterov);
    }

    @Override
    public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
        Present.require("momentum", slopes, state);
        ImmutableMap.Builder<Parameter, Tensor> moves = ImmutableMap.builder();
        Tensor share = dampening == 0 ? Tensor.of(1.0) : share(state);
        slopes.forEach((parameter, slope) -> {
            Parameter before = state.like(parameter, "momentum");
            Tensor added = dampening == 0 ? slope : slope.times(share.cast(slope.dtype()));
            Tensor sum = before.times(past).plus(added);
            state.next(before, sum);
            moves.put(parameter, isNesterov ? slope.plus(sum.times(past)) : sum);
        });
        return moves.buildOrThrow();
    }

    /** How much of a gradient is added: of the first one all. */
    private Tensor share(State state) {
        Parameter steps = state.number("dampening.steps");
        state.next(steps, steps.plus(1));
        return Tensor.where(steps.greaterThan(0), Tensor.of(1 - dampening), Tensor.of(1.0));
    }

    @Override
    public String toString() {
        return "momentum " + past + (isNesterov ? " by Nesterov" : "")
                + (dampening == 0 ? "" : " dampened by " + dampening);
    }
}
