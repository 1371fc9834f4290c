package dev.clew.nn.training;

import dev.clew.array.NDArray;
import dev.clew.nn.metric.Metric;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/** A user's own metric: the mean over the batches of a formula, less is better. */
record Mean<B>(String name, Function<B, Tensor> formula) implements Metric<B> {
    @Override
    public List<Tensor> of(B batch) {
        return List.of(formula.apply(batch));
    }

    @Override
    public boolean isMoreBetter() {
        return false;
    }

    @Override
    public Tally tally() {
        return new Tally() {
            private double sum;
            private int count;

            @Override
            public void add(List<NDArray> values) {
                sum += values.getFirst().item();
                count++;
            }

            @Override
            public double value() {
                return sum / count;
            }
        };
    }
}
