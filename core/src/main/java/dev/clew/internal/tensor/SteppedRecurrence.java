package dev.clew.internal.tensor;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * The states of a loop h ← b₀[i] + ... + a[i]·h + ... + bₖ[i], with a rounding after the product and after each sum, as the loop has
 * them: h[0] is the start, and h[i+1] is made of h[i] along the first axis; if reversed, h[n] is the start, and h[i] is made of h[i+1].
 *
 * <p>Shapes: a and every b (n, ...), the start (...) → (n + 1, ...). The inputs are a, the start, and every b.
 *
 * @param at how many terms stand before the product
 */
public record SteppedRecurrence(boolean reversed, int at) implements Scan {
    @Override
    public String label() {
        return "steppedRecurrence";
    }

    @Override
    public Shape shape(List<Tensor> inputs) {
        Shape a = inputs.get(0).shape();
        Shape start = inputs.get(1).shape();
        List<Tensor> terms = inputs.subList(2, inputs.size());
        boolean fits = a.rank() > 0
                && terms.stream().allMatch(b -> b.shape().equals(a))
                && a.without(0).equals(start)
                && at >= 0
                && at <= terms.size();
        if (!fits) {
            throw new IllegalArgumentException("steppedRecurrence with factors " + a + ", terms "
                    + terms.stream().map(Tensor::shape).toList() + " and the start " + start
                    + ": factors and terms are alike, and the start lacks their first axis");
        }
        return a.with(0, a.length(0) + 1);
    }

    @Override
    public DType dtype(List<Tensor> inputs) {
        return DTypes.floating(label(), inputs);
    }

    @Override
    public NDArray value(Tensor node, List<NDArray> inputs) {
        List<double[]> numbers = inputs.stream().map(NDArray::toDoubles).toList();
        double[] start = numbers.get(1);
        int row = start.length;
        int steps = node.shape().length(0) - 1;
        double[] h = new double[(steps + 1) * row];
        System.arraycopy(start, 0, h, reversed ? steps * row : 0, row);
        for (int step = 0; step < steps; step++) {
            int i = reversed ? steps - 1 - step : step;
            for (int at = i * row; at < (i + 1) * row; at++) {
                double before = h[reversed ? at + row : at];
                h[reversed ? at : at + row] = next(numbers, before, at, node.dtype());
            }
        }
        return NDArray.of(node.shape(), h).cast(node.dtype());
    }

    private double next(List<double[]> numbers, double before, int element, DType type) {
        double product = rounded(numbers.getFirst()[element] * before, type);
        int terms = numbers.size() - 2;
        double sum = at == 0 ? product : numbers.get(2)[element];
        for (int i = 1; i <= terms; i++) {
            double term = i == at ? product : numbers.get(2 + (i < at ? i : i - 1))[element];
            sum = rounded(sum + term, type);
        }
        return sum;
    }

    private static double rounded(double x, DType type) {
        return type == DType.F32 ? (float) x : x;
    }

    @Override
    public Tensor vjp(Tensor y, int input, Tensor yBar) {
        int steps = y.shape().length(0) - 1;
        int first = reversed ? 0 : 1; // The first of the states that are not the start.
        Tensor terms = yBar.slice(0, 1 - first, steps + 1 - first);
        Tensor last = yBar.get(0, reversed ? 0 : steps);
        Tensor bars = new SteppedRecurrence(!reversed, 0).on(y.input(0), last, terms);
        return switch (input) {
            case 0 -> bars.slice(0, first, steps + first).times(y.slice(0, 1 - first, steps + 1 - first));
            case 1 -> bars.get(0, reversed ? steps : 0);
            default -> bars.slice(0, first, steps + first);
        };
    }
}
