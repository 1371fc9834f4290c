package dev.clew.internal.runtime;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The forms of kernels and products that run generated code, where this JVM runs it. Where its Vector API is another one, or where it
 * defines no classes while it runs, there are none: plain forms give the same bits.
 */
public final class VectorForms {
    private static final System.Logger LOG = System.getLogger(VectorForms.class.getName());

    private static volatile boolean areImpossible = Machine.VECTOR_BITS == 0;

    private VectorForms() {}

    /** Why generated code does not run here, whatever it is for. */
    static final class NotHere extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotHere(Throwable cause) {
            super(cause.toString(), cause);
        }
    }

    /** What is made of generated classes; empty if it cannot be here, after which no more is tried. */
    public static <T> Optional<T> of(Supplier<Optional<T>> form) {
        if (areImpossible) {
            return Optional.empty();
        }
        try {
            return form.get();
        } catch (NotHere none) {
            if (!areImpossible) {
                areImpossible = true;
                say(none.getMessage());
            }
            return Optional.empty();
        }
    }

    static void say(@Nullable String why) {
        LOG.log(
                Level.WARNING,
                "Clew computes without vectors, for the same numbers, but more slowly: this JVM does not run the code that it"
                        + " generates for the Vector API of JDK 25 (" + why + ")");
    }
}
