package dev.clew.runtime;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Calls generated code until it is fast, and remembers which is. */
public final class WarmUp {
    private static final int MOST = 2048;
    /** Larger work is not tried: code for it becomes fast when it runs. */
    private static final long MOST_BYTES = 1L << 26;

    private static final int CALLS = 16;
    private static final int IN_A_ROW = 3;
    /** Not compiled yet, generated code takes many times as long as plain code; compiled, it takes at most about as long. */
    private static final int SLOWER = 2;

    private static final Cache<Object, Boolean> WARM =
            CacheBuilder.newBuilder().maximumSize(MOST).build();

    private WarmUp() {}

    /** Whether the code of a trial is fast, as far as is known. */
    public static boolean isFast(Trial trial) {
        return trial.bytes() > MOST_BYTES || WARM.getIfPresent(trial.code()) != null;
    }

    /** Tries for so long; whether the code is fast now. */
    public static boolean isFast(Trial trial, long nanos) {
        if (isFast(trial)) {
            return true;
        }
        MemorySegment memory = Arena.ofAuto().allocate(trial.bytes(), Product.LINE);
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
        WARM.put(trial.code(), true);
        return true;
    }
}
