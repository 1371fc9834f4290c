package dev.clew.examples.audit;

import com.google.common.collect.ImmutableSet;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The loss: what is added up over steps, batch and outputs, and over which of them it is a mean.
 *
 * @param half whether a squared error is ½(y − t)²
 * @param means over what the sum is divided by the number of
 * @param isLast whether only the last step has a loss
 */
record Objective(Kind kind, boolean half, Set<Mean> means, boolean isLast) {
    /** What an output is compared by. */
    enum Kind {
        /** −t·log softmax(y), where t is a class or a row of weights. */
        SOFTMAX("softmax"),
        /** (y − t)². */
        SQUARED("squared"),
        /** −t·log σ(y) − (1 − t)·log(1 − σ(y)). */
        BINARY("binary");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** What a mean is over. */
    enum Mean {
        BATCH("batch"),
        STEPS("steps"),
        OUTPUTS("outputs");

        private final String label;

        Mean(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    Objective {
        means = ImmutableSet.copyOf(means);
        if (half && kind != Kind.SQUARED) {
            throw new IllegalArgumentException("--half --loss=" + kind + ": ½ belongs to --loss=squared");
        }
    }

    /** A sum over everything. */
    static Objective of(Kind kind) {
        return new Objective(kind, false, Set.of(), false);
    }

    /**
     * The loss of a run. A mean over steps that a mask excludes some of is over those that are left.
     *
     * <p>Shapes: outputs (outputs, batch) or (batch, outputs) of every step; targets (steps, ...) of such, or of the last step alone; mask
     * (steps, batch) → ().
     *
     * @param features along which axis a step has the outputs
     */
    Tensor of(List<Tensor> outputs, Tensor targets, Optional<Tensor> mask, int features) {
        if (isLast) {
            Tensor error = error(outputs.getLast(), targets, features);
            Tensor weighted =
                    mask.map(m -> m.get(outputs.size() - 1).times(error)).orElse(error);
            return divided(weighted.sum(), count(outputs.getLast(), features, 1));
        }
        Optional<Tensor> weights = mask.map(this::shares);
        List<Tensor> terms = new ArrayList<>();
        for (int t = 0; t < outputs.size(); t++) {
            Tensor error = error(outputs.get(t), targets.get(t), features);
            int step = t;
            terms.add(weights.map(m -> m.get(step).times(error)).orElse(error).sum());
        }
        Tensor total = Tensor.sum(terms);
        Tensor first = outputs.getFirst();
        if (mask.isEmpty()) {
            return divided(total, count(first, features, outputs.size()));
        }
        if (isOverSteps() && isOverBatch()) { // Of all that counts, wherever it is.
            return divided(total, ofOutputs(first, features)).div(mask.get().sum());
        }
        return divided(total, count(first, features, 1));
    }

    private boolean isOverSteps() {
        return means.contains(Mean.STEPS);
    }

    private boolean isOverBatch() {
        return means.contains(Mean.BATCH);
    }

    /** What every step of a sequence counts: if the mean is over the steps of each, they are 1 together. */
    private Tensor shares(Tensor mask) {
        return isOverSteps() && !isOverBatch() ? mask.div(mask.sum(0)) : mask;
    }

    /** The loss of a step, a number for each sequence. */
    private Tensor error(Tensor y, Tensor t, int features) {
        Tensor each = switch (kind) {
            case SOFTMAX -> t.times(y.logSoftmax(features)).negate();
            case SQUARED -> half ? y.minus(t).square().times(0.5) : y.minus(t).square();
            case BINARY -> y.softplus().minus(y.times(t));
        };
        return each.sum(features);
    }

    private int count(Tensor y, int features, int steps) {
        int sequences = y.shape().elements() / y.shape().length(features);
        return ofOutputs(y, features) * (isOverBatch() ? sequences : 1) * (isOverSteps() ? steps : 1);
    }

    private int ofOutputs(Tensor y, int features) {
        return means.contains(Mean.OUTPUTS) ? y.shape().length(features) : 1;
    }

    private static Tensor divided(Tensor total, int count) {
        return count == 1 ? total : total.div(count);
    }
}
