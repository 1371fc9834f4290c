package dev.clew.nn.credit;

import dev.clew.gradient.Gradients;
import dev.clew.nn.sequence.Cell;
import dev.clew.tensor.Tensor;
import java.util.Optional;

/**
 * A step, as formulas.
 *
 * @param of the parameters
 * @param x (batch, ...)
 * @param before the state
 * @param out what the step gives
 * @param ofLoss gradients of the loss of the step, if it has one
 */
record Moment<S>(Influenced<S> of, Tensor x, S before, Cell.Out<S> out, Optional<Gradients> ofLoss) {
    /** Of one sequence, by itself. */
    Jacobians jacobians(int sequence) {
        if (of.batch() == 1) {
            return Jacobians.of(of, before, out);
        }
        S alone = Influenced.ofSequence(before, sequence);
        return Jacobians.of(of, alone, of.task().step(x.slice(0, sequence, sequence + 1), alone));
    }

    /** How the loss changes with the output of a sequence: (1, numbers). */
    Optional<Tensor> slope(int sequence) {
        return ofLoss.map(gradients ->
                gradients.wrt(out.output()).slice(0, sequence, sequence + 1).reshape(1, -1));
    }
}
