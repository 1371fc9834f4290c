package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Tensor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What losses are given, and the errors where it does not fit. */
final class LossInputs {
    private LossInputs() {}

    /** cost·weight, and 0 for a weight of 0, even if the cost is infinite. */
    static Tensor weighted(Tensor cost, Tensor weight) {
        Tensor isFree =
                weight.equalTo(0).and(cost.isFinite().not()).and(cost.isNaN().not());
        return cost.maskedFill(isFree, 0).times(weight);
    }

    static String typed(Tensor x) {
        return x.shape() + " " + x.dtype();
    }

    /** Two tensors of one shape and one floating-point type; of one element at least, where a mean is asked for. */
    static void alike(String name, String one, Tensor x, String other, Tensor y, Reduce reduce) {
        Present.require(name, x, y, reduce);
        if (!x.shape().equals(y.shape())) {
            throw new IllegalArgumentException(given(name, one, x, other, y)
                    + "the shapes must be equal; broadcasting here would hide a mistake, so reshape one");
        }
        if (!x.dtype().isFloating() || y.dtype() != x.dtype()) {
            DType type = x.dtype().isFloating() ? x.dtype() : DType.F64;
            throw new IllegalArgumentException(given(name, one, x, other, y)
                    + "both must be of one floating-point type; cast: .cast(DType." + type.name() + ")");
        }
        some(name, one, x, reduce);
    }

    private static String given(String name, String one, Tensor x, String other, Tensor y) {
        return name + ": " + one + " " + typed(x) + " and " + other + " " + typed(y) + ": ";
    }

    static void some(String name, String what, Tensor x, Reduce reduce) {
        if (reduce == Reduce.MEAN && x.shape().elements() == 0) {
            throw new IllegalArgumentException(name + ": " + what + " " + typed(x)
                    + ": nothing is in it, and the mean over nothing is not a number; leave empty batches out");
        }
    }

    /** Logits (batch, time, classes) with labels (batch, time) i32. */
    static void steps(String name, Tensor logits, Tensor labels) {
        boolean fits = logits.shape().rank() == 3
                && logits.dtype().isFloating()
                && labels.dtype() == DType.I32
                && labels.shape().equals(logits.shape().without(-1));
        if (!fits) {
            throw new IllegalArgumentException(given(name, "logits", logits, "labels", labels)
                    + "they are (batch, time, classes) floating-point numbers and (batch, time) i32");
        }
    }

    static void axis(String name, String what, Tensor scores) {
        if (scores.shape().rank() == 0) {
            throw new IllegalArgumentException(name + ": " + what + " " + scores.shape()
                    + " have no axis of classes; their shape must be (..., classes)");
        }
    }

    /** Scores (..., classes) with labels (...) or probabilities (..., classes). */
    static void classes(String name, String what, Tensor scores, Tensor targets) {
        Present.single(name, scores, targets);
        axis(name, what, scores);
        if (!scores.dtype().isFloating()) {
            throw new IllegalArgumentException(given(name, what, scores, "targets", targets) + what
                    + " must be floating-point numbers; "
                    + (targets.dtype().isFloating() ? "exchange the two arguments?" : "cast them: .cast(DType.F64)"));
        }
        boolean labels = targets.dtype() == DType.I32;
        if (!labels && targets.dtype() != scores.dtype()) {
            throw new IllegalArgumentException(given(name, what, scores, "targets", targets)
                    + "targets are either labels, i32, or probabilities of the type of the " + what
                    + "; cast them: .cast(DType." + scores.dtype().name() + ")");
        }
        Shape rows = scores.shape().without(-1);
        Shape expected = labels ? rows : scores.shape();
        if (!targets.shape().equals(expected)) {
            throw new IllegalArgumentException(given(name, what, scores, "targets", targets)
                    + (labels ? "one label for every row" : "one probability for every logit") + " is needed, shape "
                    + expected
                    + (labels && axisOfClasses(targets.shape(), scores.shape()) >= 0
                            ? elsewhere(what, targets.shape(), scores.shape())
                            : hint(targets, rows, scores.shape())));
        }
    }

    /** The axis without which the scores have the shape of the labels; -1 if there is none, or it is the last. */
    private static int axisOfClasses(Shape labels, Shape scores) {
        for (int axis = 0; axis < scores.rank() - 1; axis++) {
            if (scores.without(axis).equals(labels)) {
                return axis;
            }
        }
        return -1;
    }

    private static String elsewhere(String what, Shape labels, Shape scores) {
        int axis = axisOfClasses(labels, scores);
        String order = IntStream.concat(
                        IntStream.range(0, scores.rank()).filter(each -> each != axis), IntStream.of(axis))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        return "; if axis " + axis + " of the " + what + " is that of the classes, put it last: transpose(" + order
                + ")";
    }

    private static String hint(Tensor targets, Shape rows, Shape logits) {
        boolean labels = targets.dtype() == DType.I32;
        if (targets.shape().equals(labels ? logits : rows)) {
            return labels
                    ? "; if they are 0 and 1 for every class, cast them: .cast(DType.F64)"
                    : "; if they are labels, cast them: .cast(DType.I32)";
        }
        return targets.shape().elements() == (labels ? rows : logits).elements()
                ? "; transpose or reshape one of them?"
                : "; are both from the same batch?";
    }
}
