package dev.clew.examples.byhand;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.SquaredErrorByHand.Forward;
import dev.clew.examples.byhand.SquaredErrorByHand.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Public for the test of its notebook, which reads the same cases. */
@ParameterizedClass
@EnumSource(Way.class)
public class SquaredErrorTest {
    @Parameter
    Way way = Way.BY_HAND;

    private final JsonObject golden = Golden.read("squared_error.json");

    /** The weights of a golden case. */
    public static Weights weights(JsonObject goldenCase) {
        Map<String, double[][]> map = Golden.matrices(goldenCase.get("weights"));
        return new Weights(get(map, "Wxh"), get(map, "Whh"), get(map, "Why"), get(map, "bh"), get(map, "by"));
    }

    private static double[][] get(Map<String, double[][]> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    @Test
    void forwardAndGradientAreGolden() {
        for (JsonObject one : Golden.cases(golden)) {
            String name = one.get("name").getAsString();
            Weights weights = weights(one);
            int[] inputs = Golden.integers(one.get("inputs"));
            Forward forward = way.forward(weights, inputs, new double[7]);
            Expect.near(forward.hidden(), one.getAsJsonObject("forward").get("h"), 1e-10, name);
            Expect.near(forward.outputs(), one.getAsJsonObject("forward").get("y_hat"), 1e-10, name);

            int[] targets = Golden.integers(one.get("targets"));
            Gradient gradient = way.gradient(weights, inputs, targets, new double[7]);
            Expect.near(gradient.lossPerStep(), one.get("loss_per_step"), 1e-10, name);
            Expect.near(gradient.loss(), one.get("loss").getAsDouble(), 1e-10, name);
            Expect.near(gradient.parameters(), one.get("grad_true"), 1e-10, name);
            JsonObject perStep = one.getAsJsonObject("grad_true_per_step");
            Expect.near(gradient.hidden(), perStep.get("dL_dh"), 1e-10, name);
            double[][] dz = new double[gradient.hidden().length][];
            Arrays.setAll(dz, t -> Vectors.throughTanh(gradient.hidden()[t], forward.hidden()[t]));
            Expect.near(dz, perStep.get("dL_dpreactivation"), 1e-10, name);
        }
    }

    @Test
    void descentIsGolden() {
        JsonObject training = golden.getAsJsonObject("training");
        double[] slow = Golden.vector(training.get("lr0.001_loss_true_50"));
        Weights weights = weights(Golden.cases(golden).iterator().next());
        for (int step = 0; step < slow.length; step++) {
            Expect.near(descend(weights, 0.001), slow[step], 1e-9, "step " + step);
        }

        JsonObject fast = training.getAsJsonObject("lr0.05_loss_true_300");
        weights = weights(Golden.cases(golden).iterator().next());
        for (int step = 0; step < 300; step++) {
            double loss = descend(weights, 0.05);
            if (fast.has(String.valueOf(step))) {
                Expect.near(loss, fast.get(String.valueOf(step)).getAsDouble(), 1e-9, "step " + step);
            }
        }
        double[][] outputs =
                way.forward(weights, new int[] {1, 3, 3}, new double[7]).outputs();
        Expect.near(outputs, training.get("final_y_hat_true_lr0.05"), 1e-9, "after training");
    }

    private double descend(Weights weights, double rate) {
        Gradient gradient = way.gradient(weights, new int[] {1, 3, 3}, new int[] {0, 2, 1}, new double[7]);
        gradient.descend(weights.asMap(), rate);
        return gradient.loss();
    }
}
