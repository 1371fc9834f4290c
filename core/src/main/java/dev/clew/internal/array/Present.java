package dev.clew.internal.array;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments that must be there: callers without a null checker may hand over null. */
public final class Present {
    private Present() {}

    /**
     * Refuses null, and arrays, collections and maps that contain it.
     *
     * @param asked what was called, as the error begins
     * @param arguments what it was called with
     * @throws IllegalArgumentException that says which argument, counted from 0
     */
    @SuppressWarnings("exports") // The annotation is for whoever compiles the library.
    public static void require(String asked, @Nullable Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument == null) {
                throw new IllegalArgumentException(
                        asked + ": its argument " + i + " is null; there is no value for nothing");
            } else if (argument instanceof Object[] array) {
                requireElements(asked, i, Arrays.asList(array).iterator());
            } else if (argument instanceof Collection<?> all) {
                requireElements(asked, i, all.iterator());
            } else if (argument instanceof Map<?, ?> map) {
                requireEntries(asked, i, map);
            }
        }
    }

    /**
     * Refuses null among arguments that contain nothing else, on the way of every step.
     *
     * @throws IllegalArgumentException that says which argument, counted from 0
     */
    @SuppressWarnings("exports") // The annotation is for whoever compiles the library.
    public static void single(String asked, @Nullable Object... arguments) {
        for (Object argument : arguments) {
            if (argument == null) {
                require(asked, arguments);
            }
        }
    }

    /**
     * What a caller's function gave, which must not be null.
     *
     * @param asked what was called, as the error begins
     * @param function which function gave it
     * @throws IllegalArgumentException if it is null
     */
    @SuppressWarnings("exports") // The annotation is for whoever compiles the library.
    public static <T> T given(String asked, String function, @Nullable T result) {
        if (result == null) {
            throw new IllegalArgumentException(asked + ": " + function + " gave null; it must return what it computes");
        }
        return result;
    }

    private static void requireElements(String asked, int argument, Iterator<?> elements) {
        for (int at = 0; elements.hasNext(); at++) {
            if (elements.next() == null) {
                throw new IllegalArgumentException(asked + ": its argument " + argument + " has null at " + at
                        + "; there is no value for nothing");
            }
        }
    }

    private static void requireEntries(String asked, int argument, Map<?, ?> map) {
        map.forEach((key, value) -> {
            if (key == null || value == null) {
                throw new IllegalArgumentException(asked + ": its argument " + argument + " has null "
                        + (key == null ? "as a key" : "for " + key) + "; there is no value for nothing");
            }
        });
    }
}
