package dev.clew.nn.optimizer;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.clew.internal.array.Present;
import dev.clew.nn.internal.Names;
import dev.clew.tensor.Parameter;
import dev.clew.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part for some of the parameters.
 *
 * @param isOn whether it is for those that match, or for the others
 */
record Restricted(Transform part, ImmutableList<String> patterns, boolean isOn) implements Transform {

    /** Patterns, of which there must be one. */
    static List<String> checked(String asked, String... patterns) {
        Present.require(asked, (Object) patterns);
        if (patterns.length == 0) {
            throw new IllegalArgumentException(asked
                    + " no pattern: say the names of parameters, with * for any letters: " + asked + "(\"*.bias\")");
        }
        return List.of(patterns);
    }

    @Override
    public Map<Parameter, Tensor> of(Map<Parameter, Tensor> slopes, State state) {
        Map<String, Parameter> named = new LinkedHashMap<>();
        slopes.keySet().forEach(parameter -> named.put(state.name(parameter), parameter));
        ImmutableSet.Builder<Parameter> matching = ImmutableSet.builder();
        for (String pattern : patterns) {
            matching.addAll(Names.matching(named, pattern, this + ", parameters that match '" + pattern + "'")
                    .values());
        }
        ImmutableSet<Parameter> matched = matching.build();
        Map<Parameter, Tensor> some = new LinkedHashMap<>(slopes);
        some.keySet().removeIf(parameter -> matched.contains(parameter) != isOn);
        if (some.isEmpty()) {
            return slopes;
        }
        Map<Parameter, Tensor> moves = new LinkedHashMap<>(slopes);
        moves.keySet().removeAll(some.keySet());
        Map<Parameter, Tensor> moved = Present.given("optimizer", part.toString(), part.of(some, state));
        moved.forEach((parameter, move) -> {
            if (some.containsKey(parameter)) {
                moves.put(parameter, move);
            }
        });
        return ImmutableMap.copyOf(moves);
    }

    @Override
    public String toString() {
        return part + (isOn ? " on " : " except ") + String.join(", ", patterns);
    }
}
