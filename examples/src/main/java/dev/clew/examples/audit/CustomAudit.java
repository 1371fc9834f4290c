package dev.clew.examples.audit;

import dev.clew.array.NDArray;
import dev.clew.audit.AuditReport;
import dev.clew.audit.ByHand;
import dev.clew.audit.GradientAudit;
import dev.clew.audit.Unrolled;
import dev.clew.io.Npz;
import dev.clew.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The audit of a cell that has no name here: its forward pass is written once more, in Clew, under the names that the arrays have.
 *
 * <p>This one has a leak: h_t = λ∘h_{t−1} + (1 − λ)∘tanh(Wx·x_t + Wh·h_{t−1} + b), and ½(Wy·h_t − target_t)² as loss of every step.
 * Without its first line it runs by itself, as a file of yours: {@code java --class-path "$CLEW" --add-modules=jdk.incubator.vector CustomAudit.java all.npz}.
 */
final class CustomAudit {
    private CustomAudit() {}

    /**
     * Vectors are columns, as in most NumPy code. Shapes: Wx (units, inputs), Wh (units, units), Wy (outputs, units), leak, b, h0 (units, 1),
     * x (steps, inputs, 1), targets (steps, outputs, 1).
     */
    static Unrolled forward(Map<String, Tensor> point) {
        Function<String, Tensor> of = name -> Objects.requireNonNull(point.get(name), name);
        Tensor x = of.apply("x");
        Tensor h0 = of.apply("h0");
        List<Tensor> states = new ArrayList<>();
        List<Tensor> losses = new ArrayList<>();
        Tensor h = h0;
        for (int t = 0; t < x.shape().length(0); t++) {
            Tensor a = of.apply("Wx")
                    .matmul(x.get(t))
                    .plus(of.apply("Wh").matmul(h))
                    .plus(of.apply("b"));
            h = a.tanh().lerp(h, of.apply("leak")); // leak∘h + (1 − leak)∘tanh(a)
            states.add(h);
            losses.add(of.apply("Wy")
                    .matmul(h)
                    .minus(of.apply("targets").get(t))
                    .square()
                    .sum()
                    .times(0.5));
        }
        Map<String, Tensor> weights = new LinkedHashMap<>(point);
        weights.keySet().removeAll(List.of("x", "h0", "targets"));
        return Unrolled.of(Tensor.sum(losses), weights).withInitial("h0", h0).withSteps("h", states);
    }

    /** Arrays by their names, and gradients with a d in front. */
    static AuditReport report(Map<String, NDArray> arrays) {
        Map<String, NDArray> point = new LinkedHashMap<>();
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith("d")) {
                gradients.put(name.substring(1), array);
            } else {
                point.put(name, array);
            }
        });
        return GradientAudit.of(CustomAudit::forward, point)
                .withGradients(ByHand.of(gradients))
                .report();
    }

    public static void main(String[] args) throws IOException {
        try (Npz file = Npz.open(Path.of(args[0]))) {
            System.out.println(report(file.readAll()));
        }
    }
}
