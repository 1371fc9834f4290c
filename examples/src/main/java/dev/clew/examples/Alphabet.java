package dev.clew.examples;

import static dev.clew.nn.loss.Losses.softmaxCrossEntropy;
import static dev.clew.tensor.Tensor.oneHot;

import com.google.common.collect.ImmutableMap;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.notebook.AlphabetNotebook;
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
 * A recurrent network learns which letter comes next, from five sequences of 26 letters.
 *
 * <p>The model is a plain loop over the letters. What the loop builds is differentiated as it is, and that is
 * backpropagation through time.
 *
 * <p>The loss is the sum over a sequence of −ln p(next letter), in nats; the epoch's is the sum over the sequences.
 */
final class Alphabet {
    private static final List<String> SEQUENCES = List.of(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "ZYXWVUTSRQPONMLKJIHGFEDCBA",
            "BDFHJLNPRTVXZACEGIKMOQSUWY",
            "MNOPQRSTUVWXYZABCDEFGHIJKL",
            "HGFEDCBALKJIPONMUTSRQXWVZY");

    private static final List<String> TARGETS = List.of(
            "BCDEFGHIJKLMNOPQRSTUVWXYZA",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "CEGIKMOQSUWYABDFHJLNPRTVXZ",
            "NOPQRSTUVWXYZABCDEFGHIJKLM",
            "IJKLMNOPQRSTUVWXYZABCDEFGH");

    private Alphabet() {}

    /** An Elman cell, and a readout that scores every symbol. */
    record Model(RnnCell cell, Linear head) {

        /** The scores of what comes next, at every step. Shapes: h (1, units), inputs (steps) → per step (1, symbols). */
        List<Tensor> logits(Tensor start, int... inputs) {
            int symbols = cell.wx().shape().length(0);
            List<Tensor> logits = new ArrayList<>();
            Tensor h = start;
            for (int symbol : inputs) {
                h = cell.next(oneHot(new int[] {symbol}, symbols), h);
                logits.add(head.of(h));
            }
            return logits;
        }

        /** Σ over the steps of −ln p(target), in nats. Shapes: h (1, units), inputs, targets (steps) → (). */
        Tensor loss(Tensor start, int[] inputs, int[] targets) {
            List<Tensor> logits = logits(start, inputs);
            Tensor loss = Tensor.of(0.0);
            for (int t = 0; t < inputs.length; t++) {
                loss = loss.plus(softmaxCrossEntropy(logits.get(t), targets[t]));
            }
            return loss;
        }

        /** A model that begins with the weights of the network by hand. */
        static Model of(Weights w) {
            Layout columns = Layout.COLUMNS;
            return new Model(
                    new RnnCell(columns.weight(w.U()), columns.weight(w.W()), columns.bias(w.b())),
                    new Linear(columns.weight(w.V()), columns.bias(w.c())));
        }

        /** The parameters by their names in the network by hand. */
        Map<String, Parameter> named() {
            return ImmutableMap.of("U", cell.wx(), "W", cell.wh(), "b", cell.b(), "V", head.weight(), "c", head.bias());
        }

        /** The weights as they are now, as the network by hand has them. */
        Weights weights() {
            Map<String, double[][]> now = Layout.COLUMNS.matrices(named(), Parameter::value);
            return new Weights(
                    Layout.of(now, "U"),
                    Layout.of(now, "W"),
                    Layout.of(now, "b"),
                    Layout.of(now, "V"),
                    Layout.of(now, "c"));
        }
    }

