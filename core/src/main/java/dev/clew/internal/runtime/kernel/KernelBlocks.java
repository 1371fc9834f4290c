package dev.clew.internal.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.clew.array.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Rows of elements between memory and blocks of {@code double}, which holds every type exactly.
 *
 * <p>Always in bulk, through an array of the type: a single element would go through a {@code VarHandle}, which is slow until it is
 * compiled.
 */
final class KernelBlocks {
    private final float[] floats;
    private final int[] ints;
    private final byte[] bytes;

    KernelBlocks(int width) {
        floats = new float[width];
        ints = new int[width];
        bytes = new byte[width];
    }

    /** Where rows lie: the first byte, and how many bytes apart. */
    static final class Place {
        long offset;
        long rowBytes;
    }

    /** Reads rows that lie some bytes apart to the start of a block, one after the other. */
    void load(MemorySegment memory, DType type, Place place, int rows, int columns, double[] block) {
        if (place.rowBytes == 0 && columns == 1) {
            read(memory, type, place.offset, block, 0, 1);
            widen(type, block, 1);
            Arrays.fill(block, 1, Math.max(rows, 1), block[0]);
            return;
        }
        if (rows == 1 || place.rowBytes == (long) columns * type.bytes()) {
            read(memory, type, place.offset, block, 0, rows * columns);
        } else {
            for (int row = 0; row < rows; row++) {
                read(memory, type, place.offset + row * place.rowBytes, block, row * columns, columns);
            }
        }
        widen(type, block, rows * columns);
    }

    private void read(MemorySegment memory, DType type, long offset, double[] block, int at, int count) {
        switch (type) {
            case F64 -> MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, offset, block, at, count);
            case F32 -> MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, offset, floats, at, count);
            case I32 -> MemorySegment.copy(memory, JAVA_INT_UNALIGNED, offset, ints, at, count);
            case BOOL -> MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, at, count);
        }
    }

    private void widen(DType type, double[] block, int count) {
        switch (type) {
            case F64 -> {}
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    block[i] = floats[i];
                }
            }
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    block[i] = ints[i];
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    block[i] = bytes[i];
                }
            }
        }
    }

    /** Writes the start of a block to rows that lie some bytes apart. */
    void store(MemorySegment memory, DType type, Place place, int rows, int columns, double[] block) {
        narrow(type, block, rows * columns);
        if (rows == 1 || place.rowBytes == (long) columns * type.bytes()) {
            write(memory, type, place.offset, block, 0, rows * columns);
            return;
        }
        for (int row = 0; row < rows; row++) {
            write(memory, type, place.offset + row * place.rowBytes, block, row * columns, columns);
        }
    }

    private void narrow(DType type, double[] block, int count) {
        switch (type) {
            case F64 -> {}
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    floats[i] = (float) block[i];
                }
            }
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    ints[i] = (int) block[i];
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    bytes[i] = (byte) (block[i] != 0 ? 1 : 0);
                }
            }
        }
    }

    private void write(MemorySegment memory, DType type, long offset, double[] block, int at, int count) {
        switch (type) {
            case F64 -> MemorySegment.copy(block, at, memory, JAVA_DOUBLE_UNALIGNED, offset, count);
            case F32 -> MemorySegment.copy(floats, at, memory, JAVA_FLOAT_UNALIGNED, offset, count);
            case I32 -> MemorySegment.copy(ints, at, memory, JAVA_INT_UNALIGNED, offset, count);
            case BOOL -> MemorySegment.copy(bytes, at, memory, JAVA_BYTE, offset, count);
        }
    }

    /** What storing as a type and reading again makes of numbers: rounded to f32, toward zero to i32, not 0 is 1. */
    static void round(DType type, double[] from, double[] to, int count) {
        switch (type) {
            case F64 -> System.arraycopy(from, 0, to, 0, count);
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    to[i] = (float) from[i];
                }
            }
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    to[i] = (int) from[i];
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    to[i] = from[i] != 0 ? 1 : 0;
                }
            }
        }
    }
}
