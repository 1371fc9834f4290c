package dev.clew.examples.audit;

import dev.clew.array.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The arrays of a file, taken one after the other by those who know what they mean: what nobody took at the end is a name that was
 * misunderstood, and an error.
 */
final class NamedArrays {
    private final String source;
    private final Map<String, NDArray> arrays;
    private final Set<String> left;

    NamedArrays(String source, Map<String, NDArray> arrays) {
        this.source = source;
        this.arrays = arrays;
        this.left = new LinkedHashSet<>(arrays.keySet());
    }

    static NamedArrays read(Path file) throws IOException {
        return new NamedArrays(String.valueOf(file.getFileName()), ArrayFile.read(file));
    }

    /** The file, as errors name it. */
    String source() {
        return source;
    }

    Set<String> names() {
        return arrays.keySet();
    }

    /** The first of some names that is there and that nobody took; it is taken now. */
    Optional<NDArray> take(List<String> names) {
        return names.stream().filter(left::contains).findFirst().map(this::take);
    }

    /** The array of a name that is there. */
    NDArray take(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("'" + name + "' of " + source
                    + ": there is no array of that name. The names are " + arrays.keySet());
        }
        left.remove(name);
        return array;
    }

    /**
     * Ends the taking.
     *
     * @param rule what arrays of this file may be
     * @throws IllegalArgumentException if arrays are left
     */
    void requireAllTaken(String rule) {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("arrays of " + source + ": nothing is known of " + left + "; " + rule);
        }
    }
}
