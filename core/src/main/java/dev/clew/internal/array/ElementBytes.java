package dev.clew.internal.array;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Elements as others write them down: bytes of either order, which need not be aligned. f64 takes 8 bytes, f32 and i32 take 4, and bool
 * takes one, 0 or 1; another one than 0 is read as true.
 */
public final class ElementBytes {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BOOL = ValueLayout.JAVA_BYTE;

    private static final ArrayAccess ARRAYS = ArrayAccess.get();

    private ElementBytes() {}

    /** A Java array for so many elements of a type, to be filled and then {@link #owned}. */
    public static Object allocate(DType type, int elements) {
        return switch (type) {
            case F64 -> new double[elements];
            case F32 -> new float[elements];
            case I32 -> new int[elements];
            case BOOL -> new boolean[elements];
        };
    }

    /** An array that owns a Java array: nobody writes it any more. */
    public static NDArray owned(Shape shape, Object numbers) {
        return ARRAYS.own(shape, numbers);
    }

    /** Fills elements {@code from .. from + count − 1} of a Java array with what lies at a byte offset. */
    public static void load(MemorySegment memory, long at, ByteOrder order, Object numbers, int from, int count) {
        switch (numbers) {
            case double[] f64 -> MemorySegment.copy(memory, F64.withOrder(order), at, f64, from, count);
            case float[] f32 -> MemorySegment.copy(memory, F32.withOrder(order), at, f32, from, count);
            case int[] i32 -> MemorySegment.copy(memory, I32.withOrder(order), at, i32, from, count);
            default -> {
                for (int i = 0; i < count; i++) {
                    ((boolean[]) numbers)[from + i] = memory.get(BOOL, at + i) != 0;
                }
            }
        }
    }

    /** Writes elements {@code from .. from + count − 1} of an array whose numbers lie together to a byte offset. */
    public static void store(NDArray contiguous, int from, int count, MemorySegment memory, long at, ByteOrder order) {
        int first = ARRAYS.start(contiguous) + from;
        switch (ARRAYS.storage(contiguous)) {
            case double[] f64 -> MemorySegment.copy(f64, first, memory, F64.withOrder(order), at, count);
            case float[] f32 -> MemorySegment.copy(f32, first, memory, F32.withOrder(order), at, count);
            case int[] i32 -> MemorySegment.copy(i32, first, memory, I32.withOrder(order), at, count);
            default -> {
                boolean[] values = (boolean[]) ARRAYS.storage(contiguous);
                for (int i = 0; i < count; i++) {
                    memory.set(BOOL, at + i, values[first + i] ? (byte) 1 : (byte) 0);
                }
            }
        }
    }

    /** The numbers of an array where they lie, in the machine's byte order; truth values as bytes, copied. */
    public static MemorySegment inPlace(NDArray array) {
        NDArray source = ARRAYS.contiguous(array);
        int elements = array.shape().elements();
        long size = (long) elements * array.dtype().bytes();
        MemorySegment all = switch (ARRAYS.storage(source)) {
            case double[] f64 -> MemorySegment.ofArray(f64);
            case float[] f32 -> MemorySegment.ofArray(f32);
            case int[] i32 -> MemorySegment.ofArray(i32);
            default -> {
                MemorySegment bytes = MemorySegment.ofArray(new byte[elements]);
                store(source, 0, elements, bytes, 0, ByteOrder.nativeOrder());
                yield bytes;
            }
        };
        long start = array.dtype() == DType.BOOL
                ? 0
                : (long) ARRAYS.start(source) * array.dtype().bytes();
        return all.asSlice(start, size).asReadOnly();
    }

    /** The same numbers, row-major and without gaps: what can be {@link #store stored}. */
    public static NDArray contiguous(NDArray array) {
        return ARRAYS.contiguous(array);
    }
}
