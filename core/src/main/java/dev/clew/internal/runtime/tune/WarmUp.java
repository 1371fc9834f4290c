package dev.clew.internal.runtime.tune;

import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls generated code until it is fast, and remembers which is.
 *
 * <p>Code of vectors that C2 has not compiled, or not well, makes an object of every vector: so it is fast when it allocates nothing
 * any more. It also must not take much longer than plain code, of the processor's time, since a busy machine stops either at any
 * moment.
 */
public final class WarmUp {
    /** Larger work is not tried: code for it becomes fast when it runs. */
    private static final long MOST_BYTES = 1L << 26;

    private static final int CALLS = 16;
    private static final int IN_A_ROW = 3;
    /** After so many calls of some loops C2 has been asked to compile the code; to go on without a pause would take its processor from it. */
    private static final int ASKED = 1_500;

    private static final long PAUSE_NANOS = 500_000;
    /** Compiled, generated code takes at most about as long as plain code. */
    private static final int SLOWER = 2;

    private static final GeneratedClasses<Object, AtomicBoolean> WARM = new GeneratedClasses<>();

    private WarmUp() {}

    /** Whether the code of a trial is fast, as far as is known. */
    public static boolean isFast(Trial trial) {
        return trial.bytes() > MOST_BYTES
                || WARM.find(trial.code()).map(AtomicBoolean::get).orElse(false);
    }

    /** Tries for so long, if it is not known to be fast; whether the code is fast now. */
    public static boolean isFast(Trial trial, long nanos) {
        return isFast(trial) || isFastAgain(trial, nanos);
    }

    /**
     * Tries for so long, whatever is known; whether the code is fast now. C2 may give up what it has compiled and compile it anew, and
     * what a verdict was compared with may have become faster.
     */
    public static boolean isFastAgain(Trial trial, long nanos) {
        if (trial.bytes() > MOST_BYTES) {
            return true;
        }
        boolean isFast;
        try (Arena arena = Arena.ofShared()) {
            isFast = becomesFast(trial, nanos, arena.allocate(trial.bytes(), Machine.LINE));
        }
        WARM.get(trial.code(), _ -> new AtomicBoolean()).set(isFast);
        return isFast;
    }

    private static boolean becomesFast(Trial trial, long nanos, MemorySegment memory) {
        long end = System.nanoTime() + nanos;
        long plain = Long.MAX_VALUE;
        int fast = 0;
        for (int calls = 0; fast < IN_A_ROW; calls += CALLS) {
            if (System.nanoTime() > end) {
                return false;
            }
            if (calls > ASKED && fast == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            long start = Meter.nanos();
            for (int call = 0; call < CALLS; call++) {
                trial.plain().accept(memory);
            }
            long between = Meter.nanos();
            plain = Math.min(plain, between - start);
            long bytes = Meter.bytes();
            for (int call = 0; call < CALLS; call++) {
                trial.generated().accept(memory);
            }
            bytes = Meter.bytes() - bytes;
            fast = bytes == 0 && Meter.nanos() - between < SLOWER * plain ? fast + 1 : 0;
        }
        return true;
    }
}
