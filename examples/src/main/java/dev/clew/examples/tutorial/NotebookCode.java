package dev.clew.examples.tutorial;

import dev.clew.audit.ByHand;
import dev.clew.audit.HandWritten;
import dev.clew.examples.byhand.CharacterRnnByHand;
import dev.clew.examples.byhand.CountingByHand;
import dev.clew.examples.byhand.CountingByHand.Variant;
import dev.clew.examples.byhand.Gradient;
import dev.clew.examples.byhand.MultiLabelByHand;
import dev.clew.examples.byhand.SquaredErrorByHand;
import dev.clew.examples.notebook.AlphabetNotebook;
import dev.clew.examples.notebook.CountingNotebook;
import dev.clew.examples.notebook.HelloNotebook;
import dev.clew.examples.notebook.MultiLabelNotebook;
import dev.clew.examples.notebook.SquaredErrorNotebook;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The published code of the five notebooks, called as it is. What it accumulates stays in it from call to call. */
final class NotebookCode {
    private NotebookCode() {}

    /** An object that the first call makes, for the shapes it sees, and later calls use again. */
    private static final class Kept<W, N> {
        private final Function<W, N> create;
        private @Nullable N notebook;

        Kept(Function<W, N> create) {
            this.create = create;
        }

        N of(W weights) {
            N existing = notebook;
            if (existing == null) {
                existing = create.apply(weights);
                notebook = existing;
            }
            return existing;
        }
    }

    /** It changes the weights that it is given: every call has copies. */
    static HandWritten alphabet(int[] inputs, int[] targets) {
        Kept<CharacterRnnByHand.Weights, AlphabetNotebook> kept = new Kept<>(AlphabetNotebook::new);
        return numbers -> {
            Point point = new Point(numbers);
            CharacterRnnByHand.Weights weights = character(point);
            // The states are computed with the weights as they were.
            CharacterRnnByHand.Forward forward =
                    CharacterRnnByHand.forward(character(point), inputs, point.vector("h0"));
            Gradient published = kept.of(weights).gradient(weights, inputs, targets, point.vector("h0"));
            return answer(published, forward)
                    .gradient("h0", published.initialState())
                    .toByHand();
        };
    }

    /** It computes no gradient of the initial state. */
    static HandWritten hello(int[] inputs, int[] targets) {
        return numbers -> {
            Point point = new Point(numbers);
            CharacterRnnByHand.Weights weights = character(point);
            double[] h0 = point.vector("h0");
            return answer(
                            HelloNotebook.gradient(weights, inputs, targets, h0),
                            CharacterRnnByHand.forward(weights, inputs, h0))
                    .toByHand();
        };
    }

    private static CharacterRnnByHand.Weights character(Point point) {
        return new CharacterRnnByHand.Weights(
                point.matrix("U"), point.matrix("W"), point.matrix("b"), point.matrix("V"), point.matrix("c"));
    }

    private static Answer answer(Gradient published, CharacterRnnByHand.Forward forward) {
        return Answer.ofColumns(published.loss())
                .gradients(published.parameters())
                .adjoints("h", published.hidden())
                .activations("h", forward.hidden())
                .activations("o", forward.logits());
    }

    /** What it leaves over for the next call is δ_0, not a gradient of the initial state. */
    static HandWritten squaredError(int[] inputs, int[] targets) {
        Kept<SquaredErrorByHand.Weights, SquaredErrorNotebook> kept = new Kept<>(SquaredErrorNotebook::new);
        return numbers -> {
            Point point = new Point(numbers);
            SquaredErrorByHand.Weights weights = new SquaredErrorByHand.Weights(
                    point.matrix("Wxh"),
                    point.matrix("Whh"),
                    point.matrix("Why"),
                    point.matrix("bh"),
                    point.matrix("by"));
            double[] h0 = point.vector("h0");
            Gradient published = kept.of(weights).gradient(weights, inputs, targets, h0);
            SquaredErrorByHand.Forward forward = SquaredErrorByHand.forward(weights, inputs, h0);
            return Answer.ofColumns(published.loss())
                    .gradients(published.parameters())
                    .adjoints("h", published.hidden())
                    .activations("h", forward.hidden())
                    .activations("o", forward.outputs())
                    .toByHand();
        };
    }

    /** The loss is the cost that it prints. */
    static HandWritten counting(Variant variant) {
        return numbers -> {
            Point point = new Point(numbers);
            CountingByHand.Weights weights = new CountingByHand.Weights(point.matrix("wx"), point.matrix("wrec"));
            double[][] inputs = transposed(point.steps("x"));
            Gradient published =
                    CountingNotebook.gradient(weights, inputs, point.vector("y"), point.vector("s0"), variant);
            return answerOfCounting(published);
        };
    }

    private static ByHand answerOfCounting(Gradient published) {
        return Answer.ofColumns(published.loss())
                .gradients(published.parameters())
                .gradient("s0", published.initialState())
                .adjoints("z", published.hidden())
                .toByHand();
    }

    static HandWritten multiLabel(double epsilon) {
        return numbers -> {
            Point point = new Point(numbers);
            MultiLabelByHand.Weights weights = new MultiLabelByHand.Weights(
                    point.matrix("Wh"), point.matrix("Wx"), point.matrix("Wy"), point.matrix("bh"), point.matrix("by"));
            double[][] x = point.steps("x");
            double[] h0 = point.vector("h0");
            Gradient published = MultiLabelNotebook.gradient(weights, x, point.steps("y"), h0, epsilon);
            MultiLabelByHand.Forward forward = MultiLabelByHand.forward(weights, x, h0);
            return Answer.ofRows(published.loss())
                    .gradients(published.parameters())
                    .gradient("h0", published.initialState())
                    .adjoints("h", published.hidden())
                    .activations("h", forward.hidden())
                    .activations("o", forward.logits())
                    .activations("p", forward.probabilities())
                    .toByHand();
        };
    }

    /** Samples are rows in the notebook, and steps in a point. */
    private static double[][] transposed(double[][] matrix) {
        double[][] columns = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                columns[j][i] = matrix[i][j];
            }
        }
        return columns;
    }
}
