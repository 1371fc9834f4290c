package dev.clew.nn.metric;

import dev.clew.array.DType;
import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Tensor;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a metric asks of a batch: scores, labels and which of them count, and the errors where they do not fit.
 *
 * @param name of the metric
 * @param counted a mask; without one, labels below 0 do not count
 */
record MetricInputs<B>(
        String name,
        Function<? super B, Tensor> scores,
        Function<? super B, Tensor> labels,
        Optional<Function<? super B, Tensor>> counted) {

    /**
     * Of a batch.
     *
     * @param labels i32 of the shape of the mask; 0 where they do not count
     */
    record Rows(String name, Tensor scores, Tensor labels, Tensor isCounted) {
        /** How many count: (). */
        Tensor count() {
            return total(isCounted);
        }

        /** Of what is true and counts. */
        Tensor total(Tensor isTrue) {
            return isTrue.and(isCounted).cast(DType.F64).sum();
        }

        /** Whether the label is 1; one that is neither 1 nor 0 is an error. */
        Tensor isOne() {
            Selection.Labels names = new Selection.Labels(name, "yes or no,");
            return new Selection.OneHot(2, DType.F64, names)
                    .on(labels)
                    .get(-1, 1)
                    .equalTo(1);
        }

        /** How many classes have a better score than the label's, of equal ones those that come before it. */
        Tensor rank() {
            int classes = scores.shape().length(-1);
            Tensor own = new Selection.Pick(new Selection.Labels(name, "scores"))
                    .on(scores, labels)
                    .expandDims(-1);
            Tensor isBefore = Tensor.of(IntStream.range(0, classes).toArray()).lessThan(labels.expandDims(-1));
            Tensor isAhead = scores.greaterThan(own).or(scores.equalTo(own).and(isBefore));
            return isAhead.cast(DType.F64).sum(-1);
        }

        /** The number of rows that are hits; NaN if one that counts has a NaN among its scores. */
        Tensor hits(Tensor isHit) {
            Tensor isUnknown = scores.isNaN().any(false, -1).and(isCounted);
            return isHit.and(isCounted)
                    .cast(DType.F64)
                    .maskedFill(isUnknown, Double.NaN)
                    .sum();
        }
    }

    /** Scores (..., classes) with labels (...). */
    Rows rows(B batch) {
        Tensor given = given(scores, "scores", batch);
        return rows(
                given,
                batch,
                given.shape().rank() == 0 ? Shape.SCALAR : given.shape().without(-1),
                "..., classes");
    }

    /** Scores (...) with labels (...) of 0 and 1. */
    Rows single(B batch) {
        Tensor given = given(scores, "scores", batch);
        return rows(given, batch, given.shape(), "...");
    }

    private Rows rows(Tensor given, B batch, Shape shape, String axes) {
        Tensor targets = given(labels, "labels", batch);
        Tensor numbers = targets.dtype() == DType.BOOL ? targets.cast(DType.I32) : targets;
        boolean fits = given.dtype().isFloating()
                && numbers.dtype() == DType.I32
                && numbers.shape().equals(shape)
                && given.shape().rank() >= (axes.equals("...") ? 0 : 1);
        if (!fits) {
            throw new IllegalArgumentException(name + ": scores " + given.describe() + " and labels "
                    + targets.describe() + ": they are (" + axes + ") floating-point numbers, and (...) i32");
        }
        Tensor isCounted = counted.isEmpty()
                ? numbers.greaterOrEqual(0)
                : mask(name, given(counted.get(), "what counts", batch), shape);
        return new Rows(name, given, numbers.maskedFill(isCounted.not(), 0), isCounted);
    }

    static Tensor mask(String name, Tensor mask, Shape shape) {
        boolean areLengths =
                mask.dtype() == DType.I32 && shape.rank() == 2 && mask.shape().equals(Shape.of(shape.length(0)));
        if (areLengths) {
            return Tensor.of(IntStream.range(0, shape.length(1)).toArray()).lessThan(mask.expandDims(1));
        }
        if (mask.dtype() != DType.BOOL || !mask.shape().equals(shape)) {
            throw new IllegalArgumentException(name + ": the mask " + mask.describe() + " of what counts must be "
                    + shape + " bool, or lengths (batch) i32 where that is (batch, time)");
        }
        return mask;
    }

    Tensor given(Function<? super B, Tensor> function, String what, B batch) {
        return given(name, function, what, batch);
    }

    static <B> Tensor given(String name, Function<? super B, Tensor> function, String what, B batch) {
        return Present.given(name, "the function of " + what, function.apply(batch));
    }

    /** Whether a label of a row that counts is neither 0 nor 1, as an error. */
    static void requireBinary(String name, int label, int row) {
        if (label != 0 && label != 1) {
            throw new IllegalArgumentException(name + ": label " + label + " in row " + row
                    + ": labels are 0 and 1, and below 0 if they do not count");
        }
    }
}
