package dev.clew.internal.tensor;

import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import it.unimi.dsi.fastutil.objects.Reference2LongMap;
import java.util.List;
import java.util.Optional;

/** A step of training by evaluation: all values, then the changes that follow from them. */
final class WalkedStep {
    private final Evaluator evaluator;
    private final StepFormulas formulas;
    private Optional<StepValues> result = Optional.empty();

    private WalkedStep(Evaluator evaluator, StepFormulas formulas) {
        this.evaluator = evaluator;
        this.formulas = formulas;
    }

    static StepResult step(Evaluator evaluator, StepFormulas formulas) {
        Sources.requireNumbers(Graph.of(formulas.all()).nodes());
        formulas.requireReached("step");
        WalkedStep step = new WalkedStep(evaluator, formulas);
        ParameterLock.untilChanged(step::attempt);
        return new StepResult(step.result, true);
    }

    /** False if a parameter that it read was changed meanwhile; then it has changed nothing. */
    private boolean attempt() {
        List<Tensor> wanted = formulas.all();
        Reference2LongMap<Parameter> before = ParameterLock.whileUnchanged(() -> Kept.versions(wanted));
        List<NDArray> values = evaluator.evaluate(wanted);
        boolean isFinite = NonFinite.allFinite(values.getFirst())
                && values.subList(formulas.seen(), values.size()).stream().allMatch(NonFinite::allFinite);
        if (!isFinite) {
            result = Optional.empty();
            return true;
        }
        result = Optional.of(formulas.values(values));
        return TensorAccess.get().setAll(formulas.changes(values), () -> Kept.isCurrent(before));
    }
}
