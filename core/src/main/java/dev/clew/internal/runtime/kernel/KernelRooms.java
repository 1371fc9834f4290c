package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.clew.internal.runtime.kernel.Cluster.Stream;

/**
 * The buffer in which the parts of a kernel leave vectors to each other.
 *
 * @param starts where every room begins, in bytes
 * @param block how many rows, or elements of a flat cluster, all parts do before they go on to the next
 * @param bytes of the buffer
 */
record KernelRooms(ImmutableLongArray starts, int block, long bytes) {
    /** Half of the nearest cache or less, so that there is place for the streams. */
    private static final int BYTES = 16 << 10;

    private static final int FEWEST = 64;
    private static final int MOST = 1024;

    static KernelRooms of(ImmutableList<Stream> rooms, boolean isFlat) {
        long perBlock = 0;
        for (Stream room : rooms) {
            perBlock += isFlat ? (long) room.columnStride() * room.type().bytes() : bytes(room);
        }
        long fitting = perBlock == 0 ? MOST : Math.min(BYTES / perBlock, MOST);
        int block = (int) (isFlat ? Math.max(fitting / FEWEST * FEWEST, FEWEST) : Math.max(fitting, 1));
        ImmutableLongArray.Builder starts = ImmutableLongArray.builder();
        long bytes = 0;
        for (Stream room : rooms) {
            starts.add(bytes);
            long own = isFlat ? (long) block * room.type().bytes() : block * bytes(room);
            // Lines more: rooms that lie a power of two apart would displace each other, and the last vector may be
            // cut.
            bytes += Math.ceilDiv(own, KernelSpecies.WIDEST) * KernelSpecies.WIDEST + 2 * KernelSpecies.WIDEST;
        }
        return new KernelRooms(starts.build(), block, bytes);
    }

    /** What a room has of a row. */
    private static long bytes(Stream room) {
        return (long) room.rowStride() * room.type().bytes();
    }
}
