package dev.clew.examples.peers;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** TensorFlow's operations. What is given is fed to every run, as one array that the graph takes apart into steps. */
final class TensorFlowMaths<N extends TNumber> implements Maths<Operand<N>, Operand<N>> {
    private final Ops tf;
    private final Class<N> type;
    private final DType dtype;
    private final Map<String, Variable<N>> weights = new LinkedHashMap<>();
    private final Map<Operand<?>, Tensor> given = new LinkedHashMap<>();
    private final List<Op> beginnings = new ArrayList<>();

    TensorFlowMaths(Ops tf, Job job, Class<N> type) {
        this.tf = tf;
        this.type = type;
        this.dtype = job.dtype();
        for (Map.Entry<String, Parameter> each : Parameters.named(job.model()).entrySet()) {
            NDArray value = each.getValue().value();
            Variable<N> weight = tf.variable(shape(value), type);
            beginnings.add(tf.assign(weight, constant(value)));
            weights.put(each.getKey(), weight);
        }
    }

    /** All parameters. */
    List<Operand<N>> weights() {
        return List.copyOf(weights.values());
    }

    /** What a run must be fed. */
    Map<Operand<?>, Tensor> given() {
        return given;
    }

    /** Gives the parameters their first values. */
    void begin(Session session) {
        beginnings.forEach(session::run);
    }

    private static Shape shape(NDArray numbers, int... first) {
        long[] lengths = new long[first.length + numbers.shape().rank()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = i < first.length ? first[i] : numbers.shape().length(i - first.length);
        }
        return Shape.of(lengths);
    }

    private Operand<N> constant(NDArray numbers) {
        Shape shape = shape(numbers);
        Operand<?> constant = dtype == DType.F32
                ? tf.constant(shape, DataBuffers.of(numbers.toFloats(), true, false))
                : tf.constant(shape, DataBuffers.of(numbers.toDoubles(), true, false));
        return constant.asOutput().expect(type);
    }

    @Override
    public Operand<N> weight(String name) {
        Variable<N> weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight " + name + ", only " + weights.keySet());
        }
        return weight;
    }

    @Override
    public List<Operand<N>> data(List<NDArray> steps) {
        Shape shape = shape(steps.getFirst(), steps.size());
        NDArray all = dev.clew.tensor.Tensor.stack(
                        0, steps.stream().map(dev.clew.tensor.Tensor::of).toList())
                .value();
        Placeholder<N> fed = tf.placeholder(type, Placeholder.shape(shape));
        given.put(
                fed,
                dtype == DType.F32
                        ? TFloat32.tensorOf(shape, DataBuffers.of(all.toFloats(), true, false))
                        : TFloat64.tensorOf(shape, DataBuffers.of(all.toDoubles(), true, false)));
        // The optimizer of graphs does not believe the shape of what is fed, and would find out shapes in every run.
        Operand<N> known = tf.reshape(fed, tf.constant(shape.asArray()));
        return List.copyOf(tf.unstack(known, (long) steps.size()).output());
    }

    /** As one-hot rows: its cross-entropy of labels has no gradient outside of Python. */
    @Override
    public List<Operand<N>> labels(List<NDArray> steps, int classes) {
        return data(steps.stream()
                .map(labels -> dev.clew.tensor.Tensor.oneHot(dev.clew.tensor.Tensor.of(labels), classes, dtype)
                        .value())
                .toList());
    }

    @Override
    public Operand<N> zeros(int batch, int units) {
        return constant(NDArray.full(0, dtype, dev.clew.array.Shape.of(batch, units)));
    }

    @Override
    public Operand<N> number(double number) {
        return constant(NDArray.of(number));
    }

    @Override
    public Operand<N> matmul(Operand<N> a, Operand<N> b) {
        return tf.linalg.matMul(a, b);
    }

    @Override
    public Operand<N> plus(Operand<N> a, Operand<N> b) {
        return tf.math.add(a, b);
    }

    @Override
    public Operand<N> minus(Operand<N> a, Operand<N> b) {
        return tf.math.sub(a, b);
    }

    @Override
    public Operand<N> times(Operand<N> a, Operand<N> b) {
        return tf.math.mul(a, b);
    }

    @Override
    public Operand<N> div(Operand<N> a, Operand<N> b) {
        return tf.math.div(a, b);
    }

    @Override
    public Operand<N> sigmoid(Operand<N> a) {
        return tf.math.sigmoid(a);
    }

    @Override
    public Operand<N> tanh(Operand<N> a) {
        return tf.math.tanh(a);
    }

    /** The graph has no such operation of its own. */
    @Override
    public Operand<N> layerNorm(Operand<N> a, Operand<N> gain, Operand<N> bias, double epsilon) {
        Operand<TInt32> features = tf.constant(1);
        Operand<N> mean = tf.math.mean(a, features, Mean.keepDims(true));
        Operand<N> centered = tf.math.sub(a, mean);
        Operand<N> variance = tf.math.mean(tf.math.square(centered), features, Mean.keepDims(true));
        Operand<N> scale = tf.math.rsqrt(tf.math.add(variance, number(epsilon)));
        return tf.math.add(tf.math.mul(tf.math.mul(centered, scale), gain), bias);
    }

    /** In f64 from its parts: the gradient of the whole mixes types there. */
    @Override
    public Operand<N> nats(Operand<N> logits, Operand<N> labels) {
        if (dtype == DType.F32) {
            return tf.expandDims(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(1));
        }
        Operand<N> chosen = tf.math.mul(labels, tf.nn.logSoftmax(logits));
        return tf.math.neg(tf.reduceSum(chosen, tf.constant(1), ReduceSum.keepDims(true)));
    }

    @Override
    public Operand<N> sum(Operand<N> a) {
        return tf.reduceSum(a, tf.constant(new int[] {0, 1}));
    }

    @Override
    public Operand<N> mean(Operand<N> a) {
        return tf.math.mean(a, tf.constant(new int[] {0, 1}));
    }

    @Override
    public Operand<N> concat(Operand<N> a, Operand<N> b) {
        return tf.concat(List.of(a, b), tf.constant(1));
    }

    @Override
    public List<Operand<N>> split(Operand<N> a, int parts) {
        return List.copyOf(tf.split(tf.constant(1), a, (long) parts).output());
    }
}
