package dev.clew.nn.metric;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What metrics of numbers ask of a batch: how far predictions are off. */
record ErrorMetric<B>(
        String name,
        Function<? super B, Tensor> prediction,
        Function<? super B, Tensor> target,
        Optional<Function<? super B, Tensor>> counted) {

    Metric<B> absolute() {
        return new SumMetric<>(name, batch -> sums(batch, Tensor::abs), sums -> sums[0] / sums[1], false);
    }

    Metric<B> squared() {
        return new SumMetric<>(name, batch -> sums(batch, Tensor::square), sums -> Math.sqrt(sums[0] / sums[1]), false);
    }

    private List<Tensor> sums(B batch, UnaryOperator<Tensor> cost) {
        Tensor x = MetricInputs.given(name, prediction, "the prediction", batch);
        Tensor y = MetricInputs.given(name, target, "the target", batch);
        if (!x.shape().equals(y.shape()) || x.dtype() != y.dtype() || !x.dtype().isFloating()) {
            throw new IllegalArgumentException(name + ": prediction " + x.describe() + " and target " + y.describe()
                    + ": they are of one shape and one floating-point type; broadcasting would hide a mistake");
        }
        Tensor costs = cost.apply(x.cast(DType.F64).minus(y.cast(DType.F64)));
        if (counted.isEmpty()) {
            return List.of(costs.sum(), Tensor.of((double) x.shape().elements()));
        }
        Tensor mask = MetricInputs.mask(name, MetricInputs.given(name, counted.get(), "what counts", batch), x.shape());
        return List.of(
                costs.maskedFill(mask.not(), 0).sum(), mask.cast(DType.F64).sum());
    }
}
