package dev.clew.internal.protobuf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A message of protocol buffers that is being read (protobuf.dev, Encoding): {@link #next} goes to the next field, and then its value
 * is asked for by its type: {@code while (message.next())}, and within it a {@code switch (message.field())}, of which a case is {@code
 * name = message.text()}. What a message claims is believed only as far as its bytes go; nothing is copied but texts.
 */
public final class MessageReader {
    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer bytes;
    private int field;
    private WireType type = WireType.VARINT;
    private long bits;
    private ByteBuffer slice = ByteBuffer.allocate(0);

    /** Of the bytes from the buffer's position to its limit. */
    public MessageReader(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Goes to the next field, if there is one.
     *
     * @throws MalformedMessageException if the bytes are none
     */
    public boolean next() throws MalformedMessageException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint(bytes);
        type = WireType.ofTag(tag);
        if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE >> 2) {
            throw new MalformedMessageException("a field has the number " + (tag >>> 3) + "; they begin at 1");
        }
        field = (int) (tag >>> 3);
        switch (type) {
            case VARINT -> bits = varint(bytes);
            case FIXED64 -> bits = required(Long.BYTES).getLong();
            case FIXED32 -> bits = required(Integer.BYTES).getInt();
            case BYTES -> {
                long length = varint(bytes);
                slice = required(length).slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.position(bytes.position() + (int) length);
            }
        }
        return true;
    }

    /** The number of the field that was come to. */
    public int field() {
        return field;
    }

    /** Its whole number. */
    public long number() throws MalformedMessageException {
        require(WireType.VARINT);
        return bits;
    }

    /** Its whole number, which must be of 32 bits. */
    public int integer() throws MalformedMessageException {
        long number = number();
        if (number != (int) number) {
            throw new MalformedMessageException("field " + field + " is " + number + "; it must fit 32 bits");
        }
        return (int) number;
    }

    /** Its whole numbers, packed or one: a field that comes several times may be either each time. */
    public void numbers(LongConsumer each) throws MalformedMessageException {
        if (type == WireType.VARINT) {
            each.accept(bits);
            return;
        }
        require(WireType.BYTES);
        ByteBuffer packed = slice.duplicate();
        while (packed.hasRemaining()) {
            each.accept(varint(packed));
        }
    }

    /** Its number of 32 bits. */
    public float real() throws MalformedMessageException {
        require(WireType.FIXED32);
        return Float.intBitsToFloat((int) bits);
    }

    /** Its number of 64 bits. */
    public double wideReal() throws MalformedMessageException {
        require(WireType.FIXED64);
        return Double.longBitsToDouble(bits);
    }

    /** Its text. */
    public String text() throws MalformedMessageException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
        } catch (CharacterCodingException error) {
            MalformedMessageException wrong = new MalformedMessageException("field " + field + " is no text in UTF-8");
            wrong.initCause(error);
            throw wrong;
        }
    }

    /** Its bytes, of which the least significant comes first. */
    public ByteBuffer bytes() throws MalformedMessageException {
        require(WireType.BYTES);
        return slice.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its message. */
    public MessageReader message() throws MalformedMessageException {
        return new MessageReader(bytes());
    }

    private void require(WireType expected) throws MalformedMessageException {
        if (type != expected) {
            throw new MalformedMessageException("field " + field + " is a " + type + "; it must be a " + expected);
        }
    }

    private ByteBuffer required(long length) throws MalformedMessageException {
        if (length < 0 || length > bytes.remaining()) {
            throw new MalformedMessageException("field " + field + " has " + Long.toUnsignedString(length)
                    + " bytes, but " + bytes.remaining() + " are left of its message");
        }
        return bytes;
    }

    private static long varint(ByteBuffer from) throws MalformedMessageException {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT && from.hasRemaining(); i++) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("a whole number has no end within 10 bytes");
    }
}
