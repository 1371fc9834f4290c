package dev.clew.examples.peers;

import dev.clew.array.DType;
import dev.clew.examples.benchmark.Engine;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** TensorFlow for Java: a graph that is built once and run many times. */
public final class TensorFlowEngine implements Engine {
    private final int threads;

    /** With so many threads within an operation and as many between operations. */
    public TensorFlowEngine(int threads) {
        this.threads = threads;
    }

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public String version() {
        return "TensorFlow " + TensorFlow.version() + " by TensorFlow Java " + binding()
                + ", a graph built once; threads: " + threads + " within an operation, " + threads
                + " between operations";
    }

    private static String binding() {
        String jar = TensorFlow.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return jar.replaceAll(".*tensorflow-core-api-(.*)\\.jar", "$1");
    }

    @Override
    public Trainer train(Job job) {
        ConfigProto config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(threads)
                .build();
        return job.dtype() == DType.F32
                ? new TensorFlowTrainer<>(job, TFloat32.class, config)
                : new TensorFlowTrainer<>(job, TFloat64.class, config);
    }
}
