package dev.clew.internal.runtime.tune;

import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Machine;
import dev.clew.internal.runtime.Trial;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
     * After about so many calls C2 has been asked to compile the code, if it is not busy. From then on a thread that goes on calling takes
     * the processor from C2: so it rests for longer than it works.
     */
    private static final int ASKED = 1000;

    private static final int RESTS = 4;
    private static final long LEAST_REST_NANOS = 1_000_000;
    /** Compiled, generated code takes at most about as long as plain code. */
    private static final int SLOWER = 2;

    /**
     * Memory of a thread that tries. Never closed, but left to the garbage collector with the thread: where one thread closes memory of
     * several, the JVM stops all others, and what they are at, if it touches any memory, goes on without compiled code until it ends.
     */
    private static final ThreadLocal<MemorySegment> ROOM = ThreadLocal.withInitial(() -> MemorySegment.NULL);

    private static final GeneratedClasses<Object, Known> KNOWN = new GeneratedClasses<>();

    /** What is known of code. */
    private static final class Known {
        private volatile boolean isFast;
        /** Only of the thread that warms up. */
        private int calls;
    }

    private WarmUp() {}

    /** Whether the code of a trial is fast, as far as is known. */
    public static boolean isFast(Trial trial) {
        return trial.bytes() > MOST_BYTES
                || KNOWN.find(trial.code()).map(known -> known.isFast).orElse(false);
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
        Known known = KNOWN.get(trial.code(), _ -> new Known());
        known.isFast = becomesFast(trial, known, nanos, zeros(trial.bytes()));
        return known.isFast;
    }

    /** The same memory for one trial after another. */
    private static MemorySegment zeros(long bytes) {
        MemorySegment room = ROOM.get();
        if (room.byteSize() < bytes) {
            room = Arena.ofAuto().allocate(Math.max(bytes, 2 * room.byteSize()), Machine.LINE);
            ROOM.set(room);
        }
        return room.asSlice(0, bytes).fill((byte) 0);
    }

    private static boolean becomesFast(Trial trial, Known known, long nanos, MemorySegment memory) {
        long end = System.nanoTime() + nanos;
        long plain = Long.MAX_VALUE;
        int fast = 0;
        while (fast < IN_A_ROW) {
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
            known.calls += CALLS;
            fast = bytes == 0 && took < SLOWER * plain ? fast + 1 : 0;
            if (known.calls > ASKED && fast == 0) {
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
