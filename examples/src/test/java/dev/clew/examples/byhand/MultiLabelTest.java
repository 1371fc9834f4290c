package dev.clew.examples.byhand;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.clew.examples.byhand.MultiLabelByHand.Forward;
import dev.clew.examples.byhand.MultiLabelByHand.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Public for the test of its notebook, which reads the same cases. */
@ParameterizedClass
@EnumSource(Way.class)
public class MultiLabelTest {
    @Parameter
    Way way = Way.BY_HAND;

    /** Keeps the logarithm finite in the notebook and its golden numbers. */
    public static final double EPSILON = 1e-8;

    private final JsonObject golden = Golden.read("multi_label.json");

    /** The weights of the file, where {@code goldenCase} has no other ones. */
    public static Weights weights(JsonObject golden, JsonObject goldenCase) {
        Map<String, double[][]> map = Golden.matrices(golden.get("weights"));
        if (goldenCase.has("by_override")) {
            map.put("by", Golden.matrix(goldenCase.get("by_override")));
        }
        return new Weights(get(map, "Wh"), get(map, "Wx"), get(map, "Wy"), get(map, "bh"), get(map, "by"));
    }

    private static double[][] get(Map<String, double[][]> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    @Test
    void forwardAndGradientAreGolden() {
        double[][] inputs = Golden.matrix(golden.get("X"));
        for (JsonObject one : Golden.cases(golden)) {
            String name = one.get("name").getAsString();
            Weights weights = weights(golden, one);
            double[] h0 = Golden.vector(one.get("h_prev"));
            Forward forward = way.forward(weights, inputs, h0);
            JsonObject expected = one.getAsJsonObject("forward");
            Expect.near(forward.hidden(), expected.get("h"), 1e-10, name);
            Expect.near(forward.logits(), expected.get("logits"), 1e-10, name);
            Expect.near(forward.probabilities(), expected.get("y_pred"), 1e-10, name);

            double[][] targets = Golden.matrix(one.get("targets"));
            Gradient gradient = way.gradient(weights, inputs, targets, h0, EPSILON);
            Expect.near(gradient.lossPerStep(), one.get("loss_per_step"), 1e-10, name);
            Expect.near(gradient.loss(), one.get("loss").getAsDouble(), 1e-10, name);
            Expect.near(gradient.parameters(), one.get("grad_true"), 1e-10, name);
            JsonObject perStep = one.getAsJsonObject("grad_true_per_step");
            Expect.near(gradient.hidden(), perStep.get("dL_dh"), 1e-10, name);
            double[][] dz = new double[gradient.hidden().length][];
            Arrays.setAll(dz, t -> Vectors.throughTanh(gradient.hidden()[t], forward.hidden()[t]));
            Expect.near(dz, perStep.get("dL_dpreactivation"), 1e-10, name);
            Expect.near(gradient.initialState(), one.get("grad_true_h_prev"), 1e-10, name);
        }
    }

    @Test
    void aHundredEpochsOfTheSmallJobAreGolden() {
        JsonObject training = golden.getAsJsonObject("training_small");
        double[][] losses = Golden.matrix(training.get("loss_true_100"));
        Weights weights = weights(golden, training);
        for (int epoch = 0; epoch < losses.length; epoch++) {
            for (int s = 0; s < 2; s++) {
                Gradient gradient = way.gradient(
                        weights,
                        Golden.matrix(training.getAsJsonArray("X").get(s)),
                        Golden.matrix(training.getAsJsonArray("Y").get(s)),
                        new double[4],
                        EPSILON);
                Expect.near(gradient.loss(), losses[epoch][s], 1e-9, "epoch " + epoch + ", sequence " + s);
                gradient.descend(weights.asMap(), 0.01);
            }
        }
    }

    @Test
    void theFirstEpochOfTheFullJobIsGolden() {
        Job job = Job.draw();
        expectFirstEpoch("random multi-label", job, s -> job.random[s]);
        expectFirstEpoch(
                "learnable multi-label",
                job,
                s -> Arrays.stream(job.inputs[s])
                        .map(x -> new double[] {x[0] > 0.5 ? 1 : 0, x[1] > 0.5 ? 1 : 0, x[2] > 0.5 ? 1 : 0})
                        .toArray(double[][]::new));
        expectFirstEpoch("learnable one-hot with memory", job, s -> {
            double[][] targets = new double[10][];
            Arrays.setAll(targets, t -> t == 0 ? new double[] {1, 0, 0} : oneHotOfLargest(job.inputs[s][t - 1]));
            return targets;
        });
        expectFirstEpoch(
                "learnable one-hot: class = argmax of x_t",
                job,
                s -> Arrays.stream(job.inputs[s])
                        .map(MultiLabelTest::oneHotOfLargest)
                        .toArray(double[][]::new));
    }

    private void expectFirstEpoch(String task, Job job, IntFunction<double[][]> targets) {
        JsonObject expected = Golden.object(
                        Golden.object(Golden.object(golden, "training_full").getAsJsonObject("tasks"), task),
                        "true_gradients")
                .getAsJsonObject("0");
        Weights weights = Job.draw().weights;
        double sum = 0;
        double last = 0;
        for (int s = 0; s < job.inputs.length; s++) {
            Gradient gradient = way.gradient(weights, job.inputs[s], targets.apply(s), new double[10], EPSILON);
            gradient.descend(weights.asMap(), 0.01);
            last = gradient.loss();
            sum += last;
        }
        Expect.near(last, expected.get("last_sequence_loss").getAsDouble(), 1e-9, task);
        Expect.near(sum / job.inputs.length, expected.get("mean_loss").getAsDouble(), 1e-9, task);
    }

    private static double[] oneHotOfLargest(double[] x) {
        int best = x[1] > x[0] ? 1 : 0;
        best = x[2] > x[best] ? 2 : best;
        double[] target = new double[3];
        target[best] = 1;
        return target;
    }

    /** A loss of many nats, and neither an overflow nor a logarithm of zero. */
    @Test
    void staysFiniteForLargeLogits() {
        Weights weights = new Weights(
                new double[1][1], new double[1][1], new double[1][2], new double[1][1], new double[][] {{2000, 0}});
        double[][] wrong = {{0, 1}};
        // With no epsilon only the form by hand is stable: the automatic one is of the formula as it is written, ln p.
        Gradient exact = MultiLabelByHand.gradient(weights, new double[1][1], wrong, new double[1], 0);
        assertThat(exact.loss()).isEqualTo(2000);
        assertThat(exact.parameters().get("by")).isDeepEqualTo(new double[][] {{1, -1}});
        Gradient flat = way.gradient(weights, new double[1][1], wrong, new double[1], EPSILON);
        assertThat(flat.loss()).isEqualTo(-Math.log(EPSILON));
        assertThat(flat.parameters().get("by")).isDeepEqualTo(new double[1][2]);
    }

    /** The full job: a hundred sequences of ten steps. */
    @SuppressWarnings("ArrayRecordComponent") // as in the classes under test
    private record Job(Weights weights, double[][][] inputs, double[][][] random) {
        static Job draw() {
            Lcg generator = new Lcg(404);
            double[][] wh = generator.matrix(10, 10, -0.0173, 0.0173);
            double[][] wx = generator.matrix(5, 10, -0.0173, 0.0173);
            double[][] wy = generator.matrix(10, 3, -0.0173, 0.0173);
            double[][][] inputs = new double[100][][];
            Arrays.setAll(inputs, s -> generator.matrix(10, 5, 0, 1));
            double[][][] targets = new double[100][][];
            Arrays.setAll(
                    targets,
                    s -> Arrays.stream(generator.matrix(10, 3, 0, 1))
                            .map(row ->
                                    Arrays.stream(row).map(x -> x < 0.5 ? 0 : 1).toArray())
                            .toArray(double[][]::new));
            return new Job(new Weights(wh, wx, wy, new double[1][10], new double[1][3]), inputs, targets);
        }
    }
}
