package dev.clew.examples.peers;

import ai.djl.pytorch.jni.JniUtils;
import dev.clew.examples.benchmark.Engine;
import dev.clew.examples.benchmark.Trainer;
import dev.clew.examples.benchmark.job.Job;

/** PyTorch through the Deep Java Library: arrays that record what is done with them. */
public final class DjlEngine implements Engine {
    private final ai.djl.engine.Engine engine;

    /** Loads it, with so many threads within an operation and as many between operations. */
    public DjlEngine(int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", Integer.toString(threads));
        engine = ai.djl.engine.Engine.getEngine("PyTorch");
    }

    @Override
    public String name() {
        return "djl";
    }

    @Override
    public String version() {
        return "DJL " + ai.djl.engine.Engine.getDjlVersion() + ", PyTorch " + engine.getVersion() + "; threads: "
                + JniUtils.getNumThreads() + " within an operation, " + JniUtils.getNumInteropThreads()
                + " between operations";
    }

    @Override
    public Trainer train(Job job) {
        return new DjlTrainer(job, engine);
    }
}
