package dev.clew.nn.onnx;

import dev.clew.array.DType;
import java.util.Optional;

/** What the elements of a tensor in a model are, of those types that ONNX has and that Clew writes. */
enum ElementKind {
    FLOAT(1, 4),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    DOUBLE(11, 8);

    private final int number;
    private final int bytes;

    ElementKind(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    static ElementKind of(DType dtype) {
        return switch (dtype) {
            case F32 -> FLOAT;
            case F64 -> DOUBLE;
            case I32 -> INT32;
            case BOOL -> BOOL;
        };
    }

    static Optional<ElementKind> numbered(long number) {
        for (ElementKind each : values()) {
            if (each.number == number) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** As {@code TensorProto.DataType} numbers it. */
    int number() {
        return number;
    }

    int bytes() {
        return bytes;
    }

    /** The type of arrays that holds them: of INT64 those that fit. */
    DType dtype() {
        return switch (this) {
            case FLOAT -> DType.F32;
            case DOUBLE -> DType.F64;
            case INT32, INT64 -> DType.I32;
            case BOOL -> DType.BOOL;
        };
    }
}
