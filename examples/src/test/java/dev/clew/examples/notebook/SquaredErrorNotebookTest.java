package dev.clew.examples.notebook;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.SquaredErrorByHand.Weights;
import dev.clew.examples.byhand.SquaredErrorTest;
import org.junit.jupiter.api.Test;

class SquaredErrorNotebookTest {
    private static final int[] INPUTS = {1, 3, 3};
    private static final int[] TARGETS = {0, 2, 1};

    private final JsonObject golden = Golden.read("squared_error.json");

    @Test
    void bothCallsAreAsPublished() {
        for (JsonObject one : Golden.cases(golden)) {
            Weights weights = SquaredErrorTest.weights(one);
            SquaredErrorNotebook notebook = new SquaredErrorNotebook(weights);
            Gradient first = notebook.gradient(weights, INPUTS, TARGETS, new double[7]);
            Expect.near(first.loss(), one.get("loss").getAsDouble(), 1e-10, "loss");
            Expect.near(first.parameters(), one.get("grad_notebook"), 1e-10, "first call");
            Expect.near(first.initialState(), one.get("grad_notebook_dnext_h_left_over"), 1e-10, "left over");
            expectErrors(first, one, "grad_notebook_error_vs_true");

            Gradient second = notebook.gradient(weights, INPUTS, TARGETS, new double[7]);
            expectErrors(second, one, "grad_notebook_after_second_backward_without_reset_error_vs_true");
        }
    }

    private static void expectErrors(Gradient published, JsonObject one, String errors) {
        Expect.errors(published.parameters(), Golden.matrices(one.get("grad_true")), one.getAsJsonObject(errors), 1e-9);
    }

    @Test
    void descentClimbsAsPublished() {
        JsonObject training = golden.getAsJsonObject("training");
        expectTrajectory(Golden.vector(Golden.field(training, "lr0.001_loss_notebook_as_written")), 0.001);
        expectTrajectory(Golden.vector(Golden.field(training, "lr0.05_loss_notebook_as_written")), 0.05);
    }

    private void expectTrajectory(double[] losses, double rate) {
        Weights weights =
                SquaredErrorTest.weights(Golden.cases(golden).iterator().next());
        SquaredErrorNotebook notebook = new SquaredErrorNotebook(weights);
        for (int step = 0; step < losses.length; step++) {
            Gradient gradient = notebook.gradient(weights, INPUTS, TARGETS, new double[7]);
            Expect.near(gradient.loss(), losses[step], 1e-9, "rate " + rate + ", step " + step);
            gradient.descend(weights.asMap(), rate);
        }
    }
}
