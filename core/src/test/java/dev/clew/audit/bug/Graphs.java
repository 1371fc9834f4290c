package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What every cell's graph and lists need. */
final class Graphs {
    private Graphs() {}

    /** Some names of a point. */
    static Map<String, Tensor> some(Map<String, Tensor> point, String... names) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        for (String name : names) {
            some.put(name, Draw.at(point, name));
        }
        return some;
    }

    /** 1 − x. */
    static Tensor rest(Tensor x) {
        return x.negate().plus(1);
    }

    static List<NDArray> arrays(List<Matrix> steps) {
        return steps.stream().map(Matrix::toArray).toList();
    }

    static List<NDArray> arrays(List<Matrix> steps, Shape shape) {
        return steps.stream().map(each -> each.toArray(shape)).toList();
    }
}
