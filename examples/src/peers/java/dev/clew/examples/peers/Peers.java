package dev.clew.examples.peers;

import com.google.common.collect.ImmutableMap;
import dev.clew.examples.benchmark.ClewEngine;
import dev.clew.examples.benchmark.Engine;
import java.util.Map;
import java.util.function.IntFunction;

/** This project and the others by name, made with a number of threads; this project is first. */
final class Peers {
    static final Map<String, IntFunction<Engine>> ALL = ImmutableMap.of(
            "clew",
            ClewEngine::planned,
            "clew-rebuilt",
            ClewEngine::rebuilt,
            "djl",
            DjlEngine::loops,
            "djl-built-in",
            DjlEngine::builtIn,
            "tensorflow",
            TensorFlowEngine::new);

    private Peers() {}
}
