package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.clew.examples.byhand.CharacterRnnByHand.Forward;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class AlphabetTest {
    @Parameter
    Way way = Way.BY_HAND;

    private final JsonObject small = Golden.read("alphabet_small.json");
    private final JsonObject large = Golden.read("alphabet_h128.json");

    @Test
    void forwardAndGradientAreGolden() {
        for (JsonObject golden : Golden.cases(small)) {
            String name = golden.get("name").getAsString();
            Weights weights = Alphabet.weights(golden);
            int[] inputs = Alphabet.symbols(golden.get("input_string").getAsString());
            int[] targets = Alphabet.symbols(golden.get("target_string").getAsString());
            Forward forward = way.forward(weights, inputs, new double[16]);
            Gradient gradient = way.gradient(weights, inputs, targets, new double[16]);

            Expect.near(forward.hidden(), golden.getAsJsonObject("forward").get("h"), 1e-10, name);
            Expect.near(gradient.lossPerStep(), golden.get("loss_per_step"), 1e-10, name);
            Expect.near(gradient.loss(), golden.get("loss").getAsDouble(), 1e-10, name);

            // tanh is saturated in the second case: W's gradient is what is left after cancellation.
            JsonObject right = golden.getAsJsonObject("grad_true");
            boolean saturated = name.startsWith("notebook_init");
            assertThat(gradient.parameters()).containsOnlyKeys(right.keySet());
            gradient.parameters()
                    .forEach((parameter, derivative) -> Expect.near(
                            derivative, right.get(parameter), saturated && parameter.equals("W") ? 1e-8 : 1e-10, name));
            if (!saturated) {
                Expect.near(forward.logits(), golden.getAsJsonObject("forward").get("logits"), 1e-10, name);
            }
            expectStates(gradient, golden.getAsJsonObject("grad_true_per_step"), name);
        }
    }

    private static void expectStates(Gradient gradient, JsonObject perStep, String name) {
        if (perStep.has("dL_dh")) {
            Expect.near(gradient.hidden(), perStep.get("dL_dh"), 1e-10, name);
        } else {
            double[] lengths = Arrays.stream(gradient.hidden())
                    .mapToDouble(
                            row -> Math.sqrt(Arrays.stream(row).map(x -> x * x).sum()))
                    .toArray();
            Expect.near(lengths, perStep.get("dL_dh_norm"), 1e-10, name);
        }
    }

    @Test
    void twentyEpochsOfDescentAreGolden() {
        JsonObject trajectories = Golden.object(small, "trajectory_20_epochs");
        JsonObject first = small.getAsJsonArray("cases").get(0).getAsJsonObject();
        expectTrajectory(Alphabet.weights(first), Golden.matrix(trajectories.get("true_gradients_scaled_init")));
        expectTrajectory(
                Alphabet.draw(new Lcg(16), 16, 0, 1),
                Golden.matrix(trajectories.get("true_gradients_notebook_init_U01")));
    }

    private void expectTrajectory(Weights weights, double[][] losses) {
        for (int epoch = 0; epoch < losses.length; epoch++) {
            double[] actual = epoch(weights, 1e-3);
            assertThat(Difference.relative(actual, losses[epoch]))
                    .as("epoch %s", epoch)
                    .isLessThanOrEqualTo(1e-9);
        }
    }

    @Test
    void aHundredEpochsOfTheRealJobAreGolden() {
        JsonObject job = large.getAsJsonArray("jobs").get(0).getAsJsonObject();
        double bound = 1 / Math.sqrt(128);
        Weights weights = Alphabet.draw(new Lcg(2024), 128, -bound, bound);
        assertThat(Alphabet.bits(weights))
                .isEqualTo(job.get("xor_of_initial_weight_bits").getAsString());
        assertThat(weights.W()[0][0]).isEqualTo(job.get("first_weight_W00").getAsDouble());

        JsonObject checkpoints = job.getAsJsonObject("checkpoints");
        int seen = 0;
        for (int epoch = 0; epoch <= 100; epoch++) {
            double[] losses = epoch(weights, 5e-4);
            JsonElement expected = checkpoints.get(String.valueOf(epoch));
            if (expected != null) {
                Expect.near(losses, expected, 1e-9, "epoch " + epoch);
                seen++;
            }
        }
        assertThat(seen).isEqualTo(9);
    }

    /** Positive weights alone drive tanh to exactly 1: the right gradient is then of no use. */
    @Test
    void theNotebooksInitialWeightsSaturate() {
        JsonObject job = large.getAsJsonArray("jobs").get(2).getAsJsonObject();
        Weights weights = Alphabet.draw(new Lcg(2024), 128, 0, 1);
        assertThat(Alphabet.bits(weights))
                .isEqualTo(job.get("xor_of_initial_weight_bits").getAsString());
        for (int epoch = 0; epoch <= 2; epoch++) {
            Expect.near(
                    epoch(weights, 1e-3),
                    job.getAsJsonObject("checkpoints").get(String.valueOf(epoch)),
                    1e-9,
                    "epoch " + epoch);
        }
        assertThat(Alphabet.bits(Alphabet.draw(new Lcg(16), 16, 0, 1))).isEqualTo("00f3a620610ab890");
    }

    /** One update per sequence, in order; the losses are taken before each update. */
    private double[] epoch(Weights weights, double rate) {
        JsonArray sequences = small.getAsJsonArray("sequences");
        JsonArray targets = small.getAsJsonArray("targets");
        double[] losses = new double[sequences.size()];
        for (int s : List.of(0, 1, 2, 3, 4)) {
            Gradient gradient = way.gradient(
                    weights,
                    Alphabet.symbols(sequences.get(s).getAsString()),
                    Alphabet.symbols(targets.get(s).getAsString()),
                    new double[weights.W().length]);
            losses[s] = gradient.loss();
            gradient.descend(weights.asMap(), rate);
        }
        return losses;
    }
}
