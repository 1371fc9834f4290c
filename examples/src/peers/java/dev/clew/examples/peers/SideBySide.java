package dev.clew.examples.peers;

import dev.clew.examples.benchmark.Benchmarks;

/** The time of training steps here and in other frameworks, in turns, in one run. */
public final class SideBySide {
    private SideBySide() {}

    /** See {@link Benchmarks}. */
    public static void main(String[] args) {
        Benchmarks.run(Peers.ALL, args);
    }
}
