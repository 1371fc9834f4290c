package dev.clew.internal.runtime.kernel;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The values of a cluster by the rules of the plain walk, each as an array of rows × columns. */
final class ClusterWalk {
    private ClusterWalk() {}

    static List<NDArray> values(Cluster cluster, List<NDArray> inputs) {
        Shape shape = Shape.of(cluster.rows(), cluster.columns());
        List<NDArray> values = new ArrayList<>(inputs);
        for (Step step : cluster.steps()) {
            List<NDArray> operands =
                    step.operands().stream().mapToObj(values::get).toList();
            values.add(
                    switch (step) {
                        case Step.Apply apply ->
                            apply.formula().evaluate(apply.precision(), apply.result(), shape, operands);
                        case Step.Add add ->
                            Tensor.sum(operands.stream().map(Tensor::of).toList())
                                    .value();
                        case Step.Cast cast -> operands.getFirst().cast(cast.to());
                        case Step.Constant constant -> NDArray.full(constant.value(), constant.type(), shape);
                        case Step.Sum sum ->
                            Tensor.of(operands.getFirst()).sum(true, 1).value().broadcastTo(shape);
                        case Step.Max max ->
                            Tensor.of(operands.getFirst()).max(true, 1).value().broadcastTo(shape);
                    });
        }
        return values;
    }
}
