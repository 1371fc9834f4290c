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

/**
 * The audit of a cell that has no name here: its forward pass is written once more, in Clew, under the names that the arrays have.
 *
 * <p>This one has a leak: h_t = λ∘h_{t−1} + (1 − λ)∘tanh(Wx·x_t + Wh·h_{t−1} + b), and ½(Wy·h_t − target_t)² as loss of every step.
 * Copied, it runs by itself: {@code java --class-path "$CLEW" --add-modules=jdk.incubator.vector CustomAudit.java all.npz}.
 */
final class CustomAudit {
    private CustomAudit() {}

    /** Shapes: Wx (units, inputs), Wh (units, units), Wy (outputs, units), leak, b, h0 (units), x (steps, inputs), targets (steps, outputs). */
    static Unrolled forward(Map<String, Tensor> point) {
        Map<String, Tensor> weights = new LinkedHashMap<>(point);
        Tensor x = weights.remove("x");
        Tensor targets = weights.remove("targets");
        Tensor h0 = weights.remove("h0");
        List<Tensor> states = new ArrayList<>();
        List<Tensor> losses = new ArrayList<>();
        Tensor h = h0;
        for (int t = 0; t < x.shape().length(0); t++) {
            Tensor a = point.get("Wx").matmul(x.get(t)).plus(point.get("Wh").matmul(h)).plus(point.get("b"));
            h = a.tanh().lerp(h, point.get("leak")); // leak∘h + (1 − leak)∘tanh(a)
            states.add(h);
            losses.add(point.get("Wy").matmul(h).minus(targets.get(t)).square().sum().times(0.5));
        }
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
