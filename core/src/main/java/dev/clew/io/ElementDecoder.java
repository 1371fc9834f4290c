package dev.clew.io;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.ElementBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;

/**
 * Turns the bytes of elements, as files of all formats hold them, into the numbers of an array, a chunk at a time.
 *
 * @param tensor which one of the file, as errors name it
 * @param kind its type and shape, as errors name them
 * @param index what errors call an element, of which is known how many lie before it
 */
record ElementDecoder(
        Path file, ElementType type, ByteOrder order, String tensor, String kind, IntFunction<String> index) {
    private static final int CHUNK = 1 << 18;

    /** Bytes that come one after the other. */
    @FunctionalInterface
    interface Source {
        /** Fills a buffer with those that come next, and makes it ready to be looked at. */
        void fill(ByteBuffer bytes) throws IOException;
    }

    /** The type of array that holds such elements. */
    DType dtype() throws UnreadableFileException {
        return type.dtype().orElseThrow(() -> unreadable("there is no type of arrays that holds " + type));
    }

    /** The shape that an array has; lengths of files may be larger. */
    Shape shape(List<Long> lengths) throws UnreadableFileException {
        for (long each : lengths) {
            if (each > Integer.MAX_VALUE) {
                throw unreadable("an axis of an array has at most 2147483647 elements");
            }
        }
        try {
            return Shape.of(lengths.stream().mapToInt(Math::toIntExact).toArray());
        } catch (IllegalArgumentException error) {
            UnreadableFileException wrong = unreadable("an array has at most 2147483647 elements");
            wrong.initCause(error);
            throw wrong;
        }
    }

    private UnreadableFileException unreadable(String rule) {
        return new UnreadableFileException(file, tensor + " is " + kind, rule);
    }

    /** All elements of an array, row by row. */
    NDArray read(Shape shape, Source source) throws IOException {
        Object numbers = ElementBytes.allocate(dtype(), shape.elements());
        int bytes = type.bytes();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, (long) shape.elements() * bytes))
                .order(order);
        for (int from = 0; from < shape.elements(); ) {
            int count = Math.min(CHUNK / bytes, shape.elements() - from);
            source.fill(chunk.clear().limit(count * bytes));
            decode(chunk, numbers, from, count);
            from += count;
        }
        return ElementBytes.owned(shape, numbers);
    }

    /** Fills elements {@code from .. from + count − 1} of a Java array with those that a buffer begins with. */
    void decode(ByteBuffer chunk, Object numbers, int from, int count) throws UnreadableFileException {
        switch (type) {
            case F64, F32, I32 -> load(chunk, numbers, from, count);
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    requireTruthValue(chunk.get(i), from + i);
                }
                load(chunk, numbers, from, count);
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    ((float[]) numbers)[from + i] = Float.float16ToFloat(chunk.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) { // The upper half of the bits of an f32.
                    ((float[]) numbers)[from + i] = Float.intBitsToFloat(chunk.getShort(2 * i) << 16);
                }
            }
            case U8 -> whole((int[]) numbers, from, count, i -> Byte.toUnsignedLong(chunk.get((int) i)));
            case I8 -> whole((int[]) numbers, from, count, i -> chunk.get((int) i));
            case U16 -> whole((int[]) numbers, from, count, i -> Short.toUnsignedLong(chunk.getShort(2 * (int) i)));
            case I16 -> whole((int[]) numbers, from, count, i -> chunk.getShort(2 * (int) i));
            case U32 -> whole((int[]) numbers, from, count, i -> Integer.toUnsignedLong(chunk.getInt(4 * (int) i)));
            case I64, U64 -> whole((int[]) numbers, from, count, i -> chunk.getLong(8 * (int) i));
            case F4, F6_E2M3, F6_E3M2, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64 ->
                throw new AssertionError(type);
        }
    }

    private static void load(ByteBuffer chunk, Object numbers, int from, int count) {
        ElementBytes.load(MemorySegment.ofBuffer(chunk), 0, chunk.order(), numbers, from, count);
    }

    private void requireTruthValue(byte value, int at) throws UnreadableFileException {
        if (value != 0 && value != 1) {
            throw unfit(at, "the byte " + Byte.toUnsignedInt(value), "a truth value is 0 or 1");
        }
    }

    private void whole(int[] numbers, int from, int count, LongUnaryOperator element) throws UnreadableFileException {
        for (int i = 0; i < count; i++) {
            long number = element.applyAsLong(i);
            boolean isBeyondLong = type == ElementType.U64 && number < 0;
            if (number != (int) number || isBeyondLong) {
                throw unfit(
                        from + i,
                        isBeyondLong ? Long.toUnsignedString(number) : Long.toString(number),
                        "arrays of whole numbers are i32, which it does not fit");
            }
            numbers[from + i] = (int) number;
        }
    }

    private UnreadableFileException unfit(int at, String value, String rule) {
        return new UnreadableFileException(
                file, "element " + index.apply(at) + " of " + tensor + ", " + kind + ", is " + value, rule);
    }
}
