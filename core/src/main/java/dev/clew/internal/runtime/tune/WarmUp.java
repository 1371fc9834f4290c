package dev.clew.internal.runtime.tune;

import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

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
    /**
     * After so many calls of a loop C2 has been asked to compile the code. From then on a thread that goes on calling takes the processor
     * from C2: so it rests for longer than it works. What has no loop needs some thousand calls more, which are short.
     */
    private static final int ASKED = 700;

    private static final int RESTS = 2;
    private static final long LEAST_REST_NANOS = 300_000;
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
        for (int calls = CALLS; fast < IN_A_ROW; calls += CALLS) {
            if (System.nanoTime() > end) {
                return false;
            }
            long start = Meter.nanos();
            call(trial.plain(), memory);
            long between = Meter.nanos();
            plain = Math.min(plain, between - start);
            long bytes = Meter.bytes();
            call(trial.generated(), memory);
            bytes = Meter.bytes() - bytes;
            long took = Meter.nanos() - between;
            fast = bytes == 0 && took < SLOWER * plain ? fast + 1 : 0;
            if (calls > ASKED && fast == 0) {
                LockSupport.parkNanos(Math.max(LEAST_REST_NANOS, RESTS * took));
            }
        }
        return true;
    }

    private static void call(Consumer<MemorySegment> code, MemorySegment memory) {
        for (int call = 0; call < CALLS; call++) {
            code.accept(memory);
        }
    }
}
