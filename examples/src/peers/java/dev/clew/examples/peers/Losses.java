package dev.clew.examples.peers;

import dev.clew.examples.benchmark.SameLosses;

/** Whether this project and the other frameworks compute the same. */
public final class Losses {
    private Losses() {}

    /** See {@link SameLosses}. */
    public static void main(String[] args) {
        SameLosses.run(Peers.ALL, args);
    }
}
