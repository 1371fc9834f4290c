package dev.clew.io;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Turns the numbers of an array into elements of a type, a chunk at a time. Whole numbers and truth values must fit exactly; to types
 * with an exponent numbers are rounded to the nearest, of two to the even one, and must not become infinite.
 *
 * @param name of the tensor, as errors name it
 */
record ElementEncoder(String name, NDArray array, ElementType type) {
    private static final int CHUNK = 1 << 15;

    /** Fails unless arrays can be written as such a type. */
    ElementEncoder {
        if (type.dtype().isEmpty()) {
            throw new IllegalArgumentException(
                    "write " + HeaderReader.shown(name) + " as " + type
                            + ": arrays are not written as F4, F6, F8 or C64; F16 and BF16 are the shortest types with an exponent");
        }
    }

    long bytes() {
        return (long) array.shape().elements() * type.bytes();
    }

    private boolean isAsItIs() {
        return type == ElementType.of(array.dtype());
    }

    /** Fails unless every number fits, before anything is written. */
    void requireFits() {
        if (!isAsItIs()) {
            double[] block = block();
            ByteBuffer chunk = chunk(block);
            for (int from = 0; from < array.shape().elements(); from += block.length) {
                encode(block, from, chunk.clear());
            }
        }
    }

    void writeTo(WritableByteChannel channel) throws IOException {
        if (isAsItIs()) {
            array.writeTo(channel);
            return;
        }
        double[] block = block();
        ByteBuffer chunk = chunk(block);
        for (int from = 0; from < array.shape().elements(); from += block.length) {
            encode(block, from, chunk.clear());
            chunk.flip();
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
        }
    }

    private double[] block() {
        return new double[Math.min(CHUNK, array.shape().elements())];
    }

    private ByteBuffer chunk(double[] block) {
        return ByteBuffer.allocate(block.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void encode(double[] block, int from, ByteBuffer chunk) {
        int count = Math.min(block.length, array.shape().elements() - from);
        array.load(block, from, count);
        for (int i = 0; i < count; i++) {
            double x = block[i];
            switch (type) {
                case F64 -> chunk.putDouble(x);
                case F32 -> chunk.putFloat((float) finite(x, (float) x, from + i));
                case F16 -> {
                    short half = Float.floatToFloat16(toOdd(x));
                    finite(x, Float.float16ToFloat(half), from + i);
                    chunk.putShort(half);
                }
                case BF16 -> {
                    int upper = upperHalf(toOdd(x));
                    finite(x, Float.intBitsToFloat(upper << 16), from + i);
                    chunk.putShort((short) upper);
                }
                case BOOL, I8, U8, I16, U16, I32, U32, I64, U64 -> put(chunk, whole(x, from + i));
                case F4, F6_E2M3, F6_E3M2, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, C64 ->
                    throw new AssertionError(type);
            }
        }
    }

    private void put(ByteBuffer chunk, long whole) {
        switch (type.bytes()) {
            case 1 -> chunk.put((byte) whole);
            case 2 -> chunk.putShort((short) whole);
            case 4 -> chunk.putInt((int) whole);
            default -> chunk.putLong(whole);
        }
    }

    // -------------------------------------------------------------------------------------------------------- rounding

    /**
     * The nearest f32, or, if that is another number and even, its neighbor on the other side of the number. Rounding once more, to two
     * or more bits fewer, then gives what rounding the number itself gives (Boldo, Melquiond: Emulation of FMA, 2008).
     */
    private static float toOdd(double x) {
        float nearest = (float) x;
        if (nearest == x || Double.isNaN(x) || (Float.floatToRawIntBits(nearest) & 1) != 0) {
            return nearest;
        }
        return nearest > x ? Math.nextDown(nearest) : Math.nextUp(nearest);
    }

    /** The bits of a BF16: the upper half of those of an f32, rounded to the nearest, of two to the even one. */
    private static int upperHalf(float x) {
        int bits = Float.floatToRawIntBits(x);
        int toEven = Float.isNaN(x) ? 0x0040_0000 & ~bits : 0x7fff + ((bits >>> 16) & 1);
        return (bits + toEven) >>> 16;
    }

    private double finite(double x, double rounded, int at) {
        if (Double.isInfinite(rounded) && !Double.isInfinite(x)) {
            String largest = switch (type) {
                case F16 -> "65504";
                case BF16 -> "3.3895314E38";
                default -> "3.4028235E38";
            };
            throw unfit(x, at, "its largest number is " + largest);
        }
        return rounded;
    }

    private long whole(double x, int at) {
        boolean isSigned =
                type == ElementType.I8 || type == ElementType.I16 || type == ElementType.I32 || type == ElementType.I64;
        double least = isSigned ? -Math.scalb(1.0, type.bits() - 1) : 0;
        double end = type == ElementType.BOOL ? 2 : Math.scalb(1.0, type.bits()) + least;
        if (x != Math.rint(x) || x < least || x >= end) {
            throw unfit(
                    x,
                    at,
                    type == ElementType.BOOL
                            ? "truth values are 0 and 1"
                            : "it holds whole numbers of " + type.bits() + " bits, "
                                    + (isSigned ? "with a sign" : "from 0 on"));
        }
        return x < 0x1p63 ? (long) x : (long) (x - 0x1p63) + Long.MIN_VALUE;
    }

    private IllegalArgumentException unfit(double x, int at, String rule) {
        return new IllegalArgumentException("write " + HeaderReader.shown(name) + " as " + type + ": its element " + at
                + " is " + x + ", which does not fit: " + rule);
    }
}
