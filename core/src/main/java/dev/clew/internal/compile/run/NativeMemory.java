package dev.clew.internal.compile.run;

import dev.clew.internal.compile.layout.MemoryBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that lasts until it is closed. Left to the garbage collector, memory beside the heap would wait for a collection that a
 * quiet heap does not need, while the process grows.
 */
public record NativeMemory(Arena arena, MemorySegment memory) {
    private static final AtomicLong OPEN = new AtomicLong();

    static NativeMemory of(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            NativeMemory room = new NativeMemory(arena, arena.allocate(bytes, MemoryBlock.ALIGNMENT));
            OPEN.addAndGet(bytes);
            return room;
        } catch (Throwable error) {
            arena.close();
            throw error;
        }
    }

    /** Nobody reads or writes it any more. */
    void close() {
        OPEN.addAndGet(-memory.byteSize());
        arena.close();
    }

    /** The bytes of all rooms that are not closed. */
    public static long open() {
        return OPEN.get();
    }
}
