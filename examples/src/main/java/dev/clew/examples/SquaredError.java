package dev.clew.examples;

import static dev.clew.tensor.Tensor.oneHot;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.byhand.SquaredErrorByHand;
import dev.clew.examples.byhand.SquaredErrorByHand.Weights;
import dev.clew.examples.notebook.SquaredErrorNotebook;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.nn.optimizer.Step;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network without any layer of the library: 6 symbols in, 7 units, 5 numbers out, written as its equations are.
 *
 * <p>A symbol comes in as an index, which picks a row of the weights. The outputs are linear, and the loss is the sum over
 * the steps of half the squared distance to a one-hot target.
 */
final class SquaredError {
    private static final int[] INPUTS = {1, 3, 3};
    private static final int[] TARGETS = {0, 2, 1};
    private static final int SYMBOLS = 6;
    private static final int OUTPUTS = 5;

    private SquaredError() {}

    /** Shapes: wxh (symbols, units), whh (units, units), why (units, outputs), bh (units), by (outputs). */
    record Model(Parameter wxh, Parameter whh, Parameter why, Parameter bh, Parameter by) {

        /** The state before the first step: zeros, (units). */
        Tensor start() {
            return Tensor.zeros(DType.F64, whh.shape().length(0));
        }

        /** What the network says at every step. Shapes: start (units), inputs (steps) → per step (outputs). */
        List<Tensor> outputs(Tensor start, int... inputs) {
            List<Tensor> outputs = new ArrayList<>();
            Tensor h = start;
            for (int symbol : inputs) {
                h = wxh.get(symbol).plus(h.matmul(whh)).plus(bh).tanh();
                outputs.add(h.matmul(why).plus(by));
            }
            return outputs;
        }

        /** Σ over the steps of ½·|output − one-hot target|². Shapes: start (units), inputs, targets (steps) → (). */
        Tensor loss(Tensor start, int[] inputs, int[] targets) {
            List<Tensor> outputs = outputs(start, inputs);
            Tensor loss = Tensor.of(0.0);
            for (int t = 0; t < inputs.length; t++) {
                Tensor target = oneHot(targets[t], by.shape().length(0));
                loss = loss.plus(outputs.get(t).minus(target).square().sum().times(0.5));
            }
            return loss;
        }

        /** A model that begins with the weights of the network by hand. */
        static Model of(Weights w) {
            Layout columns = Layout.COLUMNS;
            return new Model(
                    columns.weight(w.Wxh()),
                    columns.weight(w.Whh()),
                    columns.weight(w.Why()),
                    columns.bias(w.bh()),
                    columns.bias(w.by()));
        }

        /** The parameters by their names in the network by hand. */
        Map<String, Parameter> named() {
            return ImmutableMap.of("Wxh", wxh, "Whh", whh, "Why", why, "bh", bh, "by", by);
        }

        /** The weights as they are now, as the network by hand has them. */
        Weights weights() {
            Map<String, double[][]> now = Layout.COLUMNS.matrices(named(), Parameter::value);
            return new Weights(
                    Layout.of(now, "Wxh"),
                    Layout.of(now, "Whh"),
                    Layout.of(now, "Why"),
                    Layout.of(now, "bh"),
                    Layout.of(now, "by"));
        }
    }

    static Outcome run(String name, Options options) {
        int epochs = options.epochs().orElse(300);
        Model model = Model.of(initial(options.units().orElse(7), options.seed().orElse(21)));
        Sgd sgd = Sgd.of(model, options.rate().orElse(0.05));
        String notebook = notebook(model.weights());
        try (Training training = new Training(name, epochs)) {
            double loss = Double.NaN;
            for (int epoch = 0; epoch < epochs; epoch++) {
                loss = step(model, sgd, training);
                training.epoch(loss);
            }
            int right = 0;
            List<Tensor> outputs = model.outputs(model.start(), INPUTS);
            for (int t = 0; t < TARGETS.length; t++) {
                right += Alphabet.best(outputs.get(t).value().toDoubles()) == TARGETS[t] ? 1 : 0;
            }
            String result = String.format(
                    Locale.ROOT,
                    "%d of 3 symbols right, last output %s",
                    right,
                    outputs.getLast().value().numbers());
            return training.outcome(result, right == 3 && loss < 1e-9, notebook);
        }
    }

    private static double step(Model model, Sgd sgd, Training training) {
        Weights before = model.weights();
        Step step = sgd.step(model.loss(model.start(), INPUTS, TARGETS));
        double[] start = new double[before.Whh().length];
        training.compare(
                Layout.COLUMNS.matrices(model.named(), step::gradient),
                SquaredErrorByHand.gradient(before, INPUTS, TARGETS, start).parameters());
        return step.loss();
    }

    static Weights initial(int units, long seed) {
        Lcg random = new Lcg(seed);
        return new Weights(
                random.matrix(units, SYMBOLS, -0.5, 0.5),
                random.matrix(units, units, -0.5, 0.5),
                random.matrix(OUTPUTS, units, -0.5, 0.5),
                random.matrix(units, 1, -0.5, 0.5),
                random.matrix(OUTPUTS, 1, -0.5, 0.5));
    }

    /** The published gradient at the start, at its first call and at its second, which should give the same. */
    private static String notebook(Weights w) {
        double[] start = new double[w.Whh().length];
        Map<String, double[][]> right =
                SquaredErrorByHand.gradient(w, INPUTS, TARGETS, start).parameters();
        SquaredErrorNotebook published = new SquaredErrorNotebook(w);
        String first =
                Training.verdict(published.gradient(w, INPUTS, TARGETS, start).parameters(), right);
        String second =
                Training.verdict(published.gradient(w, INPUTS, TARGETS, start).parameters(), right);
        return first + "; second call " + second;
    }
}
