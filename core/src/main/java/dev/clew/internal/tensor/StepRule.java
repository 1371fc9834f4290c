package dev.clew.internal.tensor;

import dev.clew.tensor.Tensor;
import java.util.List;

/** What training does to parameters, as a function of the outputs of a step, of which the first is the loss. */
@FunctionalInterface
public interface StepRule {
    /** The same for outputs of the same structure on the same parameters: it is asked once for them. */
    StepChange of(List<Tensor> outputs);
}
