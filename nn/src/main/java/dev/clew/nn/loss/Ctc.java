package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * What it costs to write labels without being told when: connectionist temporal classification (Graves, Fernández, Gomez and
 * Schmidhuber, 2006). {@code Ctc.create().of(logits, inputLengths, labels, labelLengths)}.
 *
 * <p>Every step of a sequence writes one class, of which one is the blank. Equal classes in a row are then one, and blanks go away. The cost
 * is −ln of the probability of all ways together that leave the labels, in nats. A label that is repeated needs a blank between, so labels
 * of which r repeat the one before need as many steps as they are, and r more. With fewer the cost is ∞, and its gradient is taken as 0.
 *
 * <p>The sum over all ways goes from step to step, in logarithms: of the ways that have written the first i labels, and stand on the last
 * of them or on the blank behind it. It costs time·labels, and a few operations for every step of time, each over the whole batch.
 *
 * <p>Inputs beyond their length, NaN too, and labels beyond theirs change nothing, and the gradient there is exactly 0. Lengths and
 * labels are data: one plan serves all of one padded size.
 *
 * <p>The mean and the sum are PyTorch's: the mean divides each cost by its number of labels, or 1 if it has none, and then by the number
 * of sequences.
 *
 * @param blank the class that is the blank
 * @param impossibleAsZero whether sequences that are too short for their labels cost 0, and not ∞; PyTorch's {@code zero_infinity}
 */
public record Ctc(int blank, Reduce reduce, boolean impossibleAsZero) {
    private static final String NAME = "ctc";
    private static final Ctc PLAIN = new Ctc(0, Reduce.MEAN, false);

    /** Checks the blank. */
    public Ctc {
        Present.require(NAME, reduce);
        if (blank < 0) {
            throw new IllegalArgumentException(NAME + ": the blank " + blank + " is a class, 0 or more");
        }
    }

    /** The mean, with class 0 as the blank, and ∞ for what cannot be. */
    public static Ctc create() {
        return PLAIN;
    }

    /** With another class as the blank. */
    public Ctc withBlank(int other) {
        return new Ctc(other, reduce, impossibleAsZero);
    }

    /** With another reduction. */
    public Ctc withReduce(Reduce other) {
        Present.require("withReduce", other);
        return new Ctc(blank, other, impossibleAsZero);
    }

    /** With a cost of 0 where there are too few steps for the labels. */
    public Ctc withImpossibleAsZero() {
        return new Ctc(blank, reduce, true);
    }

    /**
     * The cost, in nats.
     *
     * <p>Shapes: logits (batch, time, classes), input lengths (batch) i32, labels (batch, most) i32, label lengths (batch) i32 → () or
     * (batch).
     *
     * @throws IllegalArgumentException if shapes or types do not fit, a length is beyond its axis, or a label is no class or the blank. Of
     *     labels that are no constants, but an input of a plan, those that are no class are found when they are evaluated, and with a
     *     blank among them the cost is NaN.
     */
    public Tensor of(Tensor logits, Tensor inputLengths, Tensor labels, Tensor labelLengths) {
        return of("logits", true, logits, inputLengths, labels, labelLengths);
    }

    /** The same for ln of probabilities, which are taken as they are. Shapes: as {@link #of}. */
    public Tensor ofLogProbabilities(Tensor logProbabilities, Tensor inputLengths, Tensor labels, Tensor labelLengths) {
        return of("logarithms of probabilities", false, logProbabilities, inputLengths, labels, labelLengths);
    }

