package dev.clew.nn.internal;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.clew.internal.array.Present;
import java.util.Map;

/** Finds things by their names, and says which names there are. */
public final class Names {
    private Names() {}

    /**
     * What has a name.
     *
     * @param asked what is asked for, as the error begins
     * @throws IllegalArgumentException if nothing has; it names all that there are, and the nearest
     */
    public static <T> T of(Map<String, T> named, String name, String asked) {
        Present.require("names", named, name, asked);
        T found = named.get(name);
        if (found == null) {
            throw new IllegalArgumentException(asked + ": there is none of that name"
                    + Nearest.of(named.keySet(), name)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse(".")
                    + " The names are " + named.keySet());
        }
        return found;
    }

    /**
     * What has names that match a pattern, in which {@code *} stands for any letters.
     *
     * @param asked what is asked for, as the error begins
     * @throws IllegalArgumentException if nothing has; it names all that there are
     */
    public static <T> ImmutableMap<String, T> matching(Map<String, T> named, String pattern, String asked) {
        Present.require("names", named, pattern, asked);
        ImmutableMap<String, T> found = ImmutableMap.copyOf(Maps.filterKeys(named, NamePattern.of(pattern)::matches));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(asked + ": there are none. The names are " + named.keySet());
        }
        return found;
    }
}
