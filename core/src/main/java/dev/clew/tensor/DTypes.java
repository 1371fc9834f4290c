package dev.clew.tensor;

import dev.clew.array.DType;
import java.util.List;

/** The rules for element types, with errors that name the cast. */
final class DTypes {
    private DTypes() {}

    static DType same(String name, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(
                    name + " " + a.shape() + " " + a.dtype() + ", " + b.shape() + " " + b.dtype()
                            + ": element types do not mix; cast one of them: .cast(DType."
                            + a.dtype().name() + ") on the right or"
                            + " .cast(DType." + b.dtype().name() + ") on the left");
        }
        return a.dtype();
    }

    static DType floating(String name, Tensor x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(name + " " + x.shape() + " " + x.dtype()
                    + ": this operation needs floating-point numbers; cast first: .cast(DType.F64)");
        }
        return x.dtype();
    }

    static DType floating(String name, List<Tensor> inputs) {
        for (Tensor input : inputs.subList(1, inputs.size())) {
            same(name, inputs.getFirst(), input);
        }
        return floating(name, inputs.getFirst());
    }

    static DType numbers(String name, Tensor x) {
        if (x.dtype() == DType.BOOL) {
            throw new IllegalArgumentException(name + " " + x.shape() + " bool: this operation needs numbers;"
                    + " cast first: .cast(DType.I32) counts, .cast(DType.F64) has gradients");
        }
        return x.dtype();
    }

    static DType logic(String name, Tensor x) {
        if (x.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(name + " " + x.shape() + " " + x.dtype()
                    + ": logic needs truth values; compare first, as in x.greaterThan(0)");
        }
        return x.dtype();
    }

    static void require(String name, Tensor x, DType type) {
        if (x.dtype() != type) {
            throw new IllegalArgumentException(name + " with " + x.shape() + " " + x.dtype() + " as its "
                    + (type == DType.BOOL
                            ? "condition: it must be bool; compare first, as in x.greaterThan(0)"
                            : "indices: they must be i32; cast first: .cast(DType.I32)"));
        }
    }
}
