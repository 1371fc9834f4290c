package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The cross-entropy of classes, with its options: {@code CrossEntropy.create().withSmoothing(0.1).of(logits, labels)}.
 *
 * <p>A row with the label y costs (1 − ε)·w[y]·nats[y] + ε/C·Σ w[c]·nats[c], where nats = −ln softmax(logits), C is the number
 * of classes, w are the weights (1 if none are given) and ε is the smoothing. The mean divides by the sum of w[y]. A row of
 * probabilities t costs Σ w[c]·t'[c]·nats[c] with t' = (1 − ε)·t + ε/C, and the mean divides by the number of rows. These are
 * PyTorch's definitions.
 *
 * <p>Costs and gradients are finite for logits of any size, as long as their differences are finite. A logit may be −∞, for a class
 * that cannot be: it costs ∞ where its share is above 0 and nothing where it is 0.
 *
 * <p>Costs stay within 8 units in the last place of the exact ones, also of a class that is all but certain. So do gradients for
 * labels, p for the other classes and −Σ of these for the label's; p − t for smoothed labels and for probabilities stays within 8
 * units of the larger of p and t. Second derivatives −p·p' and p·(1 − p) stay within 8 units, p·(1 − p) of p, unless it is that of
 * the label's class. All of this is beside the error of p = e^(x − largest)/Σ, in which an x that is d below the largest has d
 * units more.
 *
 * @param smoothing ε, from 0 to 1 (Szegedy et al.: Rethinking the Inception Architecture, 2016)
 * @param weights one for every class
 * @param ignored a label whose rows cost nothing and do not count in the mean; if all are ignored, the mean is NaN
 */
public record CrossEntropy(Reduce reduce, double smoothing, Optional<Tensor> weights, OptionalInt ignored) {
    static final CrossEntropy PLAIN = new CrossEntropy(Reduce.MEAN, 0, Optional.empty(), OptionalInt.empty());

    private static final Selection.Labels LABELS_OF_LOGITS = new Selection.Labels("softmaxCrossEntropy", "logits");
    private static final Selection.Labels LABELS =
            new Selection.Labels("negativeLogLikelihood", "logarithms of probabilities");

