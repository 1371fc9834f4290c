package dev.clew.fuzz;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A sketch as tensors. Its loss is the sum of all elements of the floating-point outputs, every other one squared, each with a
 * weight of its own; a second derivative is that of the gradient's product with a fixed direction.
 *
 * @param outputs what was asked for: the outputs, the loss, its gradients, and what those change by along the direction
 * @param given numbers of the inputs
 */
record Graph(
        List<Tensor> lines,
        Tensor loss,
        List<Parameter> parameters,
        List<Tensor> gradients,
        List<Tensor> seconds,
        List<Tensor> outputs,
        Map<Tensor, NDArray> given) {

    static Graph of(Sketch sketch, boolean withInputs) {
        Map<Tensor, NDArray> given = new LinkedHashMap<>();
        List<Tensor> lines = new ArrayList<>();
        List<Parameter> parameters = new ArrayList<>();
        for (Line line : sketch.lines()) {
            switch (line) {
                case Line.Leaf(Line.Role role, Numbers numbers) -> {
                    NDArray array = numbers.array();
                    Tensor leaf = switch (role) {
                        case PARAMETER -> Parameter.of(array);
                        case INPUT ->
                            withInputs
                                    ? Tensor.input("t" + lines.size(), numbers.type(), numbers.shape())
                                    : Tensor.of(array);
                        case CONSTANT -> Tensor.of(array);
                    };
                    lines.add(leaf);
                    if (leaf instanceof Parameter parameter) {
                        parameters.add(parameter);
                    } else if (role == Line.Role.INPUT) {
                        given.put(leaf, array);
                    }
                }
                case Line.Call call ->
                    lines.add(call.rule()
                            .build()
                            .of(IntStream.of(call.in()).mapToObj(lines::get).toList(), call));
            }
        }
        return with(sketch, lines, parameters, given);
    }

    private static Graph with(
            Sketch sketch, List<Tensor> lines, List<Parameter> parameters, Map<Tensor, NDArray> given) {
        List<Tensor> terms = new ArrayList<>();
        for (int output : sketch.outputs()) {
            Tensor y = lines.get(output);
            if (y.dtype().isFloating()) {
                int k = terms.size();
                terms.add((isSquared(k) ? y.square() : y)
                        .cast(DType.F64)
                        .times(weight(k))
                        .sum());
            }
        }
        Tensor loss = terms.isEmpty() ? Tensor.of(0.0) : Tensor.sum(terms);
        Gradients first = Gradients.of(loss);
        List<Tensor> gradients = parameters.stream().map(first::wrt).toList();
        List<Tensor> seconds = sketch.seconds() && !parameters.isEmpty() ? seconds(parameters, gradients) : List.of();
        List<Tensor> outputs = new ArrayList<>();
        sketch.outputs().forEach(output -> outputs.add(lines.get(output)));
        outputs.add(loss);
        outputs.addAll(gradients);
        outputs.addAll(seconds);
        return new Graph(lines, loss, parameters, gradients, seconds, outputs, given);
    }

    private static List<Tensor> seconds(List<Parameter> parameters, List<Tensor> gradients) {
        List<Tensor> terms = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            int k = i;
            Numbers along = Numbers.of(
                    parameter.dtype(),
                    parameter.shape().lengths(),
                    IntStream.range(0, parameter.shape().elements())
                            .mapToDouble(j -> direction(k, j))
                            .toArray());
            terms.add(gradients
                    .get(i)
                    .times(Tensor.of(along.array()))
                    .cast(DType.F64)
                    .sum());
        }
        Gradients second = Gradients.of(Tensor.sum(terms));
        return parameters.stream().map(second::wrt).toList();
    }

    static boolean isSquared(int term) {
        return term % 2 == 1;
    }

    static double weight(int term) {
        return 0.75 - 0.125 * (term % 4);
    }

    /** Along which element j of parameter k moves: about as far as others, and nowhere the same; an f32. */
    static double direction(int k, int j) {
        return (float) (0.5 + Math.sin(1 + 3 * j + 7 * k));
    }

    /** The loss by the oracle, from what it gives for the lines. */
    static double loss(Sketch sketch, List<Numbers> values) {
        double loss = 0;
        int term = 0;
        for (int output : sketch.outputs()) {
            Numbers y = values.get(output);
            if (y.isFloating()) {
                double sum = 0;
                for (double x : y.data()) {
                    sum += isSquared(term) ? x * x : x;
                }
                loss += weight(term) * sum;
                term++;
            }
        }
        return loss;
    }
}
