package dev.clew.audit.bug;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.audit.Unrolled;
import dev.clew.tensor.Tensor;
import java.util.ArrayList;
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

    /** With what every step has, by name. */
    static Unrolled unrolled(Tensor loss, Map<String, Tensor> parameters, Map<String, List<Tensor>> steps) {
        Unrolled unrolled = Unrolled.of(loss, parameters);
        for (Map.Entry<String, List<Tensor>> each : steps.entrySet()) {
            unrolled = unrolled.withSteps(each.getKey(), each.getValue());
        }
        return unrolled;
    }

    /** A value of a step, kept under its name. */
    static Tensor keep(Map<String, List<Tensor>> steps, String name, Tensor value) {
        steps.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return value;
    }

    /** 1 − x. */
    static Tensor rest(Tensor x) {
        return x.negate().plus(1);
    }

    /** x·W + h·U + b of a gate. */
    static Tensor gate(Map<String, Tensor> point, String gate, Tensor x, Tensor h) {
        return x.matmul(Draw.at(point, "W" + gate))
                .plus(h.matmul(Draw.at(point, "U" + gate)))
                .plus(Draw.at(point, "b" + gate));
    }

    static List<NDArray> arrays(List<Matrix> steps) {
        return steps.stream().map(Matrix::toArray).toList();
    }

    static List<NDArray> arrays(List<Matrix> steps, Shape shape) {
        return steps.stream().map(each -> each.toArray(shape)).toList();
    }
}
