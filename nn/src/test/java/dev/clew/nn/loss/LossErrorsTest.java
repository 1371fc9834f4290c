package dev.clew.nn.loss;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LossErrorsTest {
    private static final Tensor LOGITS = Tensor.zeros(DType.F64, 2, 3);

    @Test
    void logitsWithoutClasses() {
        fails(
                () -> Losses.softmaxCrossEntropy(Tensor.of(1.0), 0),
                "softmaxCrossEntropy: logits () have no axis of classes; their shape must be (..., classes)");
    }

    @Test
    void logitsThatAreNoFloatingPointNumbers() {
        fails(
                () -> Losses.softmaxCrossEntropy(Tensor.zeros(DType.I32, 2, 3), 0, 1),
                "softmaxCrossEntropy: logits (2, 3) i32 and targets (2) i32: logits must be floating-point numbers;"
                        + " cast them: .cast(DType.F64)");
    }

    @Test
    void asManyLabelsAsRows() {
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, 0, 1, 2),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (3) i32: one label for every row is needed, shape"
                        + " (2); if axis 0 of the logits is that of the classes, put it last: transpose(1, 0)");
        fails(
                () -> Losses.softmaxCrossEntropy(
                        LOGITS, Tensor.of(new int[] {0, 1}).expandDims(1)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (2, 1) i32: one label for every row is needed,"
                        + " shape (2); transpose or reshape one of them?");
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, Tensor.zeros(DType.I32, 2, 3)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (2, 3) i32: one label for every row is needed,"
                        + " shape (2); if they are 0 and 1 for every class, cast them: .cast(DType.F64)");
    }

    @Test
    void classesOnAnotherAxis() {
        fails(
                () -> Losses.softmaxCrossEntropy(Tensor.zeros(DType.F64, 2, 3, 5), Tensor.zeros(DType.I32, 2, 5)),
                "softmaxCrossEntropy: logits (2, 3, 5) f64 and targets (2, 5) i32: one label for every row is needed,"
                        + " shape (2, 3); if axis 1 of the logits is that of the classes, put it last:"
                        + " transpose(0, 2, 1)");
        fails(
                () -> Losses.negativeLogLikelihood(Tensor.zeros(DType.F64, 3, 2), Tensor.zeros(DType.I32, 2)),
                "negativeLogLikelihood: logarithms of probabilities (3, 2) f64 and targets (2) i32: one label for every"
                        + " row is needed, shape (3); if axis 0 of the logarithms of probabilities is that of the"
                        + " classes, put it last: transpose(1, 0)");
    }

    @Test
    void asManyProbabilitiesAsLogits() {
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, Tensor.zeros(DType.F64, 3, 2)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (3, 2) f64: one probability for every logit is"
                        + " needed, shape (2, 3); transpose or reshape one of them?");
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, Tensor.zeros(DType.F64, 4, 3)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (4, 3) f64: one probability for every logit is"
                        + " needed, shape (2, 3); are both from the same batch?");
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, Tensor.zeros(DType.F64, 2)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (2) f64: one probability for every logit is needed,"
                        + " shape (2, 3); if they are labels, cast them: .cast(DType.I32)");
    }

    @Test
    void targetsOfAnotherType() {
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, Tensor.zeros(DType.F32, 2, 3)),
                "softmaxCrossEntropy: logits (2, 3) f64 and targets (2, 3) f32: targets are either labels, i32, or"
                        + " probabilities of the type of the logits; cast them: .cast(DType.F64)");
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS.cast(DType.F32), Tensor.zeros(DType.BOOL, 2, 3)),
                "softmaxCrossEntropy: logits (2, 3) f32 and targets (2, 3) bool: targets are either labels, i32, or"
                        + " probabilities of the type of the logits; cast them: .cast(DType.F32)");
    }

    @Test
    void labelOutOfRange() {
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, 2, 3),
                "softmaxCrossEntropy: label 3 in row 1: logits (2, 3) have 3 classes, so labels go from 0 to 2;"
                        + " do these count from 1?");
        fails(
                () -> Losses.softmaxCrossEntropy(LOGITS, -1, 2),
                "softmaxCrossEntropy: label -1 in row 0: logits (2, 3) have 3 classes, so labels go from 0 to 2");
    }

    @Test
    void labelOutOfRangeThatIsComputedIsFoundWhenEvaluated() {
        Tensor computed = Tensor.of(new double[] {0, 7}).cast(DType.I32);
        Tensor loss = Losses.softmaxCrossEntropy(LOGITS, computed);
        fails(
                loss::item,
                "softmaxCrossEntropy: label 7 in row 1: logits (2, 3) have 3 classes, so labels go from 0 to 2");
    }

    @Test
    void emptyBatch() {
        fails(
                () -> Losses.softmaxCrossEntropy(Tensor.zeros(DType.F64, 0, 3)),
                "softmaxCrossEntropy: logits (0, 3) f64: nothing is in it, and the mean over nothing is not a number;"
                        + " leave empty batches out");
        fails(
                () -> Losses.softmaxCrossEntropy(Tensor.zeros(DType.F64, 2, 0), 0, 0),
                "softmaxCrossEntropy: logits (2, 0) f64: nothing is in it, and the mean over nothing is not a number;"
                        + " leave empty batches out");
        fails(
                () -> Losses.meanSquaredError(Tensor.zeros(DType.F64, 0), Tensor.zeros(DType.F64, 0)),
                "meanSquaredError: prediction (0) f64: nothing is in it, and the mean over nothing is not a number;"
                        + " leave empty batches out");
    }

    @Test
    void predictionAndTargetAreAlike() {
        fails(
                () -> Losses.meanSquaredError(Tensor.zeros(DType.F64, 2, 1), Tensor.zeros(DType.F64, 2)),
                "meanSquaredError: prediction (2, 1) f64 and target (2) f64: the shapes must be equal; broadcasting here"
                        + " would hide a mistake, so reshape one");
        fails(
                () -> Losses.meanSquaredError(Tensor.zeros(DType.F32, 2), Tensor.zeros(DType.F64, 2)),
                "meanSquaredError: prediction (2) f32 and target (2) f64: both must be of one floating-point type;"
                        + " cast: .cast(DType.F32)");
        fails(
                () -> Losses.meanSquaredError(
                        Tensor.of(new int[] {1}), Tensor.of(NDArray.full(1, DType.I32, Shape.of(1)))),
                "meanSquaredError: prediction (1) i32 and target (1) i32: both must be of one floating-point type;"
                        + " cast: .cast(DType.F64)");
    }

    private static void fails(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
