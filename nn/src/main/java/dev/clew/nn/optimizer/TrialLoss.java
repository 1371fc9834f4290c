package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.internal.tensor.StepChange;
import dev.clew.internal.tensor.StepEvaluator;
import dev.clew.internal.tensor.StepRule;
import dev.clew.internal.tensor.StepValues;
import dev.clew.tensor.Evaluator;
import dev.clew.tensor.Graph;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A loss as a function of the numbers of its parameters, in one row: other parameters stand in for them, so those of the model stay as they are while points are
 * tried, and all points of all losses of one structure are one plan.
 */
final class TrialLoss {
    private final ImmutableMap<Parameter, Parameter> standIns;
    private final StepRule rule;
    private final int size;

    /** @param gradients those of a loss by some parameters, or an error if it depends on none */
    TrialLoss(Collection<Parameter> parameters, BiFunction<Tensor, Collection<Parameter>, Gradients> gradients) {
        ImmutableMap.Builder<Parameter, Parameter> built = ImmutableMap.builder();
        parameters.forEach(each ->
                built.put(each, Parameter.zeros(each.dtype(), each.shape().lengths())));
        this.standIns = built.buildOrThrow();
        this.size =
                parameters.stream().mapToInt(each -> each.shape().elements()).sum();
        this.rule = outputs -> {
            Gradients found = gradients.apply(outputs.getFirst(), standIns.values());
            return new StepChange(standIns.values().stream().map(found::wrt).toList(), Map.of());
        };
    }

    /** How many numbers there are. */
    int size() {
        return size;
    }

    /** What a point has. */
    static final class Point {
        final double loss;
        final double[] gradient;
        final StepValues values;

        Point(double loss, double[] gradient, StepValues values) {
            this.loss = loss;
            this.gradient = gradient;
            this.values = values;
        }
    }

    /** Formulas of the parameters, as formulas of those that stand in. */
    List<Tensor> of(List<Tensor> outputs) {
        Map<Tensor, Tensor> copies = new HashMap<>(standIns);
        for (Tensor node : Graph.of(outputs).nodes()) {
            if (!(node.op() instanceof Source)) {
                Tensor[] inputs = node.inputs().stream()
                        .map(input -> copies.getOrDefault(input, input))
                        .toArray(Tensor[]::new);
                boolean isSame = Arrays.asList(inputs).equals(node.inputs());
                copies.put(node, isSame ? node : node.op().on(inputs));
            }
        }
        return outputs.stream().map(each -> copies.getOrDefault(each, each)).toList();
    }

    /** The loss, which is the first of the formulas, and its gradient at a point; none where they are not finite. */
    Optional<Point> at(double[] x, List<Tensor> formulas) {
        Map<Parameter, NDArray> numbers = new HashMap<>();
        Map<Parameter, NDArray> arrays = arrays(x);
        standIns.forEach((parameter, standIn) -> numbers.put(standIn, of(arrays, parameter)));
        Parameter.setAll(numbers);
        return StepEvaluator.step(Evaluator.current(), formulas, rule)
                .values()
                .map(values -> new Point(values.outputs().getFirst().item(), row(values.reported()), values))
                .filter(point -> Arrays.stream(point.gradient).allMatch(Double::isFinite));
    }

    private static NDArray of(Map<Parameter, NDArray> arrays, Parameter parameter) {
        return Optional.ofNullable(arrays.get(parameter)).orElseThrow();
    }

    /** The numbers that the parameters have now, in a row. */
    double[] row() {
        return row(standIns.keySet().stream().map(Parameter::value).toList());
    }

    private double[] row(List<NDArray> arrays) {
        double[] row = new double[size];
        int next = 0;
        for (NDArray array : arrays) {
            double[] numbers = array.toDoubles();
            System.arraycopy(numbers, 0, row, next, numbers.length);
            next += numbers.length;
        }
        return row;
    }

    /** A row as the numbers of parameters. */
    ImmutableMap<Parameter, NDArray> arrays(double[] row) {
        ImmutableMap.Builder<Parameter, NDArray> arrays = ImmutableMap.builder();
        int next = 0;
        for (Parameter parameter : ImmutableList.copyOf(standIns.keySet())) {
            int end = next + parameter.shape().elements();
            arrays.put(
                    parameter,
                    NDArray.of(parameter.shape(), Arrays.copyOfRange(row, next, end))
                            .cast(parameter.dtype()));
            next = end;
        }
        return arrays.buildOrThrow();
    }
}
