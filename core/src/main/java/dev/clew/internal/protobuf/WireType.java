package dev.clew.internal.protobuf;

/** How a value lies among the bytes of a message. */
enum WireType {
    VARINT(0),
    FIXED64(1),
    BYTES(2),
    FIXED32(5);

    private final int number;

    WireType(int number) {
        this.number = number;
    }

    /** What stands before a value: the field's number and this. */
    long tag(int field) {
        return (long) field << 3 | number;
    }

    static WireType ofTag(long tag) throws MalformedMessageException {
        for (WireType each : values()) {
            if (each.number == (tag & 7)) {
                return each;
            }
        }
        throw new MalformedMessageException("field " + (tag >>> 3) + " has the wire type " + (tag & 7)
                + "; there are 0 (varint), 1 (64 bits), 2 (bytes) and 5 (32 bits)");
    }
}
