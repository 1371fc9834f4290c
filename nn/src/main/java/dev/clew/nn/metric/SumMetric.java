package dev.clew.nn.metric;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A number that follows from a few sums, each in f64 over all batches.
 *
 * @param sums of a batch: shape ()
 * @param result from the sums; NaN of nothing
 */
record SumMetric<B>(
        String name, Function<B, List<Tensor>> sums, ToDoubleFunction<double[]> result, boolean isMoreBetter)
        implements Metric<B> {
    @Override
    public List<Tensor> of(B batch) {
        List<Tensor> all = sums.apply(batch);
        for (Tensor each : all) {
            if (each.shape().rank() != 0) {
                throw new IllegalArgumentException(name + ": " + each.describe() + " must be a sum or a count over a"
                        + " batch, a number of shape (); take its sum()");
            }
        }
        return all.stream().map(each -> each.cast(DType.F64)).toList();
    }

    @Override
    public Tally tally() {
        return new Tally() {
            private double[] totals = new double[0];

            @Override
            public void add(List<NDArray> values) {
                double[] next = values.stream().mapToDouble(NDArray::item).toArray();
                for (int i = 0; i < totals.length; i++) {
                    next[i] += totals[i];
                }
                totals = next;
            }

            @Override
            public double value() {
                return totals.length == 0 ? Double.NaN : result.applyAsDouble(totals);
            }

            @Override
            public String toString() {
                return name + " " + text();
            }
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
