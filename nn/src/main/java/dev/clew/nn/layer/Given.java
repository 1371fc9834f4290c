package dev.clew.nn.layer;

import dev.clew.tensor.Tensor;

/** What layers are given, and the errors where it does not fit. */
final class Given {
    private Given() {}

    /** One floating-point type. */
    static void alike(String name, Tensor x, Tensor... others) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    name + " of " + typed(x) + ": it needs floating-point numbers; cast first: .cast(DType.F64)");
        }
        for (Tensor other : others) {
            if (other.dtype() != x.dtype()) {
                throw new IllegalArgumentException(name + " of " + typed(x) + " with " + typed(other)
                        + ": element types do not mix; cast x: .cast(DType."
                        + other.dtype().name() + ")");
            }
        }
    }

    static String typed(Tensor x) {
        return x.shape() + " " + x.dtype();
    }
}
