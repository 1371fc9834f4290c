package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.CharacterRnnByHand.Forward;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Way.class)
class HelloTest {
    @Parameter
    Way way = Way.BY_HAND;

    private static final int[] INPUTS = {0, 1, 2, 2};
    private static final int[] TARGETS = {1, 2, 2, 3};

    private final JsonObject golden = Golden.read("hello.json");

    @Test
    void forwardAndGradientAreGolden() {
        for (JsonObject one : Golden.cases(golden)) {
            String name = one.get("name").getAsString();
            Weights weights = Alphabet.weights(one);
            int[] inputs = Golden.integers(one.get("inputs"));
            double[] h0 = Golden.vector(one.get("h0"));
            Forward forward = way.forward(weights, inputs, h0);
            Expect.near(forward.hidden(), one.getAsJsonObject("forward").get("h"), 1e-10, name);
            Expect.near(forward.probabilities(), one.getAsJsonObject("forward").get("y_hat"), 1e-10, name);

            Gradient gradient = way.gradient(weights, inputs, Golden.integers(one.get("targets")), h0);
            Expect.near(gradient.lossPerStep(), one.get("loss_per_step"), 1e-10, name);
            Expect.near(gradient.loss(), one.get("loss").getAsDouble(), 1e-10, name);
            Expect.near(gradient.parameters(), one.get("grad_true"), 1e-10, name);
            Expect.near(
                    gradient.hidden(), one.getAsJsonObject("grad_true_per_step").get("dL_dh"), 1e-10, name);
        }
    }

    @Test
    void aHundredEpochsLearnTheWord() {
        JsonObject training = golden.getAsJsonObject("training");
        Weights weights = Alphabet.weights(Golden.matrices(training.get("initial_weights")));
        double[] losses = new double[100];
        for (int epoch = 0; epoch < losses.length; epoch++) {
            Gradient gradient = way.gradient(weights, INPUTS, TARGETS, new double[8]);
            losses[epoch] = gradient.loss();
            gradient.descend(weights.asMap(), 0.1);
        }
        double[] expected = Golden.vector(training.get("loss_true_gradients_h_reset_each_epoch"));
        for (int epoch = 0; epoch < losses.length; epoch++) {
            Expect.near(losses[epoch], expected[epoch], 1e-9, "epoch " + epoch);
        }
        Expect.near(weights.asMap(), training.get("final_weights_true"), 1e-9, "after training");
        assertThat(forced(weights))
                .isEqualTo(
                        training.get("prediction_true_teacher_forced_h_e_l_l").getAsString());
        assertThat(freeRunning(weights))
                .isEqualTo(training.get("prediction_true_free_running_from_h").getAsString());
    }

    @Test
    void aHundredEpochsWithTheStateCarriedOver() {
        JsonObject training = golden.getAsJsonObject("training");
        Weights weights = Alphabet.weights(Golden.matrices(training.get("initial_weights")));
        double[] expected = Golden.vector(training.get("loss_true_gradients_h_carried_detached"));
        double[] h0 = new double[8];
        for (int epoch = 0; epoch < expected.length; epoch++) {
            double[][] hidden = way.forward(weights, INPUTS, h0).hidden();
            Gradient gradient = way.gradient(weights, INPUTS, TARGETS, h0);
            Expect.near(gradient.loss(), expected[epoch], 1e-9, "epoch " + epoch);
            gradient.descend(weights.asMap(), 0.1);
            h0 = hidden[3];
        }
    }

    private String forced(Weights weights) {
        StringBuilder word = new StringBuilder();
        for (double[] probabilities :
                way.forward(weights, INPUTS, new double[8]).probabilities()) {
            word.append(letter(probabilities));
        }
        return word.toString();
    }

    private String freeRunning(Weights weights) {
        StringBuilder word = new StringBuilder("h");
        double[] h = new double[8];
        while (word.length() < 5) {
            int symbol = "helo".indexOf(word.charAt(word.length() - 1));
            Forward step = way.forward(weights, new int[] {symbol}, h);
            h = step.hidden()[0];
            word.append(letter(step.probabilities()[0]));
        }
        return word.toString();
    }

    private static char letter(double[] probabilities) {
        int best = 0;
        for (int k = 1; k < probabilities.length; k++) {
            best = probabilities[k] > probabilities[best] ? k : best;
        }
        return "helo".charAt(best);
    }

    @Test
    void refusesToDescendAlongAnotherNetworksWeights() {
        JsonObject one = Golden.cases(golden).iterator().next();
        Gradient gradient = way.gradient(Alphabet.weights(one), INPUTS, TARGETS, new double[8]);
        assertThatThrownBy(() -> gradient.descend(Map.of("wx", new double[1][1]), 0.1))
                .hasMessageContaining("no weight U")
                .hasMessageContaining("[wx]");
    }
}
