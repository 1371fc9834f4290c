package dev.clew.internal.tensor;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.List;

/** An evaluator that makes steps of training in a way of its own. */
public interface StepEvaluator extends Evaluator {
    /**
     * One step of training: values of the outputs and of what the rule reports; then the parameters change, all together. If the
     * loss or a new value is not finite, nothing changes.
     *
     * @throws IllegalArgumentException if a parameter is to change on which nothing depends
     * @throws IllegalStateException if any of these depends on a {@link Tensor#input}, whose numbers come only with a plan's run
     */
    StepResult step(List<Tensor> outputs, StepRule rule);

    /** One step by any evaluator: by one that has no way of its own, all values first and then the change. */
    static StepResult step(Evaluator evaluator, List<Tensor> outputs, StepRule rule) {
        Present.require("step", evaluator, outputs, rule);
        return evaluator instanceof StepEvaluator own
                ? own.step(outputs, rule)
                : WalkedStep.step(
                        evaluator, StepFormulas.of(outputs, Present.given("step", "the rule", rule.of(outputs))));
    }
}
