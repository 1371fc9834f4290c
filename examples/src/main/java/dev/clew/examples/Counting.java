package dev.clew.examples;

import dev.clew.array.DType;
import dev.clew.examples.byhand.CountingByHand;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.examples.byhand.CountingByHand.Weights;
import dev.clew.examples.byhand.Difference;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.notebook.CountingNotebook;
import dev.clew.nn.loss.Losses;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.optimizer.Step;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Locale;
import java.util.Map;

/**
 * Two weights learn to count ones: s' = wx·x + wrec·s. The answer is wx = wrec = 1.
 *
 * <p>Three samples run side by side, a state of shape (3). In the sigmoid variant all steps but the last go through a
 * sigmoid, so the weights must find another way to come close.
 *
 * <p>The loss is the mean over the samples of (last state − number of ones)².
 */
final class Counting {
    /** Rows are samples, columns are steps. */
    private static final double[][] SAMPLES = {{1, 0, 0}, {1, 1, 0}, {1, 1, 1}};

    private static final double[] ONES = {1, 2, 3};
    private static final Tensor START = Tensor.zeros(DType.F64, SAMPLES.length);

    private Counting() {}

    /** Shapes: both (). */
    record Model(Parameter wx, Parameter wrec) {

        /** The states after the last step. Shapes: start (samples), samples (samples, steps) → (samples). */
        Tensor last(Tensor start, double[][] samples, Variant variant) {
            Tensor x = Tensor.of(samples);
            int steps = x.shape().length(1);
            Tensor s = start;
            for (int t = 0; t < steps; t++) {
                s = x.get(1, t).times(wx).plus(s.times(wrec));
                s = variant == Variant.SIGMOID && t < steps - 1 ? s.sigmoid() : s;
            }
            return s;
        }

        /** The mean over the samples of (last state − target)². Shapes: (samples), (samples, steps), (samples) → (). */
        Tensor loss(Tensor start, double[][] samples, double[] targets, Variant variant) {
            return Losses.meanSquaredError(last(start, samples, variant), Tensor.of(targets));
        }

        Weights weights() {
            return Weights.of(wx.item(), wrec.item());
        }

        /** The gradient of a step, as the network by hand has it. */
        static Map<String, double[][]> gradients(Model model, Step step) {
            return Weights.of(
                            step.gradient(model.wx).item(),
                            step.gradient(model.wrec).item())
                    .asMap();
        }
    }

    /** The linear recurrence, at a rate for each weight: the gradient of wrec is far steeper than that of wx. */
    static Outcome linear(String name, Options options) {
        Model model = initial(options, 0.2, 1.5);
        double rate = options.rate().orElse(0.02);
        Sgd sgd = Sgd.of(model, rate).withRate(model.wrec(), 0.03 * rate);
        return train(name, options.epochs().orElse(50_000), model, sgd, Variant.LINEAR);
    }

    /** The variant with a sigmoid. */
    static Outcome sigmoid(String name, Options options) {
        Model model = initial(options, 0.47143516373249306, -1.1909756947064645);
        Sgd sgd = Sgd.of(model, options.rate().orElse(0.001));
        return train(name, options.epochs().orElse(15_000), model, sgd, Variant.SIGMOID);
    }

    private static Outcome train(String name, int epochs, Model model, Sgd sgd, Variant variant) {
        String notebook = notebook(model.weights(), variant);
        try (Training training = new Training(name, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                Weights before = model.weights();
                Step step = sgd.step(model.loss(START, SAMPLES, ONES, variant));
                training.compare(
                        Model.gradients(model, step),
                        CountingByHand.gradient(before, SAMPLES, ONES, new double[SAMPLES.length], variant)
                                .parameters());
                training.epoch(step.loss());
            }
            double[] counts = model.last(START, SAMPLES, variant).value().toDoubles();
            String result = String.format(
                    Locale.ROOT,
                    "wx %.6f, wrec %.6f, counts %.4f %.4f %.4f",
                    model.wx().item(),
                    model.wrec().item(),
                    counts[0],
                    counts[1],
                    counts[2]);
            return training.outcome(result, counted(counts), notebook);
        }
    }

    /** Whether every count rounds to the number of ones. */
    private static boolean counted(double[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (Math.round(counts[i]) != ONES[i]) {
                return false;
            }
        }
        return true;
    }

    private static Model initial(Options options, double wx, double wrec) {
        if (options.units().isPresent()) {
            throw new IllegalArgumentException("units: the counting network has one unit, so leave the option out");
        }
        if (options.seed().isEmpty()) {
            return new Model(Parameter.of(wx), Parameter.of(wrec));
        }
        Lcg random = new Lcg(options.seed().getAsLong());
        return new Model(Parameter.of(random.uniform(0, 1)), Parameter.of(random.uniform(0, 1.5)));
    }

    /** The published gradient is right, but in the linear variant it does not belong to the cost that is printed. */
    private static String notebook(Weights w, Variant variant) {
        double[] start = new double[SAMPLES.length];
        Map<String, double[][]> published =
                CountingNotebook.gradient(w, SAMPLES, ONES, start, variant).parameters();
        Map<String, double[][]> right =
                CountingByHand.gradient(w, SAMPLES, ONES, start, variant).parameters();
        String verdict = Training.verdict(published, right);
        double printed =
                CountingNotebook.gradient(w, SAMPLES, ONES, start, variant).loss();
        double meant = CountingByHand.gradient(w, SAMPLES, ONES, start, variant).loss();
        return Difference.relative(printed, meant) < 1e-9
                ? verdict
                : verdict
                        + String.format(
                                Locale.ROOT, ", but the cost it prints is another one: %.4g for %.4g", printed, meant);
    }
}
