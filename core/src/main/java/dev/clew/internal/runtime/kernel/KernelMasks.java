package dev.clew.internal.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Truth values between memory, a byte each, and the bits of a mask. Called from generated code. */
final class KernelMasks {
    /** Bit 8i times one of these powers of two is bit 56 + i, and no two products meet below. */
    private static final long GATHER = 0x0102040810204080L;

    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private KernelMasks() {}

    /** Bit i for byte i, of up to sixteen. */
    static long load(MemorySegment memory, long offset, int count) {
        if (!IS_LITTLE_ENDIAN) {
            return oneByOne(memory, offset, count);
        }
        return switch (count) {
            case 16 ->
                gathered(memory.get(JAVA_LONG_UNALIGNED, offset))
                        | gathered(memory.get(JAVA_LONG_UNALIGNED, offset + 8)) << 8;
            case 8 -> gathered(memory.get(JAVA_LONG_UNALIGNED, offset));
            case 4 -> gathered(memory.get(JAVA_INT_UNALIGNED, offset));
            case 2 -> gathered(memory.get(JAVA_SHORT_UNALIGNED, offset));
            default -> oneByOne(memory, offset, count);
        };
    }

    private static long gathered(long bytes) {
        return (bytes * GATHER) >>> 56;
    }

    private static long oneByOne(MemorySegment memory, long offset, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (long) memory.get(JAVA_BYTE, offset + i) << i;
        }
        return bits;
    }

    /** Byte i for bit i, of up to sixteen. */
    static void store(MemorySegment memory, long offset, int count, long bits) {
        if (IS_LITTLE_ENDIAN && count == 16) {
            memory.set(JAVA_LONG_UNALIGNED, offset, spread(bits));
            memory.set(JAVA_LONG_UNALIGNED, offset + 8, spread(bits >>> 8));
        } else if (IS_LITTLE_ENDIAN && count == 8) {
            memory.set(JAVA_LONG_UNALIGNED, offset, spread(bits));
        } else {
            for (int i = 0; i < count; i++) {
                memory.set(JAVA_BYTE, offset + i, (byte) (bits >>> i & 1));
            }
        }
    }

    private static long spread(long bits) {
        return Long.expand(bits, 0x0101010101010101L);
    }
}
