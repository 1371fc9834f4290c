package dev.clew.testing;

import dev.clew.array.NDArray;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.internal.tensor.StepRule;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Steps of training, for tests that compare evaluators. */
public final class Stepped {
    private Stepped() {}

    /** All values of a step in one list, what was asked for and then what was reported; none if one was not finite. */
    public static Optional<List<NDArray>> by(Evaluator evaluator, List<Tensor> outputs, StepRule rule) {
        return StepEvaluator.step(evaluator, outputs, rule)
                .values()
                .map(values -> Stream.concat(values.outputs().stream(), values.reported().stream())
                        .toList());
    }
}
