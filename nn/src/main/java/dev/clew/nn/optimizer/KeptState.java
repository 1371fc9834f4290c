package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableMap;
import dev.clew.array.DType;
import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the parts of an optimizer keep from step to step, by name. */
final class KeptState {
    private final Map<String, Kept> all = new LinkedHashMap<>();
    private final Map<Parameter, Integer> owners = new HashMap<>();

    /**
     * @param owner which of the parts keeps it
     * @param of the name of what it belongs to; none if it is a number
     */
    private record Kept(int owner, Optional<String> of, Parameter parameter) {}

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
        private final Map<Parameter, String> names = new HashMap<>();
        private final Map<Parameter, Tensor> next;

        OfPart(int part, Map<String, Parameter> parameters, Map<Parameter, Tensor> next) {
            this.part = part;
            this.parameters = parameters;
            this.next = next;
            parameters.forEach((name, parameter) -> names.putIfAbsent(parameter, name));
        }

        @Override
        public Parameter like(Parameter parameter, String name) {
            Present.require("state", parameter, name);
            String of = name(parameter);
            return kept(
                    part,
                    name + "." + of,
                    Optional.of(of),
                    parameter.dtype(),
                    parameter.shape().lengths());
        }

        @Override
        public String name(Parameter parameter) {
            Present.require("state", parameter);
            String name = names.get(parameter);
            return name == null ? Trained.name(parameters, parameter) : name;
        }

        @Override
        public Parameter number(String name) {
            Present.require("state", name);
            return kept(part, name, Optional.empty(), DType.F64);
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

    private synchronized Parameter kept(int part, String name, Optional<String> of, DType type, int... shape) {
        Kept kept = all.computeIfAbsent(name, _ -> new Kept(part, of, Parameter.zeros(type, shape)));
        if (kept.owner != part || !kept.of.equals(of)) {
            throw new IllegalArgumentException("optimizer: "
                    + (kept.owner == part ? "a part keeps two numbers" : "two parts keep numbers") + " as '" + name
                    + "'; give those of one another name");
        }
        owners.putIfAbsent(kept.parameter, part);
        return kept.parameter;
    }

    private synchronized void requireKept(int part, Parameter parameter, Tensor value) {
        Integer owner = owners.get(parameter);
        if (owner == null || owner != part) {
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
