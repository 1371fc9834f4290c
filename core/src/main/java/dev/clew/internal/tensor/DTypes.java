package dev.clew.internal.tensor;

import dev.clew.array.DType;
import dev.clew.tensor.Tensor;
import java.util.List;

/** The rules for element types, with errors that name the cast. */
public final class DTypes {
    private DTypes() {}

    public static DType same(String name, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(name + " " + a.shape() + " " + a.dtype() + ", " + b.shape() + " "
                    + b.dtype() + ": element types do not mix; cast " + cast(a.dtype(), b.dtype()));
        }
        return a.dtype();
    }

    /** The cast that loses nothing: to the floating-point type where only one is, from truth values to integers. */
    private static String cast(DType left, DType right) {
        String toLeft = ".cast(DType." + left.name() + ")";
        String toRight = ".cast(DType." + right.name() + ")";
        if (left.isFloating() && right.isFloating()) {
            return "one of them: " + toLeft + " on the right or " + toRight + " on the left";
        }
        return left.isFloating() || right == DType.BOOL ? "the right one: " + toLeft : "the left one: " + toRight;
    }

    public static DType floating(String name, Tensor x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(name + " " + x.shape() + " " + x.dtype()
                    + ": this operation needs floating-point numbers; cast first: .cast(DType.F64)");
        }
        return x.dtype();
    }

    public static DType floating(String name, List<Tensor> inputs) {
        for (int i = 1; i < inputs.size(); i++) {
            same(name, inputs.getFirst(), inputs.get(i));
        }
        return floating(name, inputs.getFirst());
    }

    public static DType numbers(String name, Tensor x) {
        if (x.dtype() == DType.BOOL) {
            throw new IllegalArgumentException(name + " " + x.shape() + " bool: this operation needs numbers;"
                    + " cast first: .cast(DType.I32) counts, .cast(DType.F64) has gradients");
        }
        return x.dtype();
    }

    public static void logic(String name, Tensor x) {
        if (x.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(name + " " + x.shape() + " " + x.dtype()
                    + ": logic needs truth values; compare first, as in x.greaterThan(0)");
        }
    }

    public static void require(String name, Tensor x, DType type) {
        if (x.dtype() != type) {
            throw new IllegalArgumentException(name + " with " + x.shape() + " " + x.dtype() + " as its "
                    + (type == DType.BOOL
                            ? "condition: it must be bool; compare first, as in x.greaterThan(0)"
                            : "indices: they must be i32; cast first: .cast(DType.I32)"));
        }
    }
}
