package dev.clew.array;

import static dev.clew.testing.Says.says;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.Channels;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays from and to memory of others, against bytes written down by hand (IEEE 754). */
final class MemoryTest {
    /** 1.0, −2.0 as f64; 1.5, −0.0 as f32; 1, −2 as i32; false, true: little-endian. */
    private static final List<Case> CASES = List.of(
            new Case(NDArray.of(new double[] {1, -2}), "000000000000f03f 00000000000000c0"),
            new Case(NDArray.of(new float[] {1.5f, -0f}), "0000c03f 00000080"),
            new Case(NDArray.of(new int[] {1, -2}), "01000000 feffffff"),
            new Case(NDArray.of(new boolean[] {false, true}), "00 01"));

    private record Case(NDArray array, String hex) {
        byte[] littleEndian() {
            return bytes(hex);
        }

        /** Each element the other way round. */
        byte[] bigEndian() {
            StringBuilder turned = new StringBuilder();
            for (String element : Splitter.on(' ').split(hex)) {
                for (int i = element.length(); i > 0; i -= 2) {
                    turned.append(element, i - 2, i);
                }
            }
            return bytes(turned.toString());
        }

        DType type() {
            return array.dtype();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] shifted(byte[] bytes, int by) {
        byte[] shifted = new byte[bytes.length + 2 * by];
        System.arraycopy(bytes, 0, shifted, by, bytes.length);
        return shifted;
    }

