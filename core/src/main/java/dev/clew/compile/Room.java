package dev.clew.compile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that lasts until it is closed. Left to the garbage collector, memory beside the heap would wait for a collection that a
 * quiet heap does not need, while the process grows.
 */
record Room(Arena arena, MemorySegment memory) {
    private static final AtomicLong OPEN = new AtomicLong();

    static Room of(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            Room room = new Room(arena, arena.allocate(bytes, Block.ALIGNMENT));
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
    static long open() {
        return OPEN.get();
    }
}
