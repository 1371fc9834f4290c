package dev.clew.examples.notebook;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.MultiLabelByHand.Weights;
import dev.clew.examples.byhand.MultiLabelTest;
import org.junit.jupiter.api.Test;

class MultiLabelNotebookTest {
    private final JsonObject golden = Golden.read("multi_label.json");

    @Test
    void theGradientIsAsPublished() {
        for (JsonObject one : Golden.cases(golden)) {
            String name = one.get("name").getAsString();
            Gradient published = MultiLabelNotebook.gradient(
                    MultiLabelTest.weights(golden, one),
                    Golden.matrix(golden.get("X")),
                    Golden.matrix(one.get("targets")),
                    Golden.vector(one.get("h_prev")),
                    MultiLabelTest.EPSILON);
            Expect.near(published.loss(), one.get("loss").getAsDouble(), 1e-10, name);
            Expect.near(published.parameters(), one.get("grad_notebook"), 1e-10, name);
            Expect.errors(
                    published.parameters(),
                    Golden.matrices(one.get("grad_true")),
                    one.getAsJsonObject("grad_notebook_error_vs_true"),
                    1e-9);
        }
    }

    @Test
    void aHundredEpochsOfTheSmallJobAreAsPublished() {
        JsonObject training = golden.getAsJsonObject("training_small");
        double[][] losses = Golden.matrix(training.get("loss_notebook_as_written_100"));
        Weights weights = MultiLabelTest.weights(golden, training);
        for (int epoch = 0; epoch < losses.length; epoch++) {
            for (int s = 0; s < 2; s++) {
                Gradient gradient = MultiLabelNotebook.gradient(
                        weights,
                        Golden.matrix(training.getAsJsonArray("X").get(s)),
                        Golden.matrix(training.getAsJsonArray("Y").get(s)),
                        new double[4],
                        MultiLabelTest.EPSILON);
                Expect.near(gradient.loss(), losses[epoch][s], 1e-9, "epoch " + epoch + ", sequence " + s);
                gradient.descend(weights.asMap(), 0.01);
            }
        }
    }
}
