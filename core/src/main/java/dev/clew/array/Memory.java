package dev.clew.array;

import dev.clew.internal.array.ElementBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Arrays from and to memory of others: one copy of the whole, for arrays never change and such memory may. */
final class Memory {
    /** Bytes that go to a channel at once: they stay in the cache between the two copies. */
    private static final int CHUNK = 1 << 18;

    private Memory() {}

    static NDArray load(DType dtype, Shape shape, MemorySegment memory, ByteOrder order) {
        requireSize("array " + dtype + " " + shape + " from", dtype, shape, memory);
        Object numbers = ElementBytes.allocate(dtype, shape.elements());
        ElementBytes.load(memory, 0, order, numbers, 0, shape.elements());
        return ElementBytes.owned(shape, numbers);
    }

    static void store(NDArray array, MemorySegment memory, ByteOrder order) {
        String asked = "copyTo of an array " + array.dtype() + " " + array.shape() + " to";
        requireSize(asked, array.dtype(), array.shape(), memory);
        requireWritable(asked, memory);
        ElementBytes.store(ElementBytes.contiguous(array), 0, array.shape().elements(), memory, 0, order);
    }

    /** The same to a buffer of one type of numbers. */
    static void store(NDArray array, DType held, Buffer buffer, ByteOrder order) {
        if (array.dtype() != held) {
            throw new IllegalArgumentException("copyTo of an array " + array.dtype() + " " + array.shape()
                    + " to a buffer of " + held + ": the types differ; cast first: .cast(DType." + held.name() + ")");
        }
        store(array, MemorySegment.ofBuffer(buffer), order);
    }

    static ByteBuffer copied(NDArray array) {
        long size = size(array.dtype(), array.shape());
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("toByteBuffer of an array " + array.dtype() + " " + array.shape() + ": "
                    + size + " bytes are more than a buffer can hold; copy to a MemorySegment");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        store(array, MemorySegment.ofBuffer(buffer), buffer.order());
        return buffer;
    }

    static void write(NDArray array, WritableByteChannel channel) throws IOException {
        NDArray source = ElementBytes.contiguous(array);
        int elements = array.shape().elements();
        int bytes = array.dtype().bytes();
        int most = Math.min(elements, CHUNK / bytes);
        ByteBuffer chunk = ByteBuffer.allocate(most * bytes);
        MemorySegment memory = MemorySegment.ofBuffer(chunk);
        for (int from = 0; from < elements; ) { // A whole step more could overflow.
            int count = Math.min(most, elements - from);
            ElementBytes.store(source, from, count, memory, 0, ByteOrder.LITTLE_ENDIAN);
            chunk.clear().limit(count * bytes);
            while (chunk.hasRemaining()) {
                channel.write(chunk);
            }
            from += count;
        }
    }

    private static long size(DType dtype, Shape shape) {
        return (long) shape.elements() * dtype.bytes();
    }

    private static void requireSize(String asked, DType dtype, Shape shape, MemorySegment memory) {
        if (memory.byteSize() != size(dtype, shape)) {
            throw new IllegalArgumentException(asked + " " + memory.byteSize() + " bytes: it has "
                    + size(dtype, shape) + ", " + shape.elements() + " times " + dtype.bytes()
                    + "; take the part with asSlice(offset, size), or set position and limit of a buffer");
        }
    }

    private static void requireWritable(String asked, MemorySegment memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException(asked + " memory that is read-only: it cannot be written");
        }
    }
}
