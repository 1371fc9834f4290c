package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.internal.tensor.StepValues;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The iterations of one step of L-BFGS, on numbers beside the parameters. */
final class Descent {
    private final Ends ends;
    private final double rate;
    private final TrialLoss trial;
    private final List<Tensor> formulas;
    private final Curvature curvature;
    private final double[] x;
    private double loss;
    private double[] gradient = new double[0];
    private int evaluations;

    /**
     * When it ends.
     *
     * @param iterations how many there are at most
     * @param evaluations after how many of the loss there is no further iteration; none if that follows from iterations
     * @param flat the largest number of a gradient that is as good as none
     * @param little a change of the loss, or of parameters, that is as good as none
     * @param history how many changes of the gradient are remembered
     */
    record Ends(int iterations, Optional<Integer> evaluations, double flat, double little, int history) {
        private int mostEvaluations() {
            return evaluations.orElse(iterations * 5 / 4);
        }
    }

    /** From the numbers that the parameters have now. */
    Descent(Ends ends, double rate, TrialLoss trial, List<Tensor> formulas, Curvature curvature) {
        this.ends = ends;
        this.rate = rate;
        this.trial = trial;
        this.formulas = formulas;
        this.curvature = curvature;
        this.x = trial.row();
    }

    /** What there is before the first iteration; none if the loss or a gradient is not finite. */
    Optional<StepValues> start() {
        Optional<TrialLoss.Point> first = evaluated(x);
        first.ifPresent(point -> {
            loss = point.loss;
            gradient = point.gradient;
        });
        return first.map(point -> point.values);
    }

    private Optional<TrialLoss.Point> evaluated(double[] there) {
        evaluations++;
        curvature.evaluated();
        return trial.at(there, formulas);
    }

    /** All iterations: what parameters, and those that keep the curvature, are to hold. */
    Map<Parameter, NDArray> made(Map<String, Parameter> kept) {
        boolean goesOn = Curvature.largest(gradient) > ends.flat;
        ImmutableMap.Builder<Parameter, NDArray> changes = ImmutableMap.builder();
        if (goesOn) {
            for (int i = 0; i < ends.iterations && goesOn; i++) {
                goesOn = iterated();
            }
            changes.putAll(trial.arrays(x));
        }
        return changes.putAll(curvature.changes(kept)).buildOrThrow();
    }

    /** One iteration; whether there is more to do. */
    private boolean iterated() {
        double[] direction = curvature.direction(gradient);
        double guess = curvature.isFirst()
                ? Math.min(1, 1 / Arrays.stream(gradient).map(Math::abs).sum()) * rate
                : rate;
        curvature.go(guess);
        double slope = Curvature.dot(gradient, direction);
        if (slope > -ends.little) {
            return false;
        }
        LineSearch.Trial start = new LineSearch.Trial(0, loss, gradient, slope);
        LineSearch.Trial found =
                new LineSearch(t -> trial(t, direction), start, Curvature.largest(direction)).found(guess);
        curvature.go(found.t);
        Curvature.add(x, direction, found.t);
        double change = Math.abs(found.loss - loss);
        loss = found.loss;
        gradient = found.gradient;
        return evaluations < ends.mostEvaluations()
                && Curvature.largest(gradient) > ends.flat
                && Curvature.largest(direction) * found.t > ends.little
                && change >= ends.little;
    }

    private LineSearch.Trial trial(double t, double[] direction) {
        double[] there = x.clone();
        Curvature.add(there, direction, t);
        return evaluated(there)
                .map(point ->
                        new LineSearch.Trial(t, point.loss, point.gradient, Curvature.dot(point.gradient, direction)))
                .orElseGet(() -> new LineSearch.Trial(t, Double.POSITIVE_INFINITY, new double[0], Double.NaN));
    }
}
