package dev.clew.examples;

import com.google.common.collect.ImmutableMap;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.byhand.MultiLabelByHand;
import dev.clew.examples.byhand.MultiLabelByHand.Weights;
import dev.clew.examples.notebook.MultiLabelNotebook;
import dev.clew.nn.layer.Linear;
import dev.clew.nn.layer.RnnCell;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.optimizer.Step;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A softmax that is asked for several labels at once: label k is on where the k-th of five inputs is above ½.
 *
 * <p>A row of targets has 0 to 3 ones and so need not sum to 1. Then the gradient by the scores is p·Σy − y and not the
 * p − y that everyone knows by heart.
 *
 * <p>The loss is −Σ y·ln(p + ε), in nats, summed over a sequence; an epoch's is the mean over the sequences. What cannot be
 * foretold leaves 9.57.
 */
final class MultiLabel {
    private static final int SEQUENCES = 100;
    private static final int STEPS = 10;
    private static final int INPUTS = 5;
    private static final int LABELS = 3;
    private static final double EPSILON = 1e-8;

    private MultiLabel() {}

    /** An Elman cell, and a readout that scores every label. */
    record Model(RnnCell cell, Linear head) {

        /** The shares of the labels, at every step. Shapes: start (1, units), x (steps, inputs) → per step (1, labels). */
        List<Tensor> shares(Tensor start, double[][] x) {
            List<Tensor> shares = new ArrayList<>();
            Tensor h = start;
            for (double[] inputs : x) {
                h = cell.next(Tensor.of(new double[][] {inputs}), h);
                shares.add(head.of(h).softmax(-1));
            }
            return shares;
        }

        /** −Σ y·ln(p + ε), in nats. Shapes: start (1, units), x (steps, inputs), y (steps, labels) → (). */
        Tensor loss(Tensor start, double[][] x, double[][] y, double epsilon) {
            List<Tensor> shares = shares(start, x);
            Tensor loss = Tensor.of(0.0);
            for (int t = 0; t < x.length; t++) {
                Tensor nats =
                        shares.get(t).plus(epsilon).log().times(Tensor.of(y[t])).sum();
                loss = loss.minus(nats);
            }
            return loss;
        }

        /** A model that begins with the weights of the network by hand, which has rows too. */
        static Model of(Weights w) {
            Layout rows = Layout.ROWS;
            return new Model(
                    new RnnCell(rows.weight(w.Wx()), rows.weight(w.Wh()), rows.bias(w.bh())),
                    new Linear(rows.weight(w.Wy()), rows.bias(w.by())));
        }

        /** The parameters by their names in the network by hand. */
        Map<String, Parameter> named() {
            return ImmutableMap.of(
                    "Wx", cell.wx(), "Wh", cell.wh(), "bh", cell.b(), "Wy", head.weight(), "by", head.bias());
        }

        /** The weights as they are now, as the network by hand has them. */
        Weights weights() {
            Map<String, double[][]> now = Layout.ROWS.matrices(named(), Parameter::value);
            return new Weights(
                    Layout.of(now, "Wh"),
                    Layout.of(now, "Wx"),
                    Layout.of(now, "Wy"),
                    Layout.of(now, "bh"),
                    Layout.of(now, "by"));
        }
    }

    /** Inputs and targets of all sequences, and where the weights begin; drawn from one generator. */
    record Task(Weights weights, List<double[][]> inputs, List<double[][]> targets) {
        static Task draw(int units, long seed) {
            Lcg random = new Lcg(seed);
            double bound = 0.0173;
            double[][] wh = random.matrix(units, units, -bound, bound);
            double[][] wx = random.matrix(INPUTS, units, -bound, bound);
            double[][] wy = random.matrix(units, LABELS, -bound, bound);
            Task task = new Task(
                    new Weights(wh, wx, wy, new double[1][units], new double[1][LABELS]),
                    new ArrayList<>(),
                    new ArrayList<>());
            for (int i = 0; i < SEQUENCES; i++) {
                double[][] x = random.matrix(STEPS, INPUTS, 0, 1);
                double[][] y = new double[STEPS][LABELS];
                for (int t = 0; t < STEPS; t++) {
                    for (int k = 0; k < LABELS; k++) {
                        y[t][k] = x[t][k] > 0.5 ? 1 : 0;
                    }
                }
                task.inputs.add(x);
                task.targets.add(y);
            }
            return task;
        }
    }

    static Outcome run(String name, Options options) {
        int epochs = options.epochs().orElse(1000);
        Task task = Task.draw(options.units().orElse(10), options.seed().orElse(404));
        Model model = Model.of(task.weights);
        Sgd sgd = Sgd.of(model, options.rate().orElse(0.01));
        String notebook = notebook(task);
        try (Training training = new Training(name, epochs)) {
            double mean = Double.NaN;
            for (int epoch = 0; epoch < epochs; epoch++) {
                double nats = 0;
                for (int i = 0; i < SEQUENCES; i++) {
                    nats += step(model, sgd, task.inputs.get(i), task.targets.get(i), training);
                }
                mean = nats / SEQUENCES;
                training.epoch(mean);
            }
            double right = rowsRight(model, task);
            String result =
                    String.format(Locale.ROOT, "labels on top in %.1f %% of rows, floor of the loss 9.57", 100 * right);
            return training.outcome(result, mean < 9.8 && right > 0.95, notebook);
        }
    }

    private static double step(Model model, Sgd sgd, double[][] x, double[][] y, Training training) {
        Weights before = model.weights();
        Step step = sgd.step(model.loss(model.cell().start(1), x, y, EPSILON));
        double[] start = new double[before.Wh().length];
        training.compare(
                Layout.ROWS.matrices(model.named(), step::gradient),
                MultiLabelByHand.gradient(before, x, y, start, EPSILON).parameters());
        return step.loss();
    }

    /** The part of the rows where every label that is on has a larger share than every label that is off. */
    private static double rowsRight(Model model, Task task) {
        int right = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            List<Tensor> shares = model.shares(model.cell().start(1), task.inputs.get(i));
            for (int t = 0; t < STEPS; t++) {
                right += separates(
                                shares.get(t).value().toDoubles(), task.targets.get(i)[t])
                        ? 1
                        : 0;
            }
        }
        return right / (double) (SEQUENCES * STEPS);
    }

    private static boolean separates(double[] shares, double[] labels) {
        double smallestOn = Double.POSITIVE_INFINITY;
        double largestOff = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < labels.length; k++) {
            smallestOn = labels[k] == 1 ? Math.min(smallestOn, shares[k]) : smallestOn;
            largestOff = labels[k] == 0 ? Math.max(largestOff, shares[k]) : largestOff;
        }
        return smallestOn > largestOff;
    }

    private static String notebook(Task task) {
        Weights w = task.weights;
        double[][] x = task.inputs.getFirst();
        double[][] y = task.targets.getFirst();
        double[] start = new double[w.Wh().length];
        return Training.verdict(
                MultiLabelNotebook.gradient(w, x, y, start, EPSILON).parameters(),
                MultiLabelByHand.gradient(w, x, y, start, EPSILON).parameters());
    }
}
