package dev.clew.examples.peers;

import ai.djl.pytorch.jni.JniUtils;
import dev.clew.examples.benchmark.Engine;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;

/** PyTorch through the Deep Java Library: arrays that record what is done with them. */
public final class DjlEngine implements Engine {
    private final ai.djl.engine.Engine engine;
    private final boolean isBuiltIn;

    /** The loops over time, operation by operation. */
    public static DjlEngine loops(int threads) {
        return new DjlEngine(threads, false);
    }

    /** The layers that PyTorch has built in, for the jobs that are such a layer. */
    public static DjlEngine builtIn(int threads) {
        return new DjlEngine(threads, true);
    }

    /** Loads it, with so many threads within an operation and as many between operations. */
    private DjlEngine(int threads, boolean isBuiltIn) {
        this.isBuiltIn = isBuiltIn;
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", Integer.toString(threads));
        engine = ai.djl.engine.Engine.getEngine("PyTorch");
    }

    @Override
    public String name() {
        return isBuiltIn ? "djl-built-in" : "djl";
    }

    @Override
    public String version() {
        return "DJL " + ai.djl.engine.Engine.getDjlVersion() + ", PyTorch " + engine.getVersion()
                + (isBuiltIn ? ", its own layers; threads: " : ", the loop run in every step; threads: ")
                + JniUtils.getNumThreads() + " within an operation, " + JniUtils.getNumInteropThreads()
                + " between operations";
    }

    @Override
    public boolean has(Job job) {
        return !isBuiltIn || DjlLayer.has(job);
    }

    @Override
    public Trainer train(Job job) {
        return isBuiltIn ? DjlTrainer.builtIn(job, engine) : DjlTrainer.loop(job, engine);
    }
}
