package dev.clew.examples.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import dev.clew.array.DType;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;
import java.util.List;
import java.util.function.Supplier;

/** A training in DJL: the loop runs anew in every step, and its gradient is found by going back over what was recorded. */
final class DjlTrainer implements Trainer {
    private final Engine engine;
    private final NDManager manager;
    private final List<NDArray> weights;
    private final NDArray rate;
    private final Supplier<NDArray> loop;
    private final boolean single;

    DjlTrainer(Job job, Engine engine) {
        this.engine = engine;
        this.manager = engine.newBaseManager();
        this.single = job.dtype() == DType.F32;
        DjlMaths maths = new DjlMaths(manager, job);
        this.loop = Loops.of(job, maths);
        this.weights = maths.weights();
        // An array, since numbers as operands have been seen to turn to NaN after some 100 steps.
        this.rate = maths.number(job.rate());
    }

    @Override
    public double step() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray loss;
            try (GradientCollector collector = engine.newGradientCollector()) {
                loss = loop.get();
                collector.backward(loss);
            }
            for (NDArray weight : weights) {
                NDArray gradient = weight.getGradient();
                weight.subi(gradient.mul(rate));
                gradient.subi(gradient); // They add up otherwise.
            }
            return single ? loss.getFloat() : loss.getDouble();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