    static Outcome run(String name, Options options) {
        int units = options.units().orElse(128);
        int epochs = options.epochs().orElse(1000);
        Model model = Model.of(initial(units, options.seed().orElse(2024)));
        Sgd sgd = Sgd.of(model, options.rate().orElse(5e-4));
        String notebook = notebook(model.weights());
        try (Training training = new Training(name, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                double nats = 0;
                for (int s = 0; s < SEQUENCES.size(); s++) {
                    nats += step(model, sgd, symbols(SEQUENCES.get(s)), symbols(TARGETS.get(s)), training);
                }
                training.epoch(nats);
            }
            int right = lettersRight(model);
            List<Tensor> afterBcd = model.logits(model.cell().start(1), symbols("BCD"));
            double[] last = afterBcd.getLast().softmax(-1).value().toDoubles();
            char letter = (char) ('A' + best(last));
            String result = String.format(
                    Locale.ROOT,
                    "%d of 130 letters right, B C D -> %s, last with p %.2f",
                    right,
                    spelled(afterBcd),
                    last[letter - 'A']);
            return training.outcome(result, right == 130 && letter == 'E', notebook);
        }
    }

    /** One step of gradient descent, whose gradient is compared with the one by hand. */
    static double step(Model model, Sgd sgd, int[] inputs, int[] targets, Training training) {
        Weights before = model.weights();
        Step step = sgd.step(model.loss(model.cell().start(1), inputs, targets));
        double[] zeros = new double[before.W().length];
        training.compare(
                Layout.COLUMNS.matrices(model.named(), step::gradient),
                CharacterRnnByHand.gradient(before, inputs, targets, zeros).parameters());
        return step.loss();
    }

    /** The number of the letters that score highest and are the targets. */
    private static int lettersRight(Model model) {
        int right = 0;
        for (int s = 0; s < SEQUENCES.size(); s++) {
            String predicted = spelled(model.logits(model.cell().start(1), symbols(SEQUENCES.get(s))))
                    .replace(" ", "");
            for (int t = 0; t < predicted.length(); t++) {
                right += predicted.charAt(t) == TARGETS.get(s).charAt(t) ? 1 : 0;
            }
        }
        return right;
    }

    /** The letters that score highest. */
    private static String spelled(List<Tensor> logits) {
        List<String> letters = new ArrayList<>();
        for (Tensor scores : logits) {
            letters.add(Character.toString('A' + best(scores.value().toDoubles())));
        }
        return String.join(" ", letters);
    }

    /** The place of the largest number. */
    static int best(double[] numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) {
            best = numbers[i] > numbers[best] ? i : best;
        }
        return best;
    }

    /** All weights uniform on ±1/√units: with the notebook's U(0, 1), tanh is saturated and nothing can be learnt. */
    static Weights initial(int units, long seed) {
        Lcg random = new Lcg(seed);
        double bound = 1 / Math.sqrt(units);
        double[][] w = random.matrix(units, units, -bound, bound);
        double[][] b = random.matrix(units, 1, -bound, bound);
        double[][] v = random.matrix(26, units, -bound, bound);
        double[][] c = random.matrix(26, 1, -bound, bound);
        double[][] u = random.matrix(units, 26, -bound, bound);
        return new Weights(u, w, b, v, c);
    }

    /** The published gradient at the start, where its first two calls should give the same. */
    private static String notebook(Weights w) {
        int[] inputs = symbols(SEQUENCES.getFirst());
        int[] targets = symbols(TARGETS.getFirst());
        double[] start = new double[w.W().length];
        Map<String, double[][]> right =
                CharacterRnnByHand.gradient(w, inputs, targets, start).parameters();
        AlphabetNotebook published = new AlphabetNotebook(w);
        // It writes into U, so every call gets a copy.
        String first = Training.verdict(
                published.gradient(copyOfU(w), inputs, targets, start).parameters(), right);
        String second = Training.verdict(
                published.gradient(copyOfU(w), inputs, targets, start).parameters(), right);
        return first + "; second call " + second;
    }

    private static Weights copyOfU(Weights w) {
        double[][] u = new double[w.U().length][];
        for (int i = 0; i < u.length; i++) {
            u[i] = w.U()[i].clone();
        }
        return new Weights(u, w.W(), w.b(), w.V(), w.c());
    }

    private static int[] symbols(String letters) {
        return letters.chars().map(letter -> letter - 'A').toArray();
    }
}
