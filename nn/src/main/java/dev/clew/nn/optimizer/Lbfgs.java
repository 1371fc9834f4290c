package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
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
import java.util.Arrays;
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
    private final Ends ends;
    private final Objective objective;
    private final ImmutableMap<String, Parameter> kept;

    /**
     * When a step ends.
     *
     * @param evaluations none if they follow from iterations
     */
    private record Ends(int iterations, Optional<Integer> evaluations, double flat, double little, int history) {
        int mostEvaluations() {
            return evaluations.orElse(iterations * 5 / 4);
        }
    }

    private Lbfgs(Trained trained, double rate, Ends ends) {
        super(trained, List.of());
        this.rate = rate;
        this.ends = ends;
        this.objective =
                new Objective(trained.rates().keySet(), (loss, parameters) -> gradients("step", loss, parameters));
        this.kept = Curvature.kept(ends.history, objective.size());
    }

    /** Trains every parameter of a model, where the line search begins with the whole way. */
    public static Lbfgs of(Object model) {
        return of(model, 1);
    }

    /** The same with the share of the way with which the line search begins. */
    public static Lbfgs of(Object model, double rate) {
        return new Lbfgs(Trained.of(model, rate), rate, new Ends(20, Optional.empty(), 1e-7, 1e-9, 100));
    }

    /**
     * The same with so many iterations in a step at most, and as many evaluations of the loss and a quarter more.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withIterations(int most) {
        Settings.requireAtLeast(1, "withIterations", "most", most);
        return with(new Ends(most, ends.evaluations, ends.flat, ends.little, ends.history));
    }

    /**
     * The same with no further iteration after so many evaluations of the loss in a step.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withEvaluations(int most) {
        Settings.requireAtLeast(1, "withEvaluations", "most", most);
        return with(new Ends(ends.iterations, Optional.of(most), ends.flat, ends.little, ends.history));
    }

    /**
     * The same with other ends of a step: when no number of the gradient is larger than one (1e-7), or loss or parameters change by less than another (1e-9).
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public Lbfgs withTolerances(double gradient, double change) {
        Settings.requireNotNegative("withTolerances", "gradient", gradient);
        Settings.requireNotNegative("withTolerances", "change", change);
        return with(new Ends(ends.iterations, ends.evaluations, gradient, change, ends.history));
    }

    /**
     * The same that remembers so many changes of the gradient.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public Lbfgs withHistory(int changes) {
        Settings.requireAtLeast(1, "withHistory", "changes", changes);
        return with(new Ends(ends.iterations, ends.evaluations, ends.flat, ends.little, changes));
    }

    private Lbfgs with(Ends other) {
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
        Descent descent = new Descent(loss, outputs);
        try {
            ParameterLock.untilChanged(descent::attempt);
        } catch (RuntimeException error) {
            Evaluator.plain().evaluate(outputs); // Of the user's own nodes, so an error names the user's line.
            throw error;
        }
        return descent.first.values;
    }

    /** One step. */
    private final class Descent {
        private final Tensor loss;
        private final List<Tensor> formulas;
        private final List<Parameter> read;
        private Objective.Point first = new Objective.Point(0, new double[0], new StepValues(List.of(), List.of()));

        Descent(Tensor loss, List<Tensor> outputs) {
            this.loss = loss;
            this.formulas = objective.of(outputs);
            this.read = Graph.of(outputs).nodes().stream()
                    .filter(Parameter.class::isInstance)
                    .map(Parameter.class::cast)
                    .toList();
        }

        /** False if a parameter that it read was changed meanwhile; then it has changed nothing. */
        boolean attempt() {
            Map<Parameter, Long> versions = new HashMap<>();
            double[] x = new double[objective.size()];
            Curvature curvature = ParameterLock.whileUnchanged(() -> {
                read.forEach(each -> versions.put(each, each.version()));
                trained().rates().keySet().forEach(each -> versions.put(each, each.version()));
                kept.values().forEach(each -> versions.put(each, each.version()));
                System.arraycopy(objective.row(), 0, x, 0, x.length);
                return new Curvature(kept);
            });
            first = objective.at(x, formulas).orElseThrow(() -> notFinite(loss));
            curvature.evaluated();
            boolean moves = Curvature.largest(first.gradient) > ends.flat;
            Map<Parameter, NDArray> changes = new HashMap<>();
            if (moves) {
                descend(x, curvature);
                changes.putAll(objective.arrays(x));
            }
            changes.putAll(curvature.changes(kept));
            requireFinite(changes);
            return TensorAccess.get()
                    .setAll(
                            changes,
                            () -> versions.entrySet().stream()
                                    .allMatch(each -> each.getKey().version() == each.getValue()));
        }

        private void requireFinite(Map<Parameter, NDArray> changes) {
            changes.forEach((parameter, value) -> {
                if (!NonFinite.allFinite(value)) {
                    throw new ArithmeticException("step: the new value of "
                            + (kept.containsValue(parameter)
                                    ? "what L-BFGS keeps"
                                    : trained().name(parameter))
                            + " is not finite, so no parameter was changed");
                }
            });
        }

        /** Iterations, which change x. */
        private void descend(double[] x, Curvature curvature) {
            double now = first.loss;
            double[] gradient = first.gradient;
            int evaluations = 1;
            for (int i = 1; i <= ends.iterations; i++) {
                double[] direction = curvature.direction(gradient);
                double guess = curvature.isFirst()
                        ? Math.min(1, 1 / Arrays.stream(gradient).map(Math::abs).sum()) * rate
                        : rate;
                curvature.go(guess);
                double slope = Curvature.dot(gradient, direction);
                if (slope > -ends.little) {
                    return;
                }
                int[] tried = {0};
                LineSearch.Trial found = new LineSearch(
                                t -> {
                                    tried[0]++;
                                    return trial(x, t, direction, curvature);
                                },
                                new LineSearch.Trial(0, now, gradient, slope),
                                Curvature.largest(direction))
                        .found(guess);
                evaluations += tried[0];
                curvature.go(found.t);
                Curvature.add(x, direction, found.t);
                double change = Math.abs(found.loss - now);
                now = found.loss;
                gradient = found.gradient;
                if (evaluations >= ends.mostEvaluations()
                        || Curvature.largest(gradient) <= ends.flat
                        || Curvature.largest(direction) * found.t <= ends.little
                        || change < ends.little) {
                    return;
                }
            }
        }

        private LineSearch.Trial trial(double[] x, double t, double[] direction, Curvature curvature) {
            double[] there = x.clone();
            Curvature.add(there, direction, t);
            curvature.evaluated();
            return objective
                    .at(there, formulas)
                    .map(point -> new LineSearch.Trial(
                            t, point.loss, point.gradient, Curvature.dot(point.gradient, direction)))
                    .orElseGet(() -> new LineSearch.Trial(t, Double.POSITIVE_INFINITY, new double[0], Double.NaN));
        }
    }
}
