package dev.clew.nn.optimizer;

import dev.clew.internal.array.Present;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.Map;

/** A part that keeps its numbers under a name of its own. */
record Renamed(Transform part, String name) implements Transform {
    @Override
    public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
        return part.of(slopes, new Prefixed(name + ".", state));
    }

    /** A state whose names begin with something. */
    record Prefixed(String prefix, State state) implements State {
        @Override
        public Parameter like(Parameter parameter, String name) {
            Present.require("state", parameter, name);
            return state.like(parameter, prefix + name);
        }

        @Override
        public Parameter number(String name) {
            Present.require("state", name);
            return state.number(prefix + name);
        }

        @Override
        public String name(Parameter parameter) {
            return state.name(parameter);
        }

        @Override
        public void next(Parameter kept, Tensor value) {
            state.next(kept, value);
        }
    }

    @Override
    public String toString() {
        return part + " named " + name;
    }
}
