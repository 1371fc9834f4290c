package dev.clew.nn.training;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.nn.Parameters;
import dev.clew.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The weights by which the first metric was best. */
final class Best {
    private final Map<String, Parameter> parameters;
    private ImmutableMap<String, NDArray> weights = ImmutableMap.of();
    private double value = Double.NaN;
    private int epochsSince;

    Best(Map<String, Parameter> parameters) {
        this.parameters = parameters;
    }

    /** Whether the weights of now are the best ones. A NaN is worse than any number. */
    boolean judge(double now, boolean isMoreBetter) {
        boolean isBest = !Double.isNaN(now) && (Double.isNaN(value) || (isMoreBetter ? now > value : now < value));
        if (!isBest) {
            epochsSince++;
            return false;
        }
        ImmutableMap.Builder<String, NDArray> numbers = ImmutableMap.builder();
        parameters.forEach((name, parameter) -> numbers.put(name, parameter.value()));
        restore(numbers.buildOrThrow(), now, 0);
        return true;
    }

    /** As it was saved. */
    void restore(Map<String, NDArray> of, double best, int since) {
        weights = ImmutableMap.copyOf(of);
        value = best;
        epochsSince = since;
    }

    /** By name; nothing if nothing was ever judged. */
    ImmutableMap<String, NDArray> weights() {
        return weights;
    }

    double value() {
        return value;
    }

    int epochsSince() {
        return epochsSince;
    }

    /** Gives a copy of the model the best weights; those of now, if nothing was ever judged. */
    void set(Object copy) {
        Map<Parameter, NDArray> values = new LinkedHashMap<>();
        Parameters.named(copy)
                .forEach((name, parameter) -> values.put(
                        parameter,
                        weights.isEmpty()
                                ? Objects.requireNonNull(parameters.get(name)).value()
                                : Objects.requireNonNull(weights.get(name))));
        Parameter.setAll(values);
    }
}