    private static byte[] remaining(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void memoryIsLittleEndianAndNeedNotBeAligned() {
        try (Arena arena = Arena.ofConfined()) {
            for (Case each : CASES) {
                byte[] expected = each.littleEndian();
                for (int shift = 0; shift < 9; shift++) {
                    MemorySegment heap = MemorySegment.ofArray(shifted(expected, shift));
                    MemorySegment there =
                            arena.allocate(expected.length + 16, 8).asSlice(shift, expected.length);
                    there.copyFrom(heap.asSlice(shift, expected.length));
                    assertThat(NDArray.of(each.type(), Shape.of(2), there)).isEqualTo(each.array);
                    assertThat(NDArray.of(
                                    each.type(),
                                    Shape.of(2, 1),
                                    heap.asSlice(shift, expected.length).asReadOnly()))
                            .isEqualTo(each.array.reshape(Shape.of(2, 1)));
                    there.fill((byte) 77);
                    each.array.copyTo(there);
                    assertThat(there.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void buffersOfBytesHaveTheirOwnOrderAndStayWhereTheyAre() {
        for (Case each : CASES) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                byte[] expected = order == ByteOrder.LITTLE_ENDIAN ? each.littleEndian() : each.bigEndian();
                for (boolean isDirect : new boolean[] {false, true}) {
                    int size = expected.length + 6;
                    ByteBuffer buffer = isDirect ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
                    buffer.order(order).position(3).put(expected).position(3).limit(3 + expected.length);
                    assertThat(NDArray.of(each.type(), Shape.of(2), buffer)).isEqualTo(each.array);
                    assertThat(NDArray.of(
                                    each.type(),
                                    Shape.of(2),
                                    buffer.asReadOnlyBuffer().order(order)))
                            .isEqualTo(each.array);
                    assertThat(buffer.position()).isEqualTo(3);
                    ByteBuffer slice = buffer.slice().order(order);
                    slice.put(new byte[expected.length]).flip();
                    each.array.copyTo(slice);
                    assertThat(remaining(slice)).isEqualTo(expected);
                    assertThat(remaining(buffer)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void buffersOfNumbersMayBeSlicesOfEitherKindAndOrder() {
        ByteBuffer bigEndian = ByteBuffer.allocateDirect(48);
        DoubleBuffer doubles = bigEndian.asDoubleBuffer();
        FloatBuffer floats = bigEndian.asFloatBuffer();
        IntBuffer ints = bigEndian.asIntBuffer();
        NDArray f64 = NDArray.of(new double[] {1.25, -3});
        NDArray f32 = NDArray.of(new float[] {1.25f, -3});
        NDArray i32 = NDArray.of(new int[] {1 << 20, -3});
        f64.copyTo(doubles.slice(1, 2));
        assertThat(bigEndian.getDouble(8)).isEqualTo(1.25);
        assertThat(NDArray.of(Shape.of(2), doubles.slice(1, 2).asReadOnlyBuffer()))
                .isEqualTo(f64);
        f32.copyTo(floats.slice(3, 2));
        assertThat(bigEndian.getFloat(16)).isEqualTo(-3f);
        assertThat(NDArray.of(Shape.of(2), floats.slice(3, 2))).isEqualTo(f32);
        i32.copyTo(ints.slice(5, 2));
        assertThat(bigEndian.getInt(20)).isEqualTo(1 << 20);
        assertThat(NDArray.of(Shape.of(1, 2), ints.slice(5, 2))).isEqualTo(i32.reshape(Shape.of(1, 2)));

        assertThat(NDArray.of(Shape.of(2), DoubleBuffer.wrap(new double[] {0, 1.25, -3}, 1, 2)))
                .isEqualTo(f64);
        assertThat(NDArray.of(Shape.of(2), FloatBuffer.wrap(new float[] {0, 1.25f, -3}, 1, 2)))
                .isEqualTo(f32);
        assertThat(NDArray.of(Shape.of(2), IntBuffer.wrap(new int[] {0, 1 << 20, -3}, 1, 2)))
                .isEqualTo(i32);
        FloatBuffer two = FloatBuffer.allocate(4).position(1).limit(3);
        f32.copyTo(two);
        assertThat(two.array()).containsExactly(0, 1.25f, -3, 0);
        assertThat(two.remaining()).isEqualTo(2);
    }

    @Test
    void whatIsReadIsACopy() {
        double[] numbers = {1, 2};
        NDArray array = NDArray.of(Shape.of(2), DoubleBuffer.wrap(numbers));
        numbers[0] = 5;
        assertThat(array.toDoubles()).containsExactly(1, 2);
    }

    /** NaN has many bit patterns, and one of f32 does not survive the way through double. */
    @Test
    void bitsOfNotANumberStay() {
        byte[] signaling = bytes("0100a07f");
        NDArray array = NDArray.of(DType.F32, Shape.SCALAR, MemorySegment.ofArray(signaling));
        assertThat(remaining(array.toByteBuffer())).isEqualTo(signaling);
    }

    @Test
    void viewsAreWrittenRowMajor() {
        NDArray turned = NDArray.of(new int[][] {{1, 2, 3}, {4, 5, 6}}).permute(1, 0);
        ByteBuffer bytes = turned.toByteBuffer();
        int[] written = new int[6];
        bytes.asIntBuffer().get(written);
        assertThat(written).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(turned.asMemorySegment().toArray(ValueLayout.JAVA_INT)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(NDArray.full(2, DType.F64, Shape.of(3)).asMemorySegment().toArray(ValueLayout.JAVA_DOUBLE))
                .containsExactly(2, 2, 2);
        assertThat(NDArray.of(new boolean[] {true, false}).asMemorySegment().toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(1, 0);
    }

    @Test
    void numbersInPlaceAreThoseOfTheViewAndReadOnly() {
        NDArray rows = NDArray.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}).rows(1, 3);
        MemorySegment there = rows.asMemorySegment();
        assertThat(there.isReadOnly()).isTrue();
        assertThat(there.heapBase()).isEmpty();
        assertThat(there.toArray(ValueLayout.JAVA_DOUBLE)).containsExactly(3, 4, 5, 6);
        assertThat(there.asSlice(16).mismatch(rows.rows(1, 2).asMemorySegment()))
                .isEqualTo(-1);
        assertThat(NDArray.of(new float[0]).asMemorySegment().byteSize()).isZero();
    }

    @Test
    void aChannelGetsAllBytesInParts() throws IOException {
        int elements = 100_003;
        NDArray array = NDArray.build(DType.F64, Shape.of(elements + 2), (block, from, count) -> {
                    for (int i = 0; i < count; i++) {
                        block[i] = from + i;
                    }
                })
                .rows(1, elements + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        array.writeTo(Channels.newChannel(bytes));
        DoubleBuffer written = ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer();
        assertThat(written.remaining()).isEqualTo(elements);
        assertThat(NDArray.of(Shape.of(elements), written)).isEqualTo(array);
        bytes.reset();
        NDArray.of(new float[0]).writeTo(Channels.newChannel(bytes));
        NDArray.of(true).writeTo(Channels.newChannel(bytes));
        assertThat(bytes.toByteArray()).containsExactly(1);
    }

    @Test
    void sizesMustBeThoseOfTheArray() {
        NDArray array = NDArray.of(new float[] {1, 2, 3});
        says(
                "array f32 (3) from 8 bytes: it has 12, 3 times 4; take the part with asSlice(offset, size), or set"
                        + " position and limit of a buffer",
                () -> NDArray.of(DType.F32, Shape.of(3), MemorySegment.ofArray(new byte[8])));
        says(
                "copyTo of an array f32 (3) to 13 bytes: it has 12, 3 times 4; take the part with asSlice(offset, size),"
                        + " or set position and limit of a buffer",
                () -> array.copyTo(ByteBuffer.allocate(13)));
        says("array (2) from 3 numbers: it needs 2", () -> NDArray.of(Shape.of(2), FloatBuffer.allocate(3)));
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        NDArray array = NDArray.of(new float[] {1});
        says(
                "copyTo of an array f32 (1) to memory that is read-only: it cannot be written",
                () -> array.copyTo(ByteBuffer.allocate(4).asReadOnlyBuffer()));
        says(
                "copyTo of an array f32 (1) to a buffer of f64: the types differ; cast first: .cast(DType.F64)",
                () -> array.copyTo(DoubleBuffer.allocate(1)));
        says(
                "toByteBuffer of an array f64 (1000000000): 8000000000 bytes are more than a buffer can hold; copy to a"
                        + " MemorySegment",
                () -> NDArray.full(1, DType.F64, Shape.of(1_000_000_000)).toByteBuffer());
    }
}