    /** Checks the smoothing. */
    public CrossEntropy {
        Present.require("CrossEntropy", reduce, weights, ignored);
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("label smoothing " + smoothing + ": it goes from 0 to 1");
        }
    }

    /** The mean, with no smoothing, no weights and no label ignored. */
    public static CrossEntropy create() {
        return PLAIN;
    }

    /** With another reduction. */
    public CrossEntropy withReduce(Reduce other) {
        Present.require("withReduce", other);
        return new CrossEntropy(other, smoothing, weights, ignored);
    }

    /** With labels that are mixed with all classes: ε of them. */
    public CrossEntropy withSmoothing(double epsilon) {
        return new CrossEntropy(reduce, epsilon, weights, ignored);
    }

    /** With a weight for every class. Shapes: (classes). */
    public CrossEntropy withWeights(Tensor ofClasses) {
        Present.require("withWeights", ofClasses);
        return new CrossEntropy(reduce, smoothing, Optional.of(ofClasses), ignored);
    }

    /** Without the rows of a label, which need not be a class: PyTorch's is −100. */
    public CrossEntropy withIgnored(int label) {
        return new CrossEntropy(reduce, smoothing, weights, OptionalInt.of(label));
    }

    /** In nats. Shapes: logits (..., classes), labels (...) i32 or probabilities (..., classes) → () or (...). */
    public Tensor of(Tensor logits, Tensor targets) {
        check(LABELS_OF_LOGITS, logits, targets);
        if (targets.dtype() != DType.I32) {
            return ofProbabilities(logits.logSoftmax(-1), targets);
        }
        Tensor counted = counted(logits, targets);
        return ofLabels(nats(counted, known(targets)), () -> counted.logSoftmax(-1), targets);
    }

    /**
     * −ln softmax(logits)[label], with the label's class and the sum of all others apart: what is left to a class is a sum then, and
     * not 1 less its share, which is 0 long before.
     */
    private static Tensor nats(Tensor logits, Tensor labels) {
        int classes = logits.shape().length(-1);
        Tensor isLabel = new Selection.OneHot(classes, logits.dtype(), LABELS_OF_LOGITS)
                .on(labels)
                .equalTo(1);
        // The largest logit goes first: a difference of large numbers has few digits.
        Tensor shifted = logits.minus(logits.max(true, -1).stopGradient());
        Tensor own = new Selection.Pick(LABELS_OF_LOGITS).on(shifted, labels);
        Tensor others = shifted.exp().maskedFill(isLabel, 0).sum(-1);
        return Binary.NATS.on(own, others);
    }

    /** A class in the place of labels that are ignored. */
    private Tensor known(Tensor labels) {
        return ignored.isPresent() ? labels.maskedFill(labels.equalTo(ignored.getAsInt()), 0) : labels;
    }

    /** The same for ln of probabilities, which are taken as they are. Shapes: as {@link #of}. */
    public Tensor ofLogProbabilities(Tensor logProbabilities, Tensor targets) {
        check(LABELS, logProbabilities, targets);
        if (targets.dtype() != DType.I32) {
            return ofProbabilities(logProbabilities, targets);
        }
        Tensor counted = counted(logProbabilities, targets);
        Tensor own = new Selection.Pick(LABELS).on(counted, known(targets));
        return ofLabels(own.negate(), () -> counted, targets);
    }

    /** Harmless numbers in rows that do not count: of NaN or −∞ in them a derivative would be NaN, even times 0. */
    private Tensor counted(Tensor scores, Tensor labels) {
        return ignored.isPresent()
                ? scores.maskedFill(labels.equalTo(ignored.getAsInt()).expandDims(-1), 0)
                : scores;
    }

    private void check(Selection.Labels labels, Tensor scores, Tensor targets) {
        String name = labels.loss();
        String what = labels.scores();
        LossInputs.classes(name, what, scores, targets);
        LossInputs.some(name, what, scores, reduce);
        Shape classes = Shape.of(scores.shape().length(-1));
        weights.ifPresent(each -> {
            if (!each.shape().equals(classes) || each.dtype() != scores.dtype()) {
                throw new IllegalArgumentException(name + ": " + what + " " + LossInputs.typed(scores) + " and weights "
                        + LossInputs.typed(each) + ": one weight for every class is needed, " + classes + " "
                        + scores.dtype());
            }
        });
        if (targets.op() instanceof Source.Constant constant && targets.dtype() == DType.I32) {
            requireInRange(labels, constant.array(), scores.shape());
        }
    }

    /** What labels cost; the costs of all classes are asked for only if they count. */
    private Tensor ofLabels(Tensor nats, Supplier<Tensor> logProbabilities, Tensor targets) {
        Optional<Tensor> left =
                ignored.isPresent() ? Optional.of(targets.equalTo(ignored.getAsInt())) : Optional.empty();
        Tensor labels = known(targets);
        Optional<Tensor> own = weights.map(each -> each.gather(labels));
        Tensor cost = own.isPresent() ? LossInputs.weighted(nats, own.get()) : nats;
        if (smoothing > 0) {
            Tensor all = logProbabilities.get().negate();
            int classes = all.shape().length(-1);
            Tensor total = (weights.isPresent() ? LossInputs.weighted(all, weights.get()) : all).sum(-1);
            Tensor share = total.times(smoothing / classes);
            // A cost of ∞ that has no part in it would make NaN of it.
            cost = smoothing == 1 ? share : cost.times(1 - smoothing).plus(share);
        }
        if (left.isEmpty()) {
            return own.isPresent() ? reduce.of(cost, own.get()) : reduce.of(cost);
        }
        Tensor counted =
                own.orElseGet(() -> Tensor.ones(nats.dtype(), labels.shape().lengths()));
        return reduce.of(cost.maskedFill(left.get(), 0), counted.maskedFill(left.get(), 0));
    }

    private Tensor ofProbabilities(Tensor logProbabilities, Tensor targets) {
        int classes = logProbabilities.shape().length(-1);
        Tensor mixed = smoothing > 0 ? targets.times(1 - smoothing).plus(smoothing / classes) : targets;
        Tensor share = weights.isPresent() ? mixed.times(weights.get()) : mixed;
        return reduce.of(LossInputs.weighted(logProbabilities, share).sum(-1).negate());
    }

    private void requireInRange(Selection.Labels names, NDArray given, Shape scores) {
        int[] labels = given.toInts();
        for (int row = 0; row < labels.length; row++) {
            boolean counts = ignored.isEmpty() || labels[row] != ignored.getAsInt();
            if (counts && (labels[row] < 0 || labels[row] >= scores.length(-1))) {
                throw names.outOfRange(labels[row], row, "", scores);
            }
        }
    }
}
