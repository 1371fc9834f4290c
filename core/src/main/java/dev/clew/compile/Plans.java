package dev.clew.compile;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.Set;

/**
 * Tapes by structure: a program that is equal to one seen before runs on its tape. Bounded by the memory that the tapes' runs
 * need; what has not been used longest goes first.
 */
final class Plans {
    /** A plan's own objects, beside its memory. */
    private static final long BYTES_PER_NODE = 500;

    private static final long MOST_BYTES =
            Math.max(256L << 20, Runtime.getRuntime().maxMemory() / 2);
    private static final int KILOBYTE = 1024;

    private final Set<Pass> passes;
    private final Variety variety;
    private final Cache<Program, Tape> tapes = CacheBuilder.newBuilder()
            .maximumWeight(MOST_BYTES / KILOBYTE)
            .weigher((Program program, Tape tape) -> (int) Math.min(
                    MOST_BYTES / KILOBYTE / 2, 1 + (tape.bytes() + BYTES_PER_NODE * program.size()) / KILOBYTE))
            .build();

    Plans(Set<Pass> passes, Variety variety) {
        this.passes = Set.copyOf(passes);
        this.variety = variety;
    }

    Tape tape(Program program) {
        Tape found = tapes.getIfPresent(program);
        if (found == null) {
            found = Tape.of(Compiler.compile(program, passes));
            tapes.put(program, found);
            variety.compiled(() -> program);
        }
        return found;
    }

    /** How many structures are known. */
    long size() {
        return tapes.size();
    }
}
