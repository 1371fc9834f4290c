package dev.clew.examples;

import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CharacterRnnByHand.Weights;
import dev.clew.examples.byhand.Lcg;
import dev.clew.examples.notebook.HelloNotebook;
import dev.clew.nn.optimizer.Sgd;
import dev.clew.tensor.Tensor;

/**
 * The network of {@link Alphabet} with 4 symbols and 8 units learns to spell "hello", and then spells it alone.
 *
 * <p>Teacher-forced, every step is fed the right letter; free-running, the letter that the step before has chosen.
 *
 * <p>The loss is the sum over the word of −ln p(next letter), in nats.
 */
final class Hello {
    private static final String SYMBOLS = "helo";
    private static final int[] INPUTS = symbols("hell");
    private static final int[] TARGETS = symbols("ello");

    private Hello() {}

    static Outcome run(String name, Options options) {
        int epochs = options.epochs().orElse(100);
        Alphabet.Model model = Alphabet.Model.of(
                initial(options.units().orElse(8), options.seed().orElse(11)));
        Sgd sgd = Sgd.of(model, options.rate().orElse(0.1));
        String notebook = notebook(model.weights());
        try (Training training = new Training(name, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                training.epoch(Alphabet.step(model, sgd, INPUTS, TARGETS, training));
            }
            String forced = teacherForced(model);
            String free = freeRunning(model);
            boolean reached = forced.equals("ello") && free.equals("hello");
            return training.outcome("h e l l -> " + forced + ", alone from h: " + free, reached, notebook);
        }
    }

    /** What the network says after each of the letters h, e, l, l. */
    static String teacherForced(Alphabet.Model model) {
        StringBuilder said = new StringBuilder();
        for (Tensor logits : model.logits(model.cell().start(1), INPUTS)) {
            said.append(symbol(logits));
        }
        return said.toString();
    }

    /** What the network says when it is given an h and then listens to itself. */
    static String freeRunning(Alphabet.Model model) {
        StringBuilder said = new StringBuilder("h");
        while (said.length() < "hello".length()) {
            Tensor start = model.cell().start(1);
            said.append(symbol(model.logits(start, symbols(said.toString())).getLast()));
        }
        return said.toString();
    }

    private static char symbol(Tensor logits) {
        return SYMBOLS.charAt(Alphabet.best(logits.value().toDoubles()));
    }

    /** Weights uniform with the standard deviation 0.01, biases 0. */
    static Weights initial(int units, long seed) {
        Lcg random = new Lcg(seed);
        double[][] u = scaled(random.matrix(units, SYMBOLS.length(), -1, 1));
        double[][] w = scaled(random.matrix(units, units, -1, 1));
        double[][] v = scaled(random.matrix(SYMBOLS.length(), units, -1, 1));
        return new Weights(u, w, new double[units][1], v, new double[SYMBOLS.length()][1]);
    }

    private static double[][] scaled(double[][] matrix) {
        for (double[] row : matrix) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= 0.0173;
            }
        }
        return matrix;
    }

    private static String notebook(Weights w) {
        double[] start = new double[w.W().length];
        return Training.verdict(
                HelloNotebook.gradient(w, INPUTS, TARGETS, start).parameters(),
                CharacterRnnByHand.gradient(w, INPUTS, TARGETS, start).parameters());
    }

    private static int[] symbols(String letters) {
        return letters.chars().map(SYMBOLS::indexOf).toArray();
    }
}
