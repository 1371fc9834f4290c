package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.clew.array.NDArray;
import dev.clew.internal.array.Present;
import dev.clew.internal.tensor.ParameterLock;
import dev.clew.internal.tensor.StepValues;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.plan.Plan;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.NonFinite;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * L-BFGS (Nocedal, 1980; Liu, Nocedal, 1989) with a line search by the strong Wolfe conditions, with the numbers of PyTorch's {@code LBFGS(line_search_fn="strong_wolfe")}:
 * for losses that are the same function in every step, of all data at once. A step makes up to 20 iterations, each of which goes along −H·g, where H is the inverse
 * curvature that the last 100 changes of the gradient g show, and evaluates the loss at several points.
 *
 * <p>The points are tried beside the parameters, which change at the end of the step, all together with what is kept, or not at all. A point whose loss or gradient is not
 * finite is too far. It is computed in f64, whatever the type of parameters; what is kept takes 16 bytes for each of their numbers and each of 100 changes:
 * {@link #withHistory}.
 */
public final class Lbfgs extends Optimizer {
    private final double rate;
    private final Descent.Ends ends;
    private final TrialLoss trial;
    private final ImmutableMap<String, Parameter> kept;

    private Lbfgs(Trained trained, double rate, Descent.Ends ends) {
        super(trained, List.of());
        this.rate = rate;
        this.ends = ends;
        this.trial = new TrialLoss(trained.rates().keySet(), (loss, parameters) -> gradients("step", loss, parameters));
        this.kept = Curvature.kept(ends.history(), trial.size());
    }

    /** Trains every parameter of a model, where the line search begins with the whole way. */
    public static Lbfgs of(Object model) {
        return of(model, 1);
    }

    /**
     * The same with the share of the way with which the line search begins.
     *
     * @throws IllegalArgumentException if it is not a finite number above 0
     */
    public static Lbfgs of(Object model, double rate) {
        if (rate == 0) {
            throw new IllegalArgumentException(
                    "learning rate 0.0 of L-BFGS: the line search begins with it, so it must be" + " above 0");
        }
        return new Lbfgs(Trained.of(model, rate), rate, new Descent.Ends(20, Optional.empty(), 1e-7, 1e-9, 100));
    }

    /**
     * The same with so many iterations in a step at most, and as many evaluations of the loss and a quarter more.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withIterations(int most) {
        Settings.requireAtLeast(1, "withIterations", "most", most);
        return with(new Descent.Ends(most, ends.evaluations(), ends.flat(), ends.little(), ends.history()));
    }

    /**
     * The same with no further iteration after so many evaluations of the loss in a step.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withEvaluations(int most) {
        Settings.requireAtLeast(1, "withEvaluations", "most", most);
        return with(new Descent.Ends(ends.iterations(), Optional.of(most), ends.flat(), ends.little(), ends.history()));
    }

    /**
     * The same with other ends of a step: when no number of the gradient is larger than one (1e-7), or loss or parameters change by less than another (1e-9).
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public Lbfgs withTolerances(double gradient, double change) {
        Settings.requireNotNegative("withTolerances", "gradient", gradient);
        Settings.requireNotNegative("withTolerances", "change", change);
        return with(new Descent.Ends(ends.iterations(), ends.evaluations(), gradient, change, ends.history()));
    }

    /**
     * The same that remembers so many changes of the gradient.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withHistory(int changes) {
        Settings.requireAtLeast(1, "withHistory", "changes", changes);
        return with(new Descent.Ends(ends.iterations(), ends.evaluations(), ends.flat(), ends.little(), changes));
    }

    private Lbfgs with(Descent.Ends other) {
        return new Lbfgs(trained(), rate, other);
    }

    @Override
    public Map<String, Parameter> state() {
        return kept;
    }

    /**
     * Refused, since a gradient at one point does not show the curvature.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public synchronized void step(Map<Parameter, NDArray> gradients) {
        Present.require("step", gradients);
        throw new UnsupportedOperationException(
                "step along given gradients: L-BFGS evaluates the loss at several points in a"
                        + " step; call step(loss)");
    }

    /**
     * Refused, since a step is several runs of a plan.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Plan compile(Tensor loss, Tensor... also) {
        Present.require("compile", loss, also);
        throw new UnsupportedOperationException(
                "compile: L-BFGS runs a plan several times in a step, so its step is no plan;"
                        + " call step(loss), which compiles once for all losses of one structure");
    }

    /**
     * Refused, as {@link #compile}.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Plan compileWithin(long bytes, Tensor loss, Tensor... also) {
        Present.require("compileWithin", loss, also);
        throw new UnsupportedOperationException(
                "compileWithin: L-BFGS runs a plan several times in a step, so its step is no"
                        + " plan; call step(loss), which compiles once for all losses of one structure");
    }

    @Override
    StepValues taken(Tensor loss, List<Tensor> outputs) {
        Attempt attempt = new Attempt(loss, outputs);
        try {
            ParameterLock.untilChanged(attempt::isMade);
        } catch (IllegalArgumentException error) {
            Evaluator.plain().evaluate(outputs); // Of the user's own nodes, so an error names the user's line.
            throw error;
        }
        return attempt.values.orElseThrow();
    }

    /** A step that is tried until nobody changes a parameter meanwhile. */
    private final class Attempt {
        private final Tensor loss;
        private final List<Tensor> formulas;
        private final ImmutableSet<Parameter> read;
        private Optional<StepValues> values = Optional.empty();

        Attempt(Tensor loss, List<Tensor> outputs) {
            this.loss = loss;
            this.formulas = trial.of(outputs);
            this.read = ImmutableSet.<Parameter>builder()
                    .addAll(Graph.of(outputs).nodes().stream()
                            .filter(Parameter.class::isInstance)
                            .map(Parameter.class::cast)
                            .iterator())
                    .addAll(trained().rates().keySet())
                    .addAll(kept.values())
                    .build();
        }

        /** False if a parameter that it read was changed meanwhile; then it has changed nothing. */
        boolean isMade() {
            Map<Parameter, Long> versions = new HashMap<>();
            Descent descent = ParameterLock.whileUnchanged(() -> {
                read.forEach(each -> versions.put(each, each.version()));
                return new Descent(ends, rate, trial, formulas, new Curvature(kept));
            });
            values = descent.start();
            if (values.isEmpty()) {
                throw notFinite(loss);
            }
            Map<Parameter, NDArray> changes = descent.made(kept);
            changes.forEach(this::requireFinite);
            return TensorAccess.get()
                    .setAll(
                            changes,
                            () -> versions.entrySet().stream()
                                    .allMatch(each -> each.getKey().version() == each.getValue()));
        }

        private void requireFinite(Parameter parameter, NDArray value) {
            if (!NonFinite.allFinite(value)) {
                throw new ArithmeticException("step: the new value of "
                        + (kept.containsValue(parameter)
                                ? "what L-BFGS keeps"
                                : trained().name(parameter))
                        + " is not finite, so no parameter was changed");
            }
        }
    }
}
