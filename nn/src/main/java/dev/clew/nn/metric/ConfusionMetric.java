package dev.clew.nn.metric;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A number that follows from which class was taken for which.
 *
 * @param result without one, the matrix itself is the tally
 */
record ConfusionMetric<B>(
        MetricInputs<B> inputs, ImmutableList<String> classes, Optional<ToDoubleFunction<ConfusionMatrix>> result)
        implements Metric<B> {
    @Override
    public String name() {
        return inputs.name();
    }

    /** The class with the best score, −1 where one is NaN, with the label. */
    @Override
    public List<Tensor> of(B batch) {
        MetricInputs.Rows rows = inputs.rows(batch);
        if (rows.scores().shape().length(-1) != classes.size()) {
            throw new IllegalArgumentException(name() + ": scores "
                    + rows.scores().describe() + " of " + classes.size() + " classes: their last axis must be as long");
        }
        Tensor isUnknown = rows.scores().isNaN().any(false, -1);
        return List.of(rows.scores().argMax(-1).maskedFill(isUnknown, -1), rows.labels(), rows.isCounted());
    }

    @Override
    public boolean isMoreBetter() {
        return true;
    }

    @Override
    public Tally tally() {
        ConfusionMatrix matrix = ConfusionMatrix.of(classes);
        return result.isPresent() ? of(matrix, result.get()) : matrix;
    }

    private Tally of(ConfusionMatrix matrix, ToDoubleFunction<ConfusionMatrix> number) {
        return new Tally() {
            @Override
            public void add(List<NDArray> values) {
                matrix.add(values);
            }

            @Override
            public double value() {
                return number.applyAsDouble(matrix);
            }

            @Override
            public String toString() {
                return name() + " " + text();
            }
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
