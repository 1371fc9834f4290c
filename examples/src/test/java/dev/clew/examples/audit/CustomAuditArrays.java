package dev.clew.examples.audit;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.RandomKey;
import dev.clew.array.Shape;
import dev.clew.audit.Unrolled;
import dev.clew.gradient.Gradients;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What code for the cell of {@link CustomAudit} would write, if its gradient is right. */
public final class CustomAuditArrays {
    private CustomAuditArrays() {}

    private static NDArray normal(int which, int... shape) {
        return RandomKey.of(5).fold(which).normal(0, 0.5, DType.F64, Shape.of(shape));
    }

    /** A point, and the gradient that Clew has there. */
    public static Map<String, NDArray> right() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("Wx", normal(0, 4, 2));
        arrays.put("Wh", normal(1, 4, 4));
        arrays.put("Wy", normal(2, 3, 4));
        arrays.put("leak", normal(3, 4, 1));
        arrays.put("b", normal(4, 4, 1));
        arrays.put("h0", normal(5, 4, 1));
        arrays.put("x", normal(6, 5, 2, 1));
        arrays.put("targets", normal(7, 5, 3, 1));
        Map<String, Tensor> point = new LinkedHashMap<>();
        arrays.forEach((name, array) -> point.put(name, Tensor.of(array)));
        Unrolled forward = CustomAudit.forward(point);
        Gradients gradients = Gradients.of(forward.loss());
        forward.parameters()
                .forEach((name, weight) ->
                        arrays.put("d" + name, gradients.wrt(weight).value()));
        return arrays;
    }
}
