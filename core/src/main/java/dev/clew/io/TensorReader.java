package dev.clew.io;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.array.ElementBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;

/**
 * Reads one tensor of a safetensors file, a chunk at a time.
 *
 * <p>The file is read and not mapped: where a mapped file is cut off by another program, the JVM's own threads fail.
 */
record TensorReader(Path file, FileChannel channel, String name, TensorPlace place) {
    private static final int CHUNK = 1 << 18;

    /** @param begin where in the file its first byte is */
    NDArray read(long begin) throws IOException {
        DType type = place.type()
                .read()
                .orElseThrow(() -> unreadable("there is no type of arrays that holds " + place.type()));
        Shape shape = shape();
        Object numbers = ElementBytes.allocate(type, shape.elements());
        int bytes = place.type().bytes();
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.min(CHUNK, place.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < shape.elements(); ) {
            int count = Math.min(CHUNK / bytes, shape.elements() - from);
            Header.fill(
                    file, channel, begin + (long) from * bytes, chunk.clear().limit(count * bytes));
            take(chunk, numbers, from, count);
            from += count;
        }
        return ElementBytes.owned(shape, numbers);
    }

    private Shape shape() throws UnreadableFileException {
        for (long each : place.lengths()) {
            if (each > Integer.MAX_VALUE) {
                throw unreadable("an axis of an array has at most 2147483647 elements");
            }
        }
        try {
            return Shape.of(place.lengths().stream().mapToInt(Math::toIntExact).toArray());
        } catch (IllegalArgumentException error) {
            UnreadableFileException wrong = unreadable("an array has at most 2147483647 elements");
            wrong.initCause(error);
            throw wrong;
        }
    }

    private UnreadableFileException unreadable(String rule) {
        return new UnreadableFileException(
                file, HeaderReader.shown(name) + " is " + place.type() + " " + place.shape(), rule);
    }

    private void take(ByteBuffer chunk, Object numbers, int from, int count) throws UnreadableFileException {
        switch (place.type()) {
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
                throw new AssertionError(place.type());
        }
    }

    private static void load(ByteBuffer chunk, Object numbers, int from, int count) {
        ElementBytes.load(MemorySegment.ofBuffer(chunk), 0, chunk.order(), numbers, from, count);
    }

    private void requireTruthValue(byte value, int at) throws UnreadableFileException {
        if (value != 0 && value != 1) {
            throw new UnreadableFileException(
                    file,
                    "element " + at + " of " + HeaderReader.shown(name) + " is the byte " + Byte.toUnsignedInt(value),
                    "a truth value is 0 or 1");
        }
    }

    private void whole(int[] numbers, int from, int count, LongUnaryOperator element) throws UnreadableFileException {
        for (int i = 0; i < count; i++) {
            long number = element.applyAsLong(i);
            boolean isBeyondLong = place.type() == ElementType.U64 && number < 0;
            if (number != (int) number || isBeyondLong) {
                throw new UnreadableFileException(
                        file,
                        "element " + (from + i) + " of " + HeaderReader.shown(name) + ", " + place.type() + " "
                                + place.shape() + ", is "
                                + (isBeyondLong ? Long.toUnsignedString(number) : Long.toString(number)),
                        "arrays of whole numbers are i32, which it does not fit");
            }
            numbers[from + i] = (int) number;
        }
    }
}
