package dev.clew.nn.loss;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * The sum over all ways to write labels, one step of time after the other.
 *
 * <p>Two rows of logarithms are carried: of the ways that stand on a blank with i labels written, i from 0 to the most there are, and of
 * those that stand on the label i. Before the first step there is one way, on a blank with nothing written. A way that stands on a
 * blank came from that blank or from the label before it; one that stands on a label came from there, from the blank before it, or,
 * if it is another one than the label before, from that.
 */
final class CtcWays {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private final DType type;
    private final int batch;
    private final int time;
    private final int most;
    /** (time, batch, 1), (time, batch, 1) and (time, batch, most). */
    private final Tensor isStep;

    private final Tensor blanks;
    private final Tensor labels;
    /** Where a label repeats the one before: (batch, most), with the first one too, which has none. */
    private final Tensor isRepeated;

    /**
     * Of all sequences of a batch.
     *
     * @param logProbabilities (batch, time, classes)
     * @param isStep (batch, time) bool
     * @param written (batch, most) classes
     */
    CtcWays(Tensor logProbabilities, Tensor isStep, Tensor written, int blank) {
        this.type = logProbabilities.dtype();
        this.batch = written.shape().length(0);
        this.time = isStep.shape().length(1);
        this.most = written.shape().length(1);
        this.isStep = isStep.transpose().expandDims(2);
        this.blanks = logProbabilities.slice(2, blank, blank + 1).moveAxis(1, 0);
        this.labels = logProbabilities
                .pick(written.expandDims(1).broadcastTo(batch, time, most))
                .moveAxis(1, 0);
        Tensor before = Tensor.concat(1, List.of(written.slice(1, 0, 1), written.slice(1, 0, most - 1)));
        this.isRepeated = written.equalTo(before);
    }

    /** −ln of the sum of the ways that end on the last label, or on the blank behind it. Shapes: (batch) i32 → (batch). */
    Tensor costs(Tensor labelLengths) {
        Tensor onBlank = Tensor.concat(1, List.of(Padding.full(0, type, batch, 1), never(most)));
        Tensor onLabel = never(most);
        for (int t = 0; t < time; t++) {
            Tensor before = Tensor.concat(1, List.of(never(1), onLabel));
            Tensor isOn = isStep.get(t);
            Tensor nextBlank = onBlank.logAddExp(before).plus(blanks.get(t));
            Tensor skipped = before.slice(1, 0, most).maskedFill(isRepeated, NEVER);
            Tensor nextLabel = onLabel.logAddExp(onBlank.slice(1, 0, most))
                    .logAddExp(skipped)
                    .plus(labels.get(t));
            onBlank = Tensor.where(isOn, nextBlank, onBlank);
            onLabel = Tensor.where(isOn, nextLabel, onLabel);
        }
        Tensor last = Tensor.concat(1, List.of(never(1), onLabel));
        Tensor ends = Tensor.stack(1, List.of(onBlank.pick(labelLengths), last.pick(labelLengths)));
        return ends.logSumExp(1).negate();
    }

    private Tensor never(int count) {
        return Padding.full(NEVER, type, batch, count);
    }
}
