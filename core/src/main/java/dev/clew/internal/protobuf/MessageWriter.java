package dev.clew.internal.protobuf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of protocol buffers that is being written, field by field in the order of the calls (protobuf.dev, Encoding). Bytes and
 * messages that are handed over are kept and not copied, so that large ones cost nothing twice: they may not change any more.
 */
public final class MessageWriter {
    private final List<ByteBuffer> parts = new ArrayList<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long closed;

    /** A whole number, in as few bytes as it needs; a negative one in ten: {@code int32 int64 uint64 bool enum}. */
    public MessageWriter number(int field, long value) {
        varint(WireType.VARINT.tag(field));
        varint(value);
        return this;
    }

    /** Whole numbers, packed into one field. */
    public MessageWriter numbers(int field, long... values) {
        MessageWriter packed = new MessageWriter();
        for (long value : values) {
            packed.varint(value);
        }
        return message(field, packed);
    }

    /** A number of 32 bits: {@code float}. */
    public MessageWriter real(int field, float value) {
        varint(WireType.FIXED32.tag(field));
        bits(Float.floatToRawIntBits(value), Float.BYTES);
        return this;
    }

    /** A number of 64 bits: {@code double}. */
    public MessageWriter real(int field, double value) {
        varint(WireType.FIXED64.tag(field));
        bits(Double.doubleToRawLongBits(value), Double.BYTES);
        return this;
    }

    /** Numbers of 64 bits, packed into one field. */
    public MessageWriter reals(int field, double... values) {
        MessageWriter packed = new MessageWriter();
        for (double value : values) {
            packed.bits(Double.doubleToRawLongBits(value), Double.BYTES);
        }
        return message(field, packed);
    }

    /** A text, in UTF-8. */
    public MessageWriter text(int field, String text) {
        return bytes(field, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Bytes, from the buffer's position to its limit. */
    public MessageWriter bytes(int field, ByteBuffer bytes) {
        varint(WireType.BYTES.tag(field));
        varint(bytes.remaining());
        append(bytes.slice());
        return this;
    }

    /** A message within this one. */
    public MessageWriter message(int field, MessageWriter message) {
        varint(WireType.BYTES.tag(field));
        varint(message.size());
        message.close();
        message.parts.forEach(this::append);
        return this;
    }

    /** How many bytes it has so far. */
    public long size() {
        return closed + open.size();
    }

    /** Writes it to a channel that blocks. */
    public void writeTo(WritableByteChannel channel) throws IOException {
        close();
        for (ByteBuffer part : parts) {
            ByteBuffer rest = part.duplicate();
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /** Its bytes, of which there must be fewer than 2³¹. */
    public byte[] toBytes() {
        close();
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
        parts.forEach(part -> all.put(part.duplicate()));
        return all.array();
    }

    private void append(ByteBuffer part) {
        close();
        parts.add(part);
        closed += part.remaining();
    }

    private void close() {
        if (open.size() > 0) {
            parts.add(ByteBuffer.wrap(open.toByteArray()));
            closed += open.size();
            open.reset();
        }
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            open.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        open.write((int) rest);
    }

    private void bits(long value, int bytes) {
        byte[] little = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        open.write(little, 0, bytes);
    }
}
