package dev.clew.nn.metric;

import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * A number that tells how good a model is, over all batches of some data. Formulas say what has to be known of a batch, plain Java adds it
 * up; so all metrics of a batch are one evaluation, together with whatever else is wanted of it. {@link Metrics} has the usual ones.
 *
 * @param <B> a batch, of any type
 */
public interface Metric<B> {
    /** What it is called in tables: {@code accuracy}. */
    String name();

    /** What has to be known of a batch, as formulas; whoever asks evaluates them. */
    List<Tensor> of(B batch);

    /** An empty count. */
    Tally tally();

    /** Whether more is better, for early stopping and best weights. */
    boolean isMoreBetter();

    /** What is known of all batches so far. */
    interface Tally {
        /**
         * Counts a batch.
         *
         * @param values those of the formulas of {@link Metric#of}, in their order
         */
        void add(List<NDArray> values);

        /** The number over all batches; NaN if there were none, or nothing in them counted. */
        double value();

        /** For tables: the value, or more. */
        default String text() {
            return String.format(Locale.ROOT, "%.5g", value());
        }
    }
}
