package dev.clew.tensor;

import dev.clew.array.Shape;
import dev.clew.internal.array.Present;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a user called, in front of an error that speaks of something within it; and null, which callers without a checker may hand
 * over.
 */
final class Asked {
    private static final String TOO_MANY = " more than 2147483647 elements, the most that one array can hold";

    private Asked() {}

    /** What was asked of a tensor. */
    static <T> T of(Tensor x, String name, Supplier<T> asked, @Nullable Object... arguments) {
        require(name, arguments);
        try {
            return asked.get();
        } catch (IllegalArgumentException error) {
            throw named(name, " of " + x.shape(), error);
        } catch (ArithmeticException error) {
            throw new IllegalArgumentException(name + " of " + x.shape() + ": the result would have" + TOO_MANY, error);
        }
    }

    /** What was asked without a tensor to ask it of. */
    static <T> T by(String name, Supplier<T> asked, @Nullable Object... arguments) {
        require(name, arguments);
        try {
            return asked.get();
        } catch (IllegalArgumentException error) {
            throw named(name, "", error);
        } catch (ArithmeticException error) {
            throw new IllegalArgumentException(name + ": the result would have" + TOO_MANY, error);
        }
    }

    /** Every node comes here: whoever is a tensor, or numbers, is there and holds no null. */
    private static void require(String name, @Nullable Object... arguments) {
        for (Object argument : arguments) {
            if (!(argument instanceof Tensor || argument instanceof Shape || argument instanceof int[])) {
                Present.require(name, arguments);
                return;
            }
        }
    }

    private static IllegalArgumentException named(String name, String receiver, IllegalArgumentException error) {
        IllegalArgumentException origin = origin(error);
        String message = String.valueOf(origin.getMessage());
        int first = 0;
        while (first < message.length() && Character.isLetter(message.charAt(first))) {
            first++;
        }
        if (first > 0 && name.startsWith(message.substring(0, first))) {
            return origin;
        }
        return new IllegalArgumentException(
                name + (message.startsWith("shape (") ? receiver : "") + ": " + message, origin);
    }

    /** Without the names of what was called within. */
    private static IllegalArgumentException origin(IllegalArgumentException error) {
        IllegalArgumentException found = error;
        while (found.getCause() instanceof IllegalArgumentException cause
                && String.valueOf(found.getMessage()).endsWith(": " + cause.getMessage())) {
            found = cause;
        }
        return found;
    }
}
