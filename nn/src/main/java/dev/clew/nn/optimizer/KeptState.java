package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the parts of an optimizer keep from step to step, by name. */
final class KeptState {
    private final Map<String, Kept> all = new LinkedHashMap<>();

    /** @param owner which of the parts keeps it */
    private record Kept(int owner, Parameter parameter) {}

    /** All of it, in the order in which it was first asked for. */
    synchronized ImmutableMap<String, Parameter> named() {
        ImmutableMap.Builder<String, Parameter> named = ImmutableMap.builder();
        all.forEach((name, kept) -> named.put(name, kept.parameter));
        return named.buildOrThrow();
    }

    /**
     * As one part sees it.
     *
     * @param part its place among the parts
     * @param parameters those that are trained
     * @param next takes what is to be after the step
     */
    Transform.State of(int part, Map<String, Parameter> parameters, Map<Parameter, Tensor> next) {
        return new OfPart(part, parameters, next);
    }

    private final class OfPart implements Transform.State {
        private final int part;
        private final Map<String, Parameter> parameters;
        private final Map<Parameter, Tensor> next;

        OfPart(int part, Map<String, Parameter> parameters, Map<Parameter, Tensor> next) {
            this.part = part;
            this.parameters = parameters;
            this.next = next;
        }

        @Override
        public Parameter like(Parameter parameter, String name) {
            Present.require("state", parameter, name);
            return kept(
                    part,
                    name + "." + Trained.name(parameters, parameter),
                    parameter.dtype(),
                    parameter.shape().lengths());
        }

        @Override
        public String name(Parameter parameter) {
            Present.require("state", parameter);
            return Trained.name(parameters, parameter);
        }

        @Override
        public Parameter number(String name) {
            Present.require("state", name);
            return kept(part, name, DType.F64);
        }

        @Override
        public void next(Parameter kept, Tensor value) {
            Present.require("state", kept, value);
            requireKept(part, kept, value);
            if (next.putIfAbsent(kept, value) != null) {
                throw new IllegalArgumentException("optimizer: what is kept as " + kept.describe()
                        + " has two next values; say once what it is after the step");
            }
        }

        @Override
        public String toString() {
            return "State of part " + part + " of an optimizer of " + parameters.keySet();
        }
    }

    private synchronized Parameter kept(int part, String name, DType type, int... shape) {
        Kept kept = all.computeIfAbsent(name, _ -> new Kept(part, Parameter.zeros(type, shape)));
        if (kept.owner != part) {
            throw new IllegalArgumentException(
                    "optimizer: two parts keep numbers as '" + name + "'; give those of one another name");
        }
        return kept.parameter;
    }

    private synchronized void requireKept(int part, Parameter parameter, Tensor value) {
        boolean isKept = all.values().stream().anyMatch(kept -> kept.owner == part && kept.parameter.equals(parameter));
        if (!isKept) {
            throw new IllegalArgumentException(
                    "optimizer: " + parameter.describe()
                            + " has a next value, but this part does not keep it; ask the state for it with like() or number()");
        }
        if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
            throw new IllegalArgumentException("optimizer: what is kept as " + parameter.describe()
                    + " has the next value " + value.describe() + "; shape and type stay as they are");
        }
    }
}
