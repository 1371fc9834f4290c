package dev.clew.internal.runtime.tune;

import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls generated code until it is fast, and remembers which is. */
public final class WarmUp {
    /** Larger work is not tried: code for it becomes fast when it runs. */
    private static final long MOST_BYTES = 1L << 26;

    private static final int CALLS = 16;
    private static final int IN_A_ROW = 3;
    /** Not compiled yet, generated code takes many times as long as plain code; compiled, it takes at most about as long. */
    private static final int SLOWER = 2;

    private static final GeneratedClasses<Object, Boolean> WARM = new GeneratedClasses<>();

    private WarmUp() {}

    /** Whether the code of a trial is fast, as far as is known. */
    public static boolean isFast(Trial trial) {
        return trial.bytes() > MOST_BYTES || WARM.find(trial.code()).isPresent();
    }

    /** Tries for so long; whether the code is fast now. */
    public static boolean isFast(Trial trial, long nanos) {
        if (isFast(trial)) {
            return true;
        }
        try (Arena arena = Arena.ofShared()) {
            return isFast(trial, nanos, arena.allocate(trial.bytes(), Machine.LINE));
        }
    }

    private static boolean isFast(Trial trial, long nanos, MemorySegment memory) {
        long end = System.nanoTime() + nanos;
        int fast = 0;
        while (fast < IN_A_ROW) {
            long start = System.nanoTime();
            if (start > end) {
                return false;
            }
            for (int call = 0; call < CALLS; call++) {
                trial.plain().accept(memory);
            }
            long between = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                trial.generated().accept(memory);
            }
            fast = System.nanoTime() - between < SLOWER * (between - start) ? fast + 1 : 0;
        }
        return WARM.get(trial.code(), _ -> true);
    }
}
