package dev.clew.io;

import dev.clew.array.DType;
import java.util.Optional;

/**
 * What an element of a tensor in a file is: the types of safetensors in the order of the reference (safetensors 0.8), which is the
 * order of tensors in a file; those of NumPy that arrays can hold are among them.
 *
 * <p>{@code U} and {@code I} are whole numbers without and with a sign, of so many bits; {@code F64 F32 F16} those of IEEE 754; {@code
 * BF16} the upper half of an {@code F32}; {@code F8 F6 F4} numbers of so few bits, of which {@code E} count the exponent and {@code M} the
 * fraction; {@code C64} complex numbers of two {@code F32}; {@code BOOL} is a byte, 0 or 1.
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
    private final Optional<DType> dtype;

    ElementType(int bits) {
        this.bits = bits;
        this.dtype = Optional.empty();
    }

    ElementType(int bits, DType dtype) {
        this.bits = bits;
        this.dtype = Optional.of(dtype);
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

    /** How many bits an element takes. */
    public int bits() {
        return bits;
    }

    int bytes() {
        return bits / 8;
    }

    /** The type of array that holds every one of them, or every one that fits; none if there is no such type. */
    public Optional<DType> dtype() {
        return dtype;
    }
}
