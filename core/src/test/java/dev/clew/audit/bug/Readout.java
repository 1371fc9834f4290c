package dev.clew.audit.bug;

import dev.clew.audit.Family;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * o_t = h_t·V + c and a loss at every step: the mean over the batch, the sum over the steps.
 *
 * @param kind of the loss
 * @param bias the name of c
 * @param output the name of o
 */
record Readout(Kind kind, String bias, String output) {
    static final String TIMES_BATCH = "1/n missing";
    static final String BATCH_TWICE = "1/n twice";
    static final String DOUBLED = "loss slope doubled";
    static final String SUMMING_TO_1 = "p − y though targets do not sum to 1";
    static final String EARLIER_STATE = "h_{t−1} for h_t in dV";
    static final String PER_STEP = "loss slope divided by the steps";

    /** What is between outputs and targets. */
    enum Kind {
        /** (o − y)², summed over the outputs. */
        SQUARED,
        /** −Σ y log softmax(o); the targets of a row need not sum to 1. */
        CROSS_ENTROPY
    }

    /** The graph of the outputs. */
    List<Tensor> outputs(Map<String, Tensor> point, List<Tensor> states) {
        return states.stream()
                .map(h -> h.matmul(Draw.at(point, "V")).plus(Draw.at(point, bias)))
                .toList();
    }

    /** The graph of the loss. */
    Tensor loss(Map<String, Tensor> point, List<Tensor> outputs) {
        Tensor targets = Draw.at(point, "y");
        List<Tensor> terms = new ArrayList<>();
        for (int t = 0; t < outputs.size(); t++) {
            Tensor y = targets.get(0, t);
            Tensor o = outputs.get(t);
            Tensor each = kind == Kind.SQUARED
                    ? o.minus(y).square().sum()
                    : y.times(o.logSoftmax(1)).sum().negate();
            terms.add(each.div(o.shape().lengths()[0]));
        }
        return Tensor.sum(terms);
    }

    /** By hand, the loss of one step. */
    double loss(Matrix o, Matrix y) {
        Matrix each = kind == Kind.SQUARED
                ? o.minus(y).by(o.minus(y))
                : y.by(softmax(o).map(Math::log)).times(-1);
        return each.sum() / o.height();
    }

    /** By hand, the slope of the loss of one step. */
    Matrix slope(Matrix o, Matrix y, int steps, Switches on) {
        double factor = on.has(TIMES_BATCH) ? 1 : 1.0 / o.height();
        factor /= on.has(BATCH_TWICE) ? o.height() : 1;
        factor *= on.has(DOUBLED) ? 2 : 1;
        factor /= on.has(PER_STEP) ? steps : 1;
        if (kind == Kind.SQUARED) {
            return o.minus(y).times(2 * factor);
        }
        Matrix p = on.has(SUMMING_TO_1) ? softmax(o) : softmax(o).by(y.sumOfColumns());
        return p.minus(y).times(factor);
    }

    private static Matrix softmax(Matrix o) {
        Matrix exponentials = o.map(Math::exp);
        return exponentials.over(exponentials.sumOfColumns());
    }

    /** The mistakes at the loss: what it makes wrong are all names. */
    List<Bug> bugs(String all) {
        List<Bug> bugs = new ArrayList<>(List.of(
                Bug.of(
                        TIMES_BATCH,
                        Family.SCALE,
                        all,
                        "The slope of the loss lacks the 1/n of the mean over the batch."),
                Bug.of(
                        BATCH_TWICE,
                        Family.SCALE,
                        all,
                        "The slope of the loss has the 1/n of the mean over the batch twice."),
                Bug.of(DOUBLED, Family.SCALE, all, "The slope of the loss is twice what it ought to be."),
                Bug.of(
                        PER_STEP,
                        Family.SCALE,
                        all,
                        "The slope of the loss is divided by the steps, as of a mean over them."),
                Bug.of(EARLIER_STATE, Family.TIME, "V", "The weights of the outputs see h_{t−1} instead of h_t.")));
        if (kind == Kind.CROSS_ENTROPY) {
            bugs.add(Bug.of(
                    SUMMING_TO_1, Family.LOSS, all, "p − y is taken though the targets of a row do not sum to 1."));
        }
        return bugs;
    }
}
