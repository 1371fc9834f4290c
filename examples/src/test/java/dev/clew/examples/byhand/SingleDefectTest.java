package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.CountingByHand.Variant;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One defect of a notebook at a time, put into the right twin, is as far from the truth as golden says. */
class SingleDefectTest {
    @TempDir
    Path directory;

    private MutatedTwin mutated(Class<?> twin, String right, String wrong) throws Exception {
        return MutatedTwin.of(twin, twin.getSimpleName() + ".java", right, wrong, directory);
    }

    @Test
    void helloWithTheStateOfTheSameStep() throws Exception {
        expectHello("outer(dz, previous, d.W)", "outer(dz, h, d.W)", "error_of_defect_h_prev_equals_h_alone");
    }

    @Test
    void helloWithNoPathBackThroughTime() throws Exception {
        expectHello(
                "Accumulate.transposeTimes(w.W, dz, t > 0 ? dHidden[t - 1] : dInitial);",
                "",
                "error_of_defect_no_bptt_alone");
    }

    private void expectHello(String right, String wrong, String errors) throws Exception {
        try (MutatedTwin twin = mutated(CharacterRnnByHand.class, right, wrong)) {
            for (JsonObject one : Golden.cases(Golden.read("hello.json"))) {
                Gradient gradient = twin.gradient(
                        Alphabet.weights(one),
                        Golden.integers(one.get("inputs")),
                        Golden.integers(one.get("targets")),
                        Golden.vector(one.get("h0")));
                expectErrors(gradient, one, errors);
            }
        }
    }

    @Test
    void squaredErrorWithTheOtherSign() throws Exception {
        expectSquaredError(
                "dOutput[targets[t]] -= 1;",
                "dOutput[targets[t]] -= 1; for (int k = 0; k < dOutput.length; k++) dOutput[k] = -dOutput[k];",
                "error_of_defect_sign_alone");
    }

    @Test
    void squaredErrorWithoutTheTranspose() throws Exception {
        expectSquaredError("transposeTimes(w.Whh, dz,", "times(w.Whh, dz,", "error_of_defect_missing_transpose_alone");
    }

    private void expectSquaredError(String right, String wrong, String errors) throws Exception {
        try (MutatedTwin twin = mutated(SquaredErrorByHand.class, right, wrong)) {
            for (JsonObject one : Golden.cases(Golden.read("squared_error.json"))) {
                Gradient gradient = twin.gradient(
                        SquaredErrorTest.weights(one),
                        Golden.integers(one.get("inputs")),
                        Golden.integers(one.get("targets")),
                        new double[7]);
                expectErrors(gradient, one, errors);
            }
        }
    }

    private static void expectErrors(Gradient gradient, JsonObject one, String errors) {
        Expect.errors(gradient.parameters(), Golden.matrices(one.get("grad_true")), one.getAsJsonObject(errors), 1e-9);
    }

    /** The gradient still points somewhere, and descent along it climbs for ever. */
    @Test
    void countingWithoutTheDerivativeOfTheSigmoid() throws Exception {
        JsonObject golden = Golden.read("counting.json");
        double[][] inputs = Golden.matrix(golden.get("inputs"));
        double[] targets = Golden.vector(golden.get("targets"));
        JsonObject part = golden.getAsJsonObject("part2_sigmoid");
        try (MutatedTwin twin = mutated(CountingByHand.class, "dState[n] * s * (1 - s)", "dState[n]")) {
            for (JsonObject one : Golden.objects(part.getAsJsonArray("gradient_cases"))) {
                Gradient gradient = twin.gradient(weights(one), inputs, targets, new double[3], Variant.SIGMOID);
                JsonObject errors = one.getAsJsonObject("rel_err_if_sigmoid_derivative_were_missing");
                Golden.matrices(one.get("grad_true"))
                        .forEach((name, right) -> Expect.near(
                                Difference.relative(get(gradient, name), right),
                                errors.get(name).getAsDouble(),
                                1e-9,
                                name));
            }

            JsonObject trajectory = part.getAsJsonObject("trajectory_if_sigmoid_derivative_were_missing");
            CountingByHand.Weights weights = weights(trajectory.getAsJsonObject("0"));
            for (int epoch = 0; epoch <= 5000; epoch++) {
                Gradient gradient = twin.gradient(weights, inputs, targets, new double[3], Variant.SIGMOID);
                if (trajectory.has(String.valueOf(epoch))) {
                    JsonObject point = trajectory.getAsJsonObject(String.valueOf(epoch));
                    Expect.near(gradient.loss(), point.get("cost").getAsDouble(), 1e-9, "epoch " + epoch);
                    Expect.near(get(gradient, "wx")[0][0], point.get("grad_wx").getAsDouble(), 1e-9, "wx");
                    Expect.near(
                            get(gradient, "wrec")[0][0], point.get("grad_wrec").getAsDouble(), 1e-9, "wrec");
                }
                gradient.descend(weights.asMap(), part.get("lr_wx").getAsDouble());
            }
        }
        assertThat(part.get("lr_wx")).isEqualTo(part.get("lr_wrec"));
    }

    private static double[][] get(Gradient gradient, String name) {
        return Objects.requireNonNull(gradient.parameters().get(name), name);
    }

    private static CountingByHand.Weights weights(JsonObject object) {
        return CountingByHand.Weights.of(
                object.get("wx").getAsDouble(), object.get("wrec").getAsDouble());
    }
}
