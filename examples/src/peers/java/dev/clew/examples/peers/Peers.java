package dev.clew.examples.peers;

import dev.clew.examples.benchmark.ClewEngine;
import dev.clew.examples.benchmark.Engine;
import java.util.List;
import java.util.function.IntFunction;

/** This project and the others, made with a number of threads. */
final class Peers {
    static final List<IntFunction<Engine>> ALL = List.of(ClewEngine::new, DjlEngine::new, TensorFlowEngine::new);

    private Peers() {}
}
