package dev.clew.fuzz;

import dev.clew.array.NDArray;
import dev.clew.tensor.Evaluator;
import java.util.List;
import java.util.Optional;

/** The walk beside the oracle. */
final class Walked {
    private static final double ULPS = 64;

    private Walked() {}

    /** The first line that is something else than the oracle says. */
    static Optional<String> fault(Sketch sketch, Graph graph) {
        List<Numbers> walk = Evaluator.plain().evaluate(graph.lines()).stream()
                .map(Numbers::of)
                .toList();
        for (int i = 0; i < walk.size(); i++) {
            if (sketch.lines().get(i) instanceof Line.Call call) {
                List<Numbers> operands = Sketch.operands(call, walk);
                Numbers expected = call.rule().meaning().of(operands, call);
                Numbers found = walk.get(i);
                if (found.type() != expected.type()
                        || !found.hasShape(expected.shape())
                        || !isClose(call, operands, found, expected)) {
                    return Optional.of(
                            "the walk gives t" + i + " = " + found + " but it is " + expected + " of " + operands);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isClose(Line.Call call, List<Numbers> operands, Numbers found, Numbers expected) {
        double in = operands.stream().mapToDouble(Numbers::largest).max().orElse(0);
        int elements = operands.stream().mapToInt(Numbers::size).max().orElse(0);
        double ulp = switch (expected.type()) {
            case F64 -> 0x1p-52;
            case F32 -> 0x1p-23;
            case I32, BOOL -> 0;
        };
        boolean jumps = call.rule().method().equals("remainder");
        double period = jumps ? (operands.size() > 1 ? operands.get(1).largest() : Math.abs(call.number())) : 0;
        for (int i = 0; i < found.size(); i++) {
            double a = found.data()[i];
            double b = expected.data()[i];
            double error = Math.abs(a - b);
            double allowed = ulp
                    * (ULPS * Math.abs(b)
                            + (ULPS + elements) * (1 + in * in + (Double.isFinite(b) ? expected.largest() : 0)));
            boolean isSame = Double.compare(a + 0.0, b + 0.0) == 0 || error <= allowed;
            if (!isSame && !(period > 0 && Math.abs(error - period) <= period + allowed)) {
                return false;
            }
        }
        return true;
    }

    static boolean isFinite(Sketch sketch) {
        Graph graph = Graph.of(sketch, false);
        return Evaluator.plain().evaluate(graph.outputs()).stream().allMatch(Walked::isFinite);
    }

    private static boolean isFinite(NDArray array) {
        for (double x : array.toDoubles()) {
            if (!Double.isFinite(x)) {
                return false;
            }
        }
        return true;
    }

    /** Gradients that are not what the oracle's differences say. */
    static Optional<String> slopes(Sketch sketch) {
        Sketch wide = sketch.wide().moved();
        if (wide.parameters().length == 0) {
            return Optional.empty();
        }
        Graph graph = Graph.of(wide, false);
        Slopes slopes = new Slopes(wide);
        List<NDArray> gradients = Evaluator.plain().evaluate(graph.gradients());
        Optional<String> first = slopes.first().flatMap(slope -> along("gradient", gradients, slope));
        if (first.isPresent() || graph.seconds().isEmpty()) {
            return first;
        }
        List<NDArray> seconds = Evaluator.plain().evaluate(graph.seconds());
        return slopes.second().flatMap(slope -> along("second derivative", seconds, slope));
    }

    private static Optional<String> along(String what, List<NDArray> gradients, Slopes.Slope slope) {
        double sum = 0;
        double size = 0;
        for (int k = 0; k < gradients.size(); k++) {
            double[] numbers = gradients.get(k).toDoubles();
            for (int j = 0; j < numbers.length; j++) {
                sum += numbers[j] * Graph.direction(k, j);
                size += Math.abs(numbers[j]);
            }
        }
        boolean isRight = !(Math.abs(sum - slope.value()) > slope.error() + 1e-12 * size);
        return isRight
                ? Optional.empty()
                : Optional.of("the " + what + " along the direction is " + sum + " but the slope is " + slope);
    }
}
