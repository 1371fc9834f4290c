package dev.clew.tensor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Computes values: the one seam between the language and what runs it. */
@FunctionalInterface
public interface Evaluator {
    /** Binds an evaluator for the code within a scope; everything else uses the one that is installed. */
    ScopedValue<Evaluator> SCOPED = ScopedValue.newInstance();

    /** The values of some tensors, in the same order, all computed from one state of the parameters. */
    List<NDArray> evaluate(List<Tensor> outputs);

    /**
     * One step of training: the values of the outputs and of what the rule reports, in this order; then the
     * parameters change, all together. If the first output or a new value is not finite, nothing changes and nothing is given.
     *
     * @throws IllegalArgumentException if a parameter is to change on which nothing depends
     * @throws IllegalStateException if any of these depends on a {@link Tensor#input}, whose numbers come only with a plan's run
     */
    default Optional<List<NDArray>> step(List<Tensor> outputs, Rule rule) {
        Present.require("step", outputs, rule);
        Change change = Present.given("step", "the rule", rule.of(outputs));
        List<Tensor> wanted = new ArrayList<>(outputs);
        wanted.addAll(change.reported());
        int reported = wanted.size();
        wanted.addAll(change.updates().values());
        Graph graph = Graph.of(wanted);
        Source.requireNumbers(graph.nodes());
        change.requireReached(graph);
        Walked step = new Walked(this, wanted, reported, change);
        ParameterLock.untilChanged(step::attempt);
        return step.reported();
    }

    /** What training does to parameters, as a function of the outputs of which the first is the loss. */
    @FunctionalInterface
    interface Rule {
        /** The same for outputs of the same structure on the same parameters: it is asked once for them. */
        Change of(List<Tensor> outputs);
    }

    /**
     * What a step reports and changes.
     *
     * @param reported tensors whose values from before the change are wanted: gradients
     * @param updates the new value of every parameter that changes
     */
    record Change(ImmutableList<Tensor> reported, ImmutableMap<Parameter, Tensor> updates) {
        /**
         * Refuses to change what nothing depends on.
         *
         * @param graph all that is computed in the step
         * @throws IllegalArgumentException if a parameter that is to change is not in it
         */
        public void requireReached(Graph graph) {
            for (Parameter parameter : updates.keySet()) {
                if (graph.position(parameter) < 0) {
                    throw new IllegalArgumentException("step with a new value for " + parameter.describe()
                            + ": neither an output nor a new value depends on that parameter; set it once instead");
                }
            }
        }
    }

    /** The evaluator of this scope: the bound one, else the installed one, else the plain walk. */
    static Evaluator current() {
        Tracing.requireFormula(() -> "an evaluation");
        return SCOPED.isBound() ? SCOPED.get() : Installed.EVALUATOR;
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

    /** Found once, as a service. */
    final class Installed {
        private static final Evaluator EVALUATOR =
                ServiceLoader.load(Evaluator.class).findFirst().orElse(Walk.PLAIN);

        private Installed() {}
    }
}
