package dev.clew.examples.tutorial;

import dev.clew.examples.byhand.Vectors;
import dev.clew.tensor.Tensor;
import java.util.List;

/**
 * Which steps have a loss, {@code −log softmax(o_t)[label_t]} in nats; their sum is the loss of the sequence.
 *
 * <p>By hand on plain arrays, and the same in Clew.
 */
enum LossAt {
    EVERY_STEP,
    LAST_STEP;

    private static final int[] LABELS = {0, 2, 1, 1, 0, 2, 0};

    /** By hand. Shapes: logits (steps, classes). */
    double of(double[][] logits) {
        double sum = 0;
        for (int t = 0; t < logits.length; t++) {
            if (hasLoss(t, logits.length)) {
                sum += Vectors.logSumExp(logits[t]) - logits[t][label(t)];
            }
        }
        return sum;
    }

    /**
     * By hand: {@code ∂L/∂o_t = p_t − y_t}, zeros for a step without loss. Shapes: logits (steps, classes) to
     * (classes).
     */
    double[] gradient(double[][] logits, int t) {
        if (!hasLoss(t, logits.length)) {
            return new double[logits[t].length];
        }
        double[] dLogits = Vectors.softmax(logits[t]);
        dLogits[label(t)] -= 1;
        return dLogits;
    }

    /** In Clew. Shapes: per step (classes, 1) to (). */
    Tensor of(List<Tensor> logits) {
        int last = logits.size() - 1;
        Tensor loss = crossEntropy(logits.get(last), label(last));
        for (int t = last - 1; t >= 0; t--) {
            if (hasLoss(t, logits.size())) {
                loss = crossEntropy(logits.get(t), label(t)).plus(loss);
            }
        }
        return loss;
    }

    /** {@code −log softmax(o)[label]}. Shapes: (classes, 1) to (). */
    static Tensor crossEntropy(Tensor logits, int label) {
        return logits.logSumExp(false, 0, 1).minus(logits.get(label).get(0));
    }

    private boolean hasLoss(int t, int steps) {
        return this == EVERY_STEP || t == steps - 1;
    }

    private static int label(int t) {
        return LABELS[t % LABELS.length];
    }
}
