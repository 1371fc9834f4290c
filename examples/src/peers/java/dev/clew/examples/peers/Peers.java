package dev.clew.examples.peers;

import com.google.common.collect.ImmutableMap;
import dev.clew.examples.benchmark.Benchmarks;
import dev.clew.examples.benchmark.Engine;
import java.util.Map;
import java.util.function.IntFunction;

/** This project and the others by name, made with a number of threads; this project is first. */
final class Peers {
    static final Map<String, IntFunction<Engine>> ALL = ImmutableMap.<String, IntFunction<Engine>>builder()
            .putAll(Benchmarks.CLEW)
            .put("djl", DjlEngine::loops)
            .put("djl-built-in", DjlEngine::builtIn)
            .put("tensorflow", TensorFlowEngine::new)
            .buildOrThrow();

    private Peers() {}
}
