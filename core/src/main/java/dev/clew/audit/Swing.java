package dev.clew.audit;

import dev.clew.array.NDArray;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a gradient, as the formula it is, varies along a line. By the mean value theorem a difference quotient is the mean of the
 * derivative over the step, so a gradient may be measured by the quotient only where that mean is known: where the gradient is
 * smooth within the step, and does not hang on the last digits of its input. It rounds, too, and where numbers on its way are too
 * small for the range of their type, it has few digits or none.
 */
final class Swing {
    private static final double[] KNOTS = {-1, -0.6, 0, 0.6, 1};

    /** Between the knots, and near the point. */
    private static final double[] BETWEEN = {-0.83, -0.31, -0.07, 0.11, 0.37, 0.79};

    private final Tensor gradient;
    private final Tensor x;
    private final Probe probe;
    private final int[] dependents;

    Swing(Tensor gradient, Tensor x, Set<Tensor> held) {
        this.gradient = gradient;
        this.x = x;
        this.probe = new Probe(gradient, held);
        this.dependents = probe.dependents(x);
    }

    /**
     * How little is known of the gradient along a line within a reach: how far it is from the polynomial of degree 4 through five
     * of its values, and how much it changes with the smallest steps there are.
     */
    double within(Line line, double reach, double smallest) {
        if (dependents.length == 0) {
            return 0;
        }
        double[] values = new double[KNOTS.length];
        Arrays.setAll(values, i -> slope(line, reach * KNOTS[i]));
        double most = 0;
        for (double between : BETWEEN) {
            most = Math.max(most, Math.abs(slope(line, reach * between) - polynomial(values, between)));
        }
        double here = values[KNOTS.length / 2];
        for (double step : new double[] {-2 * smallest, -smallest, smallest, 2 * smallest}) {
            most = Math.max(most, Math.abs(slope(line, step) - here));
        }
        return Double.isNaN(most) ? Double.POSITIVE_INFINITY : most;
    }

    /** How far rounding and underflow in its own formula may throw the gradient off along a line. */
    double rounding(Line line) {
        try {
            return new Noise(probe, Gradients.of(gradient, Tensor.of(line.direction()))).ofAll() * line.size();
        } catch (UnsupportedOperationException | IllegalStateException withoutDerivative) {
            if (!isOfACustom(withoutDerivative)) {
                throw withoutDerivative;
            }
            // Whoever wrote a derivative need not have written the derivative of that.
            return 0;
        }
    }

    /** Whether an error comes out of a derivative that a user wrote, and not of ours. */
    private boolean isOfACustom(RuntimeException error) {
        Set<String> customs = probe.graph().nodes().stream()
                .filter(node -> node.op() instanceof Custom)
                .map(node -> node.op().getClass().getName())
                .collect(Collectors.toSet());
        return Arrays.stream(error.getStackTrace())
                .anyMatch(call -> call.getMethodName().equals("vjp") && customs.contains(call.getClassName()));
    }

    private static double polynomial(double[] values, double at) {
        double sum = 0;
        for (int i = 0; i < KNOTS.length; i++) {
            double product = values[i];
            for (int j = 0; j < KNOTS.length; j++) {
                product *= i == j ? 1 : (at - KNOTS[j]) / (KNOTS[i] - KNOTS[j]);
            }
            sum += product;
        }
        return sum;
    }

    private double slope(Line line, double step) {
        NDArray[] values = probe.moved(x, dependents, line.at(step).numbers());
        return line.along(values[values.length - 1].toDoubles());
    }
}
