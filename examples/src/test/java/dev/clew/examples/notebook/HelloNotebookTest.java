package dev.clew.examples.notebook;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.Alphabet;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.Gradient;
import org.junit.jupiter.api.Test;

class HelloNotebookTest {
    private final JsonObject golden = Golden.read("hello.json");

    @Test
    void theGradientIsAsPublished() {
        for (JsonObject one : Golden.cases(golden)) {
            Gradient published = HelloNotebook.gradient(
                    Alphabet.weights(one),
                    Golden.integers(one.get("inputs")),
                    Golden.integers(one.get("targets")),
                    Golden.vector(one.get("h0")));
            Expect.near(published.loss(), one.get("loss").getAsDouble(), 1e-10, "loss");
            Expect.near(published.parameters(), one.get("grad_notebook"), 1e-10, "as published");
            Expect.errors(
                    published.parameters(),
                    Golden.matrices(one.get("grad_true")),
                    one.getAsJsonObject("grad_notebook_error_vs_true"),
                    1e-9);
        }
    }

    /** The notebook carries the last state of an epoch into the next. */
    @Test
    void aHundredEpochsAreAsPublished() {
        JsonObject training = golden.getAsJsonObject("training");
        Weights weights = Alphabet.weights(Golden.matrices(training.get("initial_weights")));
        double[] expected = Golden.vector(training.get("loss_notebook_as_written"));
        int[] inputs = {0, 1, 2, 2};
        double[] h0 = new double[8];
        for (int epoch = 0; epoch < expected.length; epoch++) {
            double[][] hidden = CharacterRnnByHand.forward(weights, inputs, h0).hidden();
            Gradient gradient = HelloNotebook.gradient(weights, inputs, new int[] {1, 2, 2, 3}, h0);
            Expect.near(gradient.loss(), expected[epoch], 1e-9, "epoch " + epoch);
            gradient.descend(weights.asMap(), 0.1);
            h0 = hidden[3];
        }
    }
}
