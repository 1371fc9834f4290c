package dev.clew.nn.internal;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import dev.clew.internal.array.Present;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
            throw new IllegalArgumentException(
                    asked + ": there is none of that name" + near(named, name) + " The names are " + named.keySet());
        }
        return found;
    }

    private static String near(Map<String, ?> named, String name) {
        if (named.isEmpty()) {
            return ".";
        }
        String nearest = Collections.min(named.keySet(), Comparator.comparingInt(each -> distance(each, name)));
        boolean isNear = distance(nearest, name) <= Math.max(2, name.length() / 3);
        return isNear ? "; did you mean '" + nearest + "'?" : ".";
    }

    /**
     * What has names that match a pattern, in which {@code *} stands for any letters.
     *
     * @param asked what is asked for, as the error begins
     * @throws IllegalArgumentException if nothing has; it names all that there are
     */
    public static <T> ImmutableMap<String, T> matching(Map<String, T> named, String pattern, String asked) {
        Present.require("names", named, pattern, asked);
        Predicate<String> matches = pattern(pattern);
        ImmutableMap.Builder<String, T> some = ImmutableMap.builder();
        named.forEach((name, each) -> {
            if (matches.test(name)) {
                some.put(name, each);
            }
        });
        ImmutableMap<String, T> found = some.buildOrThrow();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(asked + ": there are none. The names are " + named.keySet());
        }
        return found;
    }

    private static Predicate<String> pattern(String pattern) {
        return Pattern.compile(Splitter.on('*')
                        .splitToStream(pattern)
                        .map(Pattern::quote)
                        .collect(joining(".*")))
                .asMatchPredicate();
    }

    /** How many letters must be inserted, removed or replaced (Levenshtein, 1966). */
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
