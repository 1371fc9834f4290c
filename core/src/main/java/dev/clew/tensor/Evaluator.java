package dev.clew.tensor;

import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.Derivation;
import dev.clew.internal.tensor.InstalledEvaluator;
import dev.clew.internal.tensor.Walk;
import java.util.List;
import java.util.Map;

/** Computes values: the one seam between the language and what runs it. */
@FunctionalInterface
public interface Evaluator {
    /** Binds an evaluator for the code within a scope; everything else uses the one that is installed. */
    ScopedValue<Evaluator> SCOPED = ScopedValue.newInstance();

    /** The values of some tensors, in the same order, all computed from one state of the parameters. */
    List<NDArray> evaluate(List<Tensor> outputs);

    /** The evaluator of this scope: the bound one, else the installed one, else the plain walk. */
    static Evaluator current() {
        Derivation.requireFormula(() -> "an evaluation");
        return SCOPED.isBound() ? SCOPED.get() : InstalledEvaluator.FOUND;
    }

    /** The plain walk over the graph: the meaning of the language, and the slow twin of every faster way. */
    static Evaluator plain() {
        return Walk.PLAIN;
    }

    /**
     * The plain walk from the sources, of which some have the numbers that are given: inputs those of a run of a plan, parameters
     * those that they had in it.
     */
    static Evaluator plain(Map<Tensor, NDArray> given) {
        Present.require("plain", given);
        return Walk.fromSources(given);
    }
}
