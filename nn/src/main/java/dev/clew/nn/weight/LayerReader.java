package dev.clew.nn.weight;

import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.nn.internal.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the arrays of one layer, and says which of them does not fit. */
final class LayerReader {
    /** How many names an error lists. */
    private static final int LISTED = 12;

    private final String asked;
    private final Map<String, NDArray> arrays;
    private final Set<String> unread;
    private final Set<String> taken;
    private final List<String> names = new ArrayList<>();

    /**
     * Of some arrays.
     *
     * @param asked what is asked for, as errors begin
     * @param unread those that nobody has read; what this reads is taken out of it
     * @param taken names that parameters have, which are not read again
     */
    LayerReader(String asked, Map<String, NDArray> arrays, Set<String> unread, Set<String> taken) {
        this.asked = asked;
        this.arrays = arrays;
        this.unread = unread;
        this.taken = taken;
    }

    boolean has(String name) {
        return arrays.containsKey(name);
    }

    /** An array of any shape. */
    NDArray read(String name) {
        NDArray found = arrays.get(name);
        if (found == null) {
            throw wrong("there is no '" + name + "'"
                    + Nearest.of(others(), name)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse(".")
                    + " The names are " + listed(arrays.keySet()));
        }
        if (taken.contains(name)) {
            throw wrong("'" + name + "' was read or put before; begin anew, or give another prefix");
        }
        if (!found.dtype().isFloating()) {
            throw wrong(described(name) + ": weights are floating-point numbers; cast first: .cast(DType.F32)");
        }
        if (!names.isEmpty() && read().dtype() != found.dtype()) {
            throw wrong(described(name) + ", and " + described(names.getFirst())
                    + ": the weights of a layer are of one type; cast one of them");
        }
        names.add(name);
        unread.remove(name);
        return found;
    }

    /** The first one that was read. */
    private NDArray read() {
        return arrays.getOrDefault(names.getFirst(), NDArray.of(0.0));
    }

    /** What may have been meant: what this layer has not read. */
    private Collection<String> others() {
        Set<String> others = new TreeSet<>(arrays.keySet());
        names.forEach(others::remove);
        return others;
    }

    /** A matrix, (rows, columns) in words. */
    NDArray matrix(String name, String rule) {
        NDArray found = read(name);
        if (found.shape().rank() != 2) {
            throw wrong(described(name) + ", and must be " + rule);
        }
        return found;
    }

    /** An array of one shape, which has a name in words. */
    NDArray read(String name, String rule, int... lengths) {
        read(name);
        return require(name, rule, lengths);
    }

    /** An array that was read, if it has this shape. */
    NDArray require(String name, String rule, int... lengths) {
        NDArray found = arrays.getOrDefault(name, NDArray.of(0.0));
        if (!found.shape().equals(Shape.of(lengths))) {
            throw wrong(
                    name,
                    "and must be " + Shape.of(lengths) + ", " + rule
                            + names.stream()
                                    .filter(other -> !other.equals(name))
                                    .findFirst()
                                    .map(other -> ", beside '" + other + "' " + typed(other))
                                    .orElse(""));
        }
        return found;
    }

    /** A matrix of what is carried that was read, if it has this shape, which says what kind of cell it is of. */
    void requireGates(String name, String rule, Shape expected, int units) {
        Shape found = arrays.getOrDefault(name, NDArray.of(0.0)).shape();
        if (!found.equals(expected)) {
            int all = found.length(0) == units ? found.length(1) : found.length(0);
            throw wrong(
                    name,
                    "and must be " + expected + ", " + rule
                            + CellKind.of(all, units)
                                    .map(other -> "; it is that of a layer of another kind, " + other)
                                    .orElse(""));
        }
    }

    /** An array is not there, though one is that goes with it. */
    IllegalArgumentException missing(String name, String other) {
        return wrong("there is no '" + name + "', but " + described(other) + ", which goes with it");
    }

    /** An array that was read does not fit. */
    IllegalArgumentException wrong(String name, String rule) {
        return wrong(described(name) + ", " + rule);
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(asked + ": " + what);
    }

    private String described(String name) {
        return "'" + name + "' is " + typed(name);
    }

    private String typed(String name) {
        NDArray array = arrays.getOrDefault(name, NDArray.of(0.0));
        return array.shape() + " " + array.dtype();
    }

    static String listed(Collection<String> names) {
        return names.size() <= LISTED
                ? names.toString()
                : names.stream().limit(LISTED).toList() + " and " + (names.size() - LISTED) + " more";
    }
}
