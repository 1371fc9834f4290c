package dev.clew.examples.api;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.nn.layer.Lstm;
import dev.clew.nn.onnx.OnnxModel;
import dev.clew.nn.weight.FlaxWeights;
import dev.clew.nn.weight.GateOrder;
import dev.clew.nn.weight.KerasWeights;
import dev.clew.nn.weight.TorchWeights;
import dev.clew.nn.weight.Weights;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something of every type that a user hands over to read and write weights and models of others. */
final class SamplesOfWeights {
    private SamplesOfWeights() {}

    static Map<Class<?>, Object> values() {
        Map<Class<?>, Object> values = new LinkedHashMap<>();
        TorchWeights torch = TorchWeights.of(Map.of("x", NDArray.full(1, DType.F64, Shape.of(2))));
        torch.put("w", Lstm.create(2, 2, RandomKey.of(1)));
        for (Object each : List.of(torch, KerasWeights.create(), FlaxWeights.create())) {
            values.put(each.getClass(), each);
        }
        values.put(Weights.class, torch);
        values.put(
                OnnxModel.class,
                OnnxModel.of(Map.of("y", Tensor.input("x", DType.F64, 2).tanh())));
        values.put(GateOrder.class, GateOrder.PYTORCH);
        return values;
    }
}
