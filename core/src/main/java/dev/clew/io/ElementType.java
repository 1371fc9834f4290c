package dev.clew.io;

import dev.clew.array.DType;
import java.util.Optional;

/**
 * What an element of a tensor in a file is: the types of safetensors in the order of the reference (safetensors 0.8), which is the
 * order of tensors in a file; those of NumPy that arrays can hold are among them.
 */
public enum ElementType {
    BOOL(8, DType.BOOL),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8, DType.I32),
    I8(8, DType.I32),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16, DType.I32),
    U16(16, DType.I32),
    F16(16, DType.F32),
    BF16(16, DType.F32),
    I32(32, DType.I32),
    U32(32, DType.I32),
    F32(32, DType.F32),
    C64(64),
    F64(64, DType.F64),
    I64(64, DType.I32),
    U64(64, DType.I32);

    private final int bits;
    private final Optional<DType> read;

    ElementType(int bits) {
        this.bits = bits;
        this.read = Optional.empty();
    }

    ElementType(int bits, DType read) {
        this.bits = bits;
        this.read = Optional.of(read);
    }

    static ElementType of(DType dtype) {
        return switch (dtype) {
            case F64 -> F64;
            case F32 -> F32;
            case I32 -> I32;
            case BOOL -> BOOL;
        };
    }

    static Optional<ElementType> named(String name) {
        for (ElementType each : values()) {
            if (each.name().equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    int bits() {
        return bits;
    }

    int bytes() {
        return bits / 8;
    }

    /** The type of array that holds every one of them, or every one that fits; none if there is no such type. */
    Optional<DType> read() {
        return read;
    }
}
