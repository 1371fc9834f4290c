package dev.clew.examples.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import com.google.common.collect.Maps;
import dev.clew.array.DType;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import java.util.List;
import java.util.function.Supplier;

/** A training in DJL: the loss is computed anew in every step, and its gradient is found by going back over what was recorded. */
final class DjlTrainer implements Trainer {
    private final Engine engine;
    private final NDManager manager;
    private final List<NDArray> weights;
    private final NDArray rate;
    private final Supplier<NDArray> loss;
    private final boolean single;

    /** By the loop over time. */
    static DjlTrainer loop(Job job, Engine engine) {
        NDManager manager = engine.newBaseManager();
        DjlMaths maths = new DjlMaths(
                manager, job.dtype(), Maps.transformValues(Parameters.named(job.model()), Parameter::value));
        return new DjlTrainer(job, engine, manager, maths, Loops.of(job, maths));
    }

    /** By a layer that PyTorch has built in. */
    static DjlTrainer builtIn(Job job, Engine engine) {
        NDManager manager = engine.newBaseManager();
        DjlMaths maths = new DjlMaths(manager, job.dtype(), DjlLayer.weights(job));
        return new DjlTrainer(job, engine, manager, maths, DjlLayer.of(job, maths));
    }

    private DjlTrainer(Job job, Engine engine, NDManager manager, DjlMaths maths, Supplier<NDArray> loss) {
        this.engine = engine;
        this.manager = manager;
        this.loss = loss;
        this.single = job.dtype() == DType.F32;
        this.weights = maths.weights();
        // An array, since numbers as operands have been seen to turn to NaN after some 100 steps.
        this.rate = maths.number(job.rate());
    }

    @Override
    public double step() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray value;
            try (GradientCollector collector = engine.newGradientCollector()) {
                value = loss.get();
                collector.backward(value);
            }
            for (NDArray weight : weights) {
                NDArray gradient = weight.getGradient();
                weight.subi(gradient.mul(rate));
                gradient.subi(gradient); // They add up otherwise.
            }
            return single ? value.getFloat() : value.getDouble();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
