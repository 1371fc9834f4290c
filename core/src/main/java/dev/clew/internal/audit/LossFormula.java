package dev.clew.internal.audit;

import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The derivative of a loss by what it is taken of, as people write it: softmax(o)·Σy − y. It is recognized by its numbers, since the graph
 * of a stable softmax has a dozen nodes.
 */
final class LossFormula {
    private final Uses line;
    private final Valuation values;

    LossFormula(Uses line, Valuation values) {
        this.line = line;
        this.values = values;
    }

    private record Candidate(String text, Tensor value) {}

    /** The formula of a cotangent of a node outside of the loop; empty if it is none of those that are known. */
    Optional<String> of(int node, Tensor total, String o) {
        int now = line.right().times().of(node);
        if (!line.right().isOfLoss(node)
                || now == Times.NONE
                || line.node(node).shape().rank() == 0) {
            return Optional.empty();
        }
        double[] numbers = values.above().of(total).toDoubles();
        for (Candidate each : candidates(node, now, o)) {
            double[] other = values.above().of(each.value()).toDoubles();
            double factor = dot(numbers, other) / dot(other, other);
            if (Double.isFinite(factor) && factor != 0 && Scores.distance(numbers, times(factor, other)) < 1e-9) {
                return Optional.of(factor(factor, each.text()));
            }
        }
        return Optional.empty();
    }

    private static String factor(double factor, String text) {
        if (Math.abs(factor - 1) < 1e-9) {
            return text;
        }
        if (Math.abs(factor + 1) < 1e-9) {
            return "−(" + text + ")";
        }
        double inverse = 1 / factor;
        String number = Math.abs(inverse - Math.rint(inverse)) < 1e-9
                ? "1/" + Math.round(inverse)
                : String.format(java.util.Locale.ROOT, "%.6g", factor);
        return number.replace("1/-", "−1/").replace('-', '−') + "·(" + text + ")";
    }

    private List<Candidate> candidates(int node, int now, String o) {
        List<Candidate> all = new ArrayList<>();
        Tensor x = line.node(node);
        for (int role = 0; role < line.right().roles().count(); role++) {
            Tensor y = line.at(role, now);
            if (y == null) {
                continue;
            }
            boolean fits = !Notation.isLiteral(y)
                    && y.shape().equals(x.shape())
                    && y.dtype() == x.dtype()
                    && !line.right().isNeeded(line.right().graph().position(y));
            if (fits) {
                String name = line.value(y, now);
                for (int axis = 0; axis < x.shape().rank(); axis++) {
                    if (x.shape().length(axis) > 1) {
                        String p = "softmax(" + o + ")";
                        all.add(new Candidate(p + " − " + name, x.softmax(axis).minus(y)));
                        all.add(new Candidate(
                                p + " ⊙ Σ" + name + " − " + name,
                                x.softmax(axis).times(y.sum(true, axis)).minus(y)));
                    }
                }
                all.add(new Candidate("σ(" + o + ") − " + name, x.sigmoid().minus(y)));
                all.add(new Candidate(o + " − " + name, x.minus(y)));
            }
        }
        return all;
    }

    private static double[] times(double factor, double[] numbers) {
        double[] product = numbers.clone();
        for (int i = 0; i < product.length; i++) {
            product[i] *= factor;
        }
        return product;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
