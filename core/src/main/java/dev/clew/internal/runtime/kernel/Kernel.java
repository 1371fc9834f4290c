package dev.clew.internal.runtime.kernel;

import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.VectorForms;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A {@link Cluster} that can be run. Immutable, and safe to share between threads. */
public interface Kernel {

    /** The plain form: fast from the first call, in a JVM that has compiled nothing yet. */
    static Kernel plain(Cluster cluster) {
        return KernelPlain.of(cluster);
    }

    /**
     * The generated form, with the same bits: empty if there is no Vector API, or no vector form of a step, or if the code would be
     * too long for the JVM to compile well.
     *
     * <p>It reads whole vectors: memory should go on for 64 bytes after every stream. Where it does not, the plain form runs instead.
     */
    static Optional<Kernel> vector(Cluster cluster) {
        return VectorForms.of(() -> KernelVector.of(cluster, Machine.VECTOR_BITS));
    }

    /**
     * Computes the rows {@code fromRow .. toRow − 1}.
     *
     * @param offsets where in the memory every input begins, then every output, in bytes
     */
    void run(MemorySegment memory, long[] offsets, int fromRow, int toRow);

    /** What its generated code is to be tried on before it is fast. */
    default List<Trial> trials() {
        return List.of();
    }
}
