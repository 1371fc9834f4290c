package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.examples.byhand.CountingByHand.Weights;
import dev.clew.examples.notebook.CountingNotebook;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Twin and notebook in one, for the notebook has the right gradient and only prints another cost. */
@ParameterizedClass
@EnumSource(Way.class)
class CountingTest {
    @Parameter
    Way way = Way.BY_HAND;

    private final JsonObject golden = Golden.read("counting.json");
    private final double[][] inputs = Golden.matrix(golden.get("inputs"));
    private final double[] targets = Golden.vector(golden.get("targets"));
    private final JsonObject linear = golden.getAsJsonObject("part1_linear");
    private final JsonObject sigmoid = golden.getAsJsonObject("part2_sigmoid");

    private Gradient gradient(Weights weights, Variant variant) {
        return way.gradient(weights, inputs, targets, new double[3], variant);
    }

    private Gradient asPublished(Weights weights, Variant variant) {
        return CountingNotebook.gradient(weights, inputs, targets, new double[3], variant);
    }

    private static Weights weights(JsonObject object) {
        return Weights.of(object.get("wx").getAsDouble(), object.get("wrec").getAsDouble());
    }

    @Test
    void linearGradientIsGolden() {
        expectCases(linear, Variant.LINEAR);
        for (JsonObject one : Golden.objects(linear.getAsJsonArray("gradient_cases"))) {
            double cost = asPublished(weights(one), Variant.LINEAR).loss();
            Expect.near(cost, Golden.field(one, "cost_as_coded").getAsDouble(), 1e-10, "cost as printed");
        }
    }

    @Test
    void sigmoidGradientIsGolden() {
        expectCases(sigmoid, Variant.SIGMOID);
    }

    private void expectCases(JsonObject part, Variant variant) {
        for (JsonObject one : Golden.objects(part.getAsJsonArray("gradient_cases"))) {
            Weights weights = weights(one);
            double[][] states = way.forward(weights, inputs, new double[3], variant);
            Expect.near(states, one.get("states"), 1e-10, "states");
            Gradient gradient = gradient(weights, variant);
            Expect.near(gradient.loss(), one.get("loss").getAsDouble(), 1e-10, "loss");
            Expect.near(gradient.parameters(), one.get("grad_true"), 1e-10, "gradient");
            Expect.near(gradient.hidden(), one.get("grad_true_per_step_dL_dz"), 1e-10, "dL/dz");
            Expect.near(asPublished(weights, variant).parameters(), one.get("grad_notebook"), 1e-10, "as published");
            expectDistanceFromPrintedCost(gradient.parameters(), one);
        }
    }

    private static void expectDistanceFromPrintedCost(Map<String, double[][]> gradient, JsonObject one) {
        if (!one.has("true_gradient_of_the_cost_as_coded")) {
            return;
        }
        Map<String, double[][]> ofPrinted = Golden.matrices(one.get("true_gradient_of_the_cost_as_coded"));
        JsonObject errors = one.getAsJsonObject("rel_err_notebook_vs_cost_as_coded");
        ofPrinted.forEach((name, derivative) -> {
            double[][] ours = Objects.requireNonNull(gradient.get(name));
            Expect.near(Difference.relative(ours, derivative), errors.get(name).getAsDouble(), 1e-9, name);
        });
    }

    @Test
    void learnsToCountWithTwoLinearWeights() {
        Weights weights = expectTrajectory(linear, Variant.LINEAR);
        double[] prediction = way.forward(weights, inputs, new double[3], Variant.LINEAR)[2];
        assertThat(Difference.relative(prediction, targets)).isLessThan(1e-10);
    }

    @Test
    void learnsToCountThroughSigmoids() {
        expectTrajectory(sigmoid, Variant.SIGMOID);
    }

    private Weights expectTrajectory(JsonObject part, Variant variant) {
        JsonObject trajectory = Golden.object(part, "trajectory (");
        Weights weights = weights(trajectory.getAsJsonObject("0"));
        int epochs = part.get("epochs").getAsInt();
        for (int epoch = 0; epoch < epochs; epoch++) {
            Gradient gradient = gradient(weights, variant);
            JsonElement point = trajectory.get(String.valueOf(epoch));
            if (point != null) {
                expectPoint(weights, gradient, variant, point.getAsJsonObject(), epoch);
            }
            // Each weight has its own rate here.
            weights.wx()[0][0] -= part.get("lr_wx").getAsDouble() * first(gradient, "wx");
            weights.wrec()[0][0] -= part.get("lr_wrec").getAsDouble() * first(gradient, "wrec");
        }
        JsonObject last = trajectory.getAsJsonObject("final");
        Expect.near(weights.wx()[0][0], last.get("wx").getAsDouble(), 1e-9, "final wx");
        Expect.near(weights.wrec()[0][0], last.get("wrec").getAsDouble(), 1e-9, "final wrec");
        double[][] states = way.forward(weights, inputs, new double[3], variant);
        Expect.near(states[2], last.get("prediction"), 1e-9, "final prediction");
        return weights;
    }

    private void expectPoint(Weights weights, Gradient gradient, Variant variant, JsonObject point, int epoch) {
        String what = "epoch " + epoch;
        Expect.near(weights.wx()[0][0], point.get("wx").getAsDouble(), 1e-9, what);
        Expect.near(weights.wrec()[0][0], point.get("wrec").getAsDouble(), 1e-9, what);
        Expect.near(gradient.loss(), point.get("cost").getAsDouble(), 1e-9, what);
        Expect.near(first(gradient, "wx"), point.get("grad_wx").getAsDouble(), 1e-9, what);
        Expect.near(first(gradient, "wrec"), point.get("grad_wrec").getAsDouble(), 1e-9, what);
        double printed = asPublished(weights, variant).loss();
        Expect.near(printed, point.get("cost_as_coded_by_the_notebook").getAsDouble(), 1e-9, what);
        double[] prediction = way.forward(weights, inputs, new double[3], variant)[2];
        Expect.near(prediction, point.get("prediction"), 1e-9, what);
    }

    private static double first(Gradient gradient, String name) {
        return Objects.requireNonNull(gradient.parameters().get(name))[0][0];
    }
}
