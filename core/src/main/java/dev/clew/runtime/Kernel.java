package dev.clew.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A {@link Cluster} that can be run. Immutable, and safe to share between threads. */
public interface Kernel {

    /** The plain form: fast from the first call, in a JVM that has compiled nothing yet. */
    static Kernel plain(Cluster cluster) {
        return KernelPlain.of(cluster);
    }

    /** The generated form, with the same bits: empty if there is no Vector API, or no vector form of a step. */
    static Optional<Kernel> vector(Cluster cluster) {
        return Optional.empty();
    }

    /**
     * Computes the rows {@code fromRow .. toRow − 1}.
     *
     * @param offsets where in the memory every input begins, then every output, in bytes
     */
    void run(MemorySegment memory, long[] offsets, int fromRow, int toRow);
}