    private Tensor of(
            String what, boolean areLogits, Tensor scores, Tensor inputLengths, Tensor labels, Tensor labelLengths) {
        Present.single(NAME, scores, inputLengths, labels, labelLengths);
        check(what, scores, labels);
        int batch = scores.shape().length(0);
        int time = scores.shape().length(1);
        Tensor steps = Padding.lengths(NAME, "input lengths", inputLengths, batch, time);
        Tensor counts = Padding.lengths(
                NAME, "label lengths", labelLengths, batch, labels.shape().length(1));
        // One label at least, so that nothing has to be said of none; it stands beyond all lengths.
        Tensor some = labels.shape().length(1) > 0 ? labels : Tensor.zeros(DType.I32, batch, 1);
        Tensor isLabel = Padding.mask(counts, some.shape().length(1));
        requireLabels(what, scores.shape(), some, labelLengths);
        Tensor isStep = Padding.mask(steps, time);
        Tensor seen = Padding.fill(scores, isStep, 0);
        Tensor written = classes(what, seen, some.maskedFill(isLabel.not(), blank == 0 ? 1 : 0));
        Tensor costs = new CtcWays(areLogits ? seen.logSoftmax(-1) : seen, isStep, written, blank).costs(counts);
        Tensor isBlank = written.equalTo(blank).and(isLabel).any(false, 1);
        return reduced(costs.maskedFill(isBlank, Double.NaN), counts);
    }

    private void check(String what, Tensor scores, Tensor labels) {
        boolean fits = scores.shape().rank() == 3 && scores.dtype().isFloating();
        if (!fits || labels.dtype() != DType.I32 || labels.shape().rank() != 2) {
            throw new IllegalArgumentException(given(what, scores, labels) + what
                    + " are (batch, time, classes) floating-point numbers, and labels (batch, most) i32, padded");
        }
        if (scores.shape().length(0) != labels.shape().length(0)) {
            throw new IllegalArgumentException(given(what, scores, labels) + "there are "
                    + scores.shape().length(0) + " sequences, but labels for "
                    + labels.shape().length(0) + "; the batch is the first axis of both");
        }
        int classes = scores.shape().length(2);
        if (blank >= classes || classes < 2) {
            throw new IllegalArgumentException(given(what, scores, labels) + "the blank is class " + blank + " of "
                    + classes + "; there must be that class, and another one");
        }
        if (reduce == Reduce.MEAN && scores.shape().length(0) == 0) {
            throw new IllegalArgumentException(given(what, scores, labels)
                    + "nothing is in it, and the mean over nothing is not a number; leave empty batches out");
        }
    }

    private static String given(String what, Tensor scores, Tensor labels) {
        return NAME + ": " + what + " " + LossInputs.typed(scores) + " and labels " + LossInputs.typed(labels) + ": ";
    }

    /** What is known already is looked at on the line that asks. */
    private void requireLabels(String what, Shape scores, Tensor labels, Tensor lengths) {
        boolean isKnown = labels.op() instanceof Source.Constant && lengths.op() instanceof Source.Constant;
        NDArray all = isKnown ? ((Source.Constant) labels.op()).array() : NDArray.of(new int[0]);
        int[] counts = isKnown ? ((Source.Constant) lengths.op()).array().toInts() : new int[0];
        for (int row = 0; row < counts.length; row++) {
            for (int i = 0; i < counts[row]; i++) {
                requireLabel(what, scores, (int) all.get(row, i), " " + i + " of sequence " + row);
            }
        }
    }

    private void requireLabel(String what, Shape scores, int label, String place) {
        int classes = scores.length(2);
        if (label < 0 || label >= classes || label == blank) {
            throw new IllegalArgumentException(NAME + ": label" + place + " is " + label + ": " + what + " " + scores
                    + " have " + classes + " classes, so labels go from 0 to " + (classes - 1)
                    + ", and the blank, " + blank + ", is none"
                    + (label == classes ? "; do these count from 1?" : ""));
        }
    }

    /** The labels, each of which is a class. */
    private static Tensor classes(String what, Tensor scores, Tensor labels) {
        int batch = scores.shape().length(0);
        int classes = scores.shape().length(2);
        Tensor rows = Tensor.of(IntStream.range(0, classes).toArray()).broadcastTo(batch, classes);
        return new Selection.Pick(new Selection.Labels(NAME, what + " of a step")).on(rows, labels);
    }

    private Tensor reduced(Tensor costs, Tensor labelLengths) {
        Tensor all = impossibleAsZero ? costs.maskedFill(costs.equalTo(Double.POSITIVE_INFINITY), 0) : costs;
        return reduce == Reduce.MEAN
                ? all.div(labelLengths.maximum(Tensor.of(1)).cast(all.dtype())).mean()
                : reduce.of(all);
    }
}
