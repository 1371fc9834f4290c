package dev.clew.internal.array;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;

/**
 * Arrays from and to native memory, where f64 takes 8 bytes, f32 and i32 4, and bool one byte, 0 or 1. Runs that lie together on
 * both sides are copied as a whole.
 */
public final class Transfer {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BOOL = ValueLayout.JAVA_BYTE;

    private static final ArrayAccess ARRAYS = ArrayAccess.get();

    private Transfer() {}

    /** An array of what lies at a byte offset, with strides in elements. */
    public static NDArray load(MemorySegment memory, long at, DType type, Shape shape, int... strides) {
        Object storage = allocate(type, shape.elements());
        int run = run(shape, strides);
        for (int from = 0; from < shape.elements(); from += run) {
            long start = at + (long) position(shape, strides, from) * type.bytes();
            switch (storage) {
                case double[] numbers -> MemorySegment.copy(memory, F64, start, numbers, from, run);
                case float[] numbers -> MemorySegment.copy(memory, F32, start, numbers, from, run);
                case int[] numbers -> MemorySegment.copy(memory, I32, start, numbers, from, run);
                default -> {
                    for (int i = 0; i < run; i++) {
                        ((boolean[]) storage)[from + i] = memory.get(BOOL, start + i) != 0;
                    }
                }
            }
        }
        return ARRAYS.own(shape, storage);
    }

    /** Writes an array to a byte offset, with strides in elements. */
    public static void store(NDArray array, MemorySegment memory, long at, int... strides) {
        NDArray source = ARRAYS.contiguous(array);
        Shape shape = array.shape();
        int run = run(shape, strides);
        for (int from = 0; from < shape.elements(); from += run) {
            long start =
                    at + (long) position(shape, strides, from) * array.dtype().bytes();
            int first = ARRAYS.start(source) + from;
            switch (ARRAYS.storage(source)) {
                case double[] numbers -> MemorySegment.copy(numbers, first, memory, F64, start, run);
                case float[] numbers -> MemorySegment.copy(numbers, first, memory, F32, start, run);
                case int[] numbers -> MemorySegment.copy(numbers, first, memory, I32, start, run);
                default -> {
                    boolean[] values = (boolean[]) ARRAYS.storage(source);
                    for (int i = 0; i < run; i++) {
                        memory.set(BOOL, start + i, values[first + i] ? (byte) 1 : (byte) 0);
                    }
                }
            }
        }
    }

    /** Copies a Java array to a byte offset, where its elements lie together. */
    public static void store(Object numbers, int count, MemorySegment memory, long at) {
        switch (numbers) {
            case double[] f64 -> MemorySegment.copy(f64, 0, memory, F64, at, count);
            case float[] f32 -> MemorySegment.copy(f32, 0, memory, F32, at, count);
            case int[] i32 -> MemorySegment.copy(i32, 0, memory, I32, at, count);
            default -> {
                for (int i = 0; i < count; i++) {
                    memory.set(BOOL, at + i, ((boolean[]) numbers)[i] ? (byte) 1 : (byte) 0);
                }
            }
        }
    }

    /** Copies what lies together at a byte offset into a Java array. */
    public static void load(MemorySegment memory, long at, Object numbers, int count) {
        switch (numbers) {
            case double[] f64 -> MemorySegment.copy(memory, F64, at, f64, 0, count);
            case float[] f32 -> MemorySegment.copy(memory, F32, at, f32, 0, count);
            case int[] i32 -> MemorySegment.copy(memory, I32, at, i32, 0, count);
            default -> {
                for (int i = 0; i < count; i++) {
                    ((boolean[]) numbers)[i] = memory.get(BOOL, at + i) != 0;
                }
            }
        }
    }

    /** An array of the numbers of a Java array, which is not kept. */
    public static NDArray copy(Object numbers, Shape shape) {
        Object own = Array.newInstance(numbers.getClass().getComponentType(), shape.elements());
        System.arraycopy(numbers, 0, own, 0, shape.elements());
        return ARRAYS.own(shape, own);
    }

    /** Copies an array's numbers, row-major, into a Java array of its type. */
    public static void copy(NDArray array, Object numbers) {
        NDArray source = ARRAYS.contiguous(array);
        System.arraycopy(
                ARRAYS.storage(source),
                ARRAYS.start(source),
                numbers,
                0,
                array.shape().elements());
    }

    /** Whether a Java array holds elements of a type. */
    public static boolean isOf(DType type, Object numbers) {
        return switch (type) {
            case F64 -> numbers instanceof double[];
            case F32 -> numbers instanceof float[];
            case I32 -> numbers instanceof int[];
            case BOOL -> numbers instanceof boolean[];
        };
    }

    /** Whether some floating-point numbers in a row are all 0. */
    public static boolean isZero(MemorySegment memory, long at, DType type, int count) {
        for (int i = 0; i < count; i++) {
            double number = type == DType.F64 ? memory.get(F64, at + 8L * i) : memory.get(F32, at + 4L * i);
            if (number != 0) {
                return false;
            }
        }
        return true;
    }

    private static Object allocate(DType type, int elements) {
        return switch (type) {
            case F64 -> new double[elements];
            case F32 -> new float[elements];
            case I32 -> new int[elements];
            case BOOL -> new boolean[elements];
        };
    }

    /** How many elements in a row lie together. */
    private static int run(Shape shape, int[] strides) {
        int run = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.length(axis) != 1 && strides[axis] != run) {
                return run;
            }
            run *= shape.length(axis);
        }
        return run;
    }

    private static int position(Shape shape, int[] strides, int element) {
        int position = 0;
        int rest = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            position += rest % shape.length(axis) * strides[axis];
            rest /= shape.length(axis);
        }
        return position;
    }
}
