package dev.clew.examples.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.LayerNorm;
import dev.clew.array.DType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DJL's operations. */
final class DjlMaths implements Maths<NDArray, NDArray> {
    private final NDManager manager;
    private final DType dtype;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final Map<Double, NDArray> numbers = new HashMap<>();

    /** With parameters by name, and the values that they begin with. */
    DjlMaths(NDManager manager, DType dtype, Map<String, dev.clew.array.NDArray> beginning) {
        this.manager = manager;
        this.dtype = dtype;
        beginning.forEach((name, value) -> {
            NDArray weight = array(value);
            weight.setRequiresGradient(true);
            weights.put(name, weight);
        });
    }

    /** All parameters. */
    List<NDArray> weights() {
        return List.copyOf(weights.values());
    }

    private NDArray array(dev.clew.array.NDArray numbers) {
        Shape shape = shape(numbers);
        return dtype == DType.F32
                ? manager.create(numbers.toFloats(), shape)
                : manager.create(numbers.toDoubles(), shape);
    }

    private static Shape shape(dev.clew.array.NDArray numbers) {
        int[] lengths = numbers.shape().lengths();
        long[] wide = new long[lengths.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = lengths[i];
        }
        return new Shape(wide);
    }

    @Override
    public NDArray weight(String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight " + name + ", only " + weights.keySet());
        }
        return weight;
    }

    @Override
    public List<NDArray> data(List<dev.clew.array.NDArray> steps) {
        return steps.stream().map(this::array).toList();
    }

    @Override
    public List<NDArray> labels(List<dev.clew.array.NDArray> steps, int classes) {
        return steps.stream()
                .map(labels -> manager.create(labels.toInts())
                        .toType(DataType.INT64, true)
                        .expandDims(1))
                .toList();
    }

    @Override
    public NDArray zeros(int batch, int units) {
        return manager.zeros(new Shape(batch, units), dtype == DType.F32 ? DataType.FLOAT32 : DataType.FLOAT64);
    }

    @Override
    public NDArray number(double number) {
        NDArray array = numbers.get(number);
        if (array == null) {
            array = dtype == DType.F32 ? manager.create((float) number) : manager.create(number);
            NDScope.unregister(array); // It is for all steps.
            numbers.put(number, array);
        }
        return array;
    }

    @Override
    public NDArray matmul(NDArray a, NDArray b) {
        return a.matMul(b);
    }

    @Override
    public NDArray plus(NDArray a, NDArray b) {
        return a.add(b);
    }

    @Override
    public NDArray minus(NDArray a, NDArray b) {
        return a.sub(b);
    }

    @Override
    public NDArray times(NDArray a, NDArray b) {
        return a.mul(b);
    }

    @Override
    public NDArray div(NDArray a, NDArray b) {
        return a.div(b);
    }

    @Override
    public NDArray sigmoid(NDArray a) {
        return Activation.sigmoid(a);
    }

    @Override
    public NDArray tanh(NDArray a) {
        return a.tanh();
    }

    @Override
    public NDArray layerNorm(NDArray a, NDArray gain, NDArray bias, double epsilon) {
        return LayerNorm.layerNorm(a, gain.getShape(), gain, bias, (float) epsilon)
                .singletonOrThrow();
    }

    @Override
    public NDArray nats(NDArray logits, NDArray labels) {
        return logits.logSoftmax(1).gather(labels, 1).neg();
    }

    @Override
    public NDArray sum(NDArray a) {
        return a.sum();
    }

    @Override
    public NDArray mean(NDArray a) {
        return a.mean();
    }

    @Override
    public NDArray concat(NDArray a, NDArray b) {
        return NDArrays.concat(new NDList(a, b), 1);
    }

    @Override
    public List<NDArray> split(NDArray a, int parts) {
        return a.split(parts, 1);
    }
}
