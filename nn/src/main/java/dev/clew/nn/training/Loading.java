package dev.clew.nn.training;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.clew.array.NDArray;
import dev.clew.nn.internal.Nearest;
import dev.clew.tensor.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Puts the numbers of a snapshot into parameters, all of them together or none. */
final class Loading {
    private final String asked;
    private final ImmutableMap<String, NDArray> numbers;
    private final ImmutableMap<String, Parameter> parameters;
    private final List<String> differences = new ArrayList<>();
    private final Map<Parameter, NDArray> values = new LinkedHashMap<>();

    /**
     * A loading that has not happened.
     *
     * @param asked what was called, as the error begins
     * @param numbers of the snapshot, by name
     * @param parameters that they are for, by name
     */
    Loading(String asked, Map<String, NDArray> numbers, Map<String, Parameter> parameters) {
        this.asked = asked;
        this.numbers = ImmutableMap.copyOf(numbers);
        this.parameters = ImmutableMap.copyOf(parameters);
    }

    /** Every parameter gets its numbers, and all numbers are of a parameter. */
    Snapshot.Loaded whole() {
        parameters.forEach((name, parameter) -> {
            if (!numbers.containsKey(name)) {
                differences.add(name + ": not in the snapshot" + near(unused(), name));
            }
        });
        unused().forEach(name -> differences.add(name + ": only in the snapshot" + near(missing(), name)));
        return part();
    }

    /** Parameters of which the snapshot has the name get their numbers; the others stay as they are. */
    Snapshot.Loaded part() {
        List<String> loaded = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            NDArray value = numbers.get(name);
            if (value != null) {
                loaded.add(name);
                values.put(parameter, value);
                compare(name, parameter, value);
            }
        });
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(asked + ": nothing was loaded, since there "
                    + (differences.size() == 1 ? "is 1 difference" : "are " + differences.size() + " differences")
                    + "\n  " + String.join("\n  ", differences)
                    + "\nloadPart loads what fits by name, renamed gives the snapshot with other names");
        }
        if (loaded.isEmpty()) {
            throw new IllegalArgumentException(asked + ": the snapshot has none of " + parameters.keySet() + ", but "
                    + numbers.keySet() + "; renamed gives it with other names");
        }
        Parameter.setAll(values);
        return new Snapshot.Loaded(loaded, ImmutableList.copyOf(missing()), ImmutableList.copyOf(unused()));
    }

    private void compare(String name, Parameter parameter, NDArray value) {
        if (!value.shape().equals(parameter.shape()) || value.dtype() != parameter.dtype()) {
            differences.add(name + ": " + value.shape() + " " + value.dtype() + " in the snapshot, " + parameter.shape()
                    + " " + parameter.dtype() + " in the model");
        }
    }

    private Set<String> unused() {
        Set<String> unused = new TreeSet<>(numbers.keySet());
        unused.removeAll(parameters.keySet());
        return unused;
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>(parameters.keySet());
        missing.removeAll(numbers.keySet());
        return missing;
    }

    private static String near(Set<String> names, String name) {
        Optional<String> nearest = Nearest.of(names, name);
        return nearest.map(each -> "; is it '" + each + "'?").orElse("");
    }
}
