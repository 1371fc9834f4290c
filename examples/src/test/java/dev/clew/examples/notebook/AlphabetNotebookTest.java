package dev.clew.examples.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.clew.examples.byhand.Alphabet;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Difference;
import dev.clew.examples.byhand.Expect;
import dev.clew.examples.byhand.Golden;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.byhand.Vectors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlphabetNotebookTest {
    private static final double[] ZERO_STATE = new double[16];

    private final JsonObject small = Golden.read("alphabet_small.json");

    @Test
    void theFirstCallIsRightButForTheInputWeights() {
        for (JsonObject golden : Golden.cases(small)) {
            Weights weights = Alphabet.weights(golden);
            Map<String, double[][]> right = Golden.matrices(golden.get("grad_true"));
            Gradient first = call(new AlphabetNotebook(weights), weights, golden);
            Expect.near(first.loss(), golden.get("loss").getAsDouble(), 1e-10, "loss");
            Expect.errors(
                    first.parameters(), right, golden.getAsJsonObject("grad_notebook_first_call_error_vs_true"), 1e-8);
            assertThat(first.parameters().get("U")).isDeepEqualTo(new double[16][26]);
        }
    }

    @Test
    void theGradientOfTheInputWeightsIsAddedToThem() {
        for (JsonObject golden : Golden.cases(small)) {
            Weights weights = Alphabet.weights(golden);
            double[][] before = Alphabet.weights(golden).U();
            call(new AlphabetNotebook(weights), weights, golden);
            double[][] change = Vectors.zeros(before);
            for (int i = 0; i < change.length; i++) {
                for (int j = 0; j < change[i].length; j++) {
                    change[i][j] = weights.U()[i][j] - before[i][j];
                }
            }
            Expect.near(change, golden.getAsJsonObject("grad_true").get("U"), 1e-10, "change of U");
        }
    }

    /** With the same weights and sequence as before, so that all that differs is what the first call left behind. */
    @Test
    void theSecondCallBeginsWithWhatTheFirstLeft() {
        for (JsonObject golden : Golden.cases(small)) {
            Map<String, double[][]> right = Golden.matrices(golden.get("grad_true"));
            AlphabetNotebook notebook = new AlphabetNotebook(Alphabet.weights(golden));
            Map<String, double[][]> first =
                    copy(call(notebook, Alphabet.weights(golden), golden).parameters());
            Map<String, double[][]> second =
                    call(notebook, Alphabet.weights(golden), golden).parameters();
            Expect.errors(second, right, Golden.object(golden, "grad_notebook_second_call_same"), 1e-9);

            Map<String, double[][]> increment = copy(second);
            new Gradient(0, new double[0], first, new double[0][], new double[0]).descend(increment, 1);
            Expect.errors(increment, right, Golden.object(golden, "grad_notebook_second_call_increment"), 1e-6);
        }
    }

    @Test
    void twentyEpochsAreAsPublished() {
        Lcg generator = new Lcg(16);
        Weights weights = firstWeights(generator, 16);
        double[][] losses =
                Golden.matrix(Golden.field(Golden.object(small, "trajectory_20_epochs"), "notebook_as_written"));
        AlphabetNotebook notebook = new AlphabetNotebook(weights);
        for (int epoch = 0; epoch < losses.length; epoch++) {
            double[] actual = epoch(notebook, weights, generator);
            assertThat(Difference.relative(actual, losses[epoch]))
                    .as("epoch %s", epoch)
                    .isLessThanOrEqualTo(1e-9);
        }
    }

    @Test
    void theFirstEpochsOfTheRealJobAreAsPublished() {
        JsonObject golden = Golden.read("alphabet_h128.json").getAsJsonObject("notebook_as_written");
        Lcg generator = new Lcg(2024);
        Weights weights = firstWeights(generator, 128);
        AlphabetNotebook notebook = new AlphabetNotebook(weights);
        for (int epoch = 0; epoch <= 2; epoch++) {
            double[] losses = epoch(notebook, weights, generator);
            Expect.near(
                    losses, golden.getAsJsonObject("checkpoints").get(String.valueOf(epoch)), 1e-9, "epoch " + epoch);
        }
    }

    private static Weights firstWeights(Lcg generator, int hidden) {
        double[][] w = generator.matrix(hidden, hidden, 0, 1);
        double[][] b = generator.matrix(hidden, 1, 0, 1);
        double[][] v = generator.matrix(26, hidden, 0, 1);
        double[][] c = generator.matrix(26, 1, 0, 1);
        return new Weights(new double[hidden][26], w, b, v, c);
    }

    private double[] epoch(AlphabetNotebook notebook, Weights weights, Lcg generator) {
        JsonArray sequences = small.getAsJsonArray("sequences");
        JsonArray targets = small.getAsJsonArray("targets");
        double[] losses = new double[sequences.size()];
        for (int s = 0; s < losses.length; s++) {
            AlphabetNotebook.drawInputWeights(weights, generator);
            Gradient gradient = notebook.gradient(
                    weights,
                    Alphabet.symbols(sequences.get(s).getAsString()),
                    Alphabet.symbols(targets.get(s).getAsString()),
                    new double[weights.W().length]);
            losses[s] = gradient.loss();
            gradient.descend(weights.asMap(), 1e-3);
        }
        return losses;
    }

    private static Gradient call(AlphabetNotebook notebook, Weights weights, JsonObject golden) {
        int[] inputs = Alphabet.symbols(golden.get("input_string").getAsString());
        int[] targets = Alphabet.symbols(golden.get("target_string").getAsString());
        return notebook.gradient(weights, inputs, targets, ZERO_STATE);
    }

    private static Map<String, double[][]> copy(Map<String, double[][]> tensors) {
        Map<String, double[][]> copy = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            double[][] rows = tensor.clone();
            Arrays.setAll(rows, i -> tensor[i].clone());
            copy.put(name, rows);
        });
        return copy;
    }

    @Test
    void theTwinAgreesWithTheNotebookWhereTheNotebookIsRight() {
        JsonObject golden = Golden.cases(small).iterator().next();
        Weights weights = Alphabet.weights(golden);
        int[] inputs = Alphabet.symbols(golden.get("input_string").getAsString());
        int[] targets = Alphabet.symbols(golden.get("target_string").getAsString());
        Gradient twin = CharacterRnnByHand.gradient(weights, inputs, targets, ZERO_STATE);
        Gradient published = call(new AlphabetNotebook(weights), weights, golden);
        assertThat(Difference.relative(published.hidden(), twin.hidden())).isLessThan(1e-14);
        assertThat(Difference.relative(published.initialState(), twin.initialState()))
                .isLessThan(1e-14);
    }
}
