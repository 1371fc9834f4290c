package dev.clew.internal.tensor;

import dev.clew.tensor.Site;
import dev.clew.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The line of the user's program that is being executed: the innermost call that is not one of the library's own. */
public final class Caller {
    /** The packages of the library, and all below them. */
    private static final Set<String> LIBRARY =
            Set.of("array", "tensor", "gradient", "plan", "audit", "io", "internal", "nn");

    private static final String ROOT = "dev.clew.";
    private static final StackWalker WALKER = StackWalker.getInstance();

    private Caller() {}

    /** That line. */
    public static Site site() {
        return new Site(
                WALKER.walk(frames -> frames.filter(
                                frame -> !isOurs(frame.getClassName()) && !isJavas(frame.getClassName()))
                        .findFirst()),
                Optional.empty());
    }

    /** Whether a class belongs to the library. */
    public static boolean isOurs(String className) {
        if (!className.startsWith(ROOT)) {
            return false;
        }
        int end = className.indexOf('.', ROOT.length());
        return end > 0 && LIBRARY.contains(className.substring(ROOT.length(), end));
    }

    /** The JDK stands between what calls within a scope and what is called. */
    private static boolean isJavas(String className) {
        return className.startsWith("java.") || className.startsWith("jdk.");
    }

    /** An error of an evaluation, with the line that made the node if that is known. */
    public static RuntimeException located(RuntimeException error, Tensor node) {
        @Nullable Site site = node.site().orElse(null);
        if (site == null) {
            return error;
        }
        String message = error.getMessage() + "; " + node.describe() + " was " + site;
        return switch (error) {
            case IllegalArgumentException argument -> new IllegalArgumentException(message, argument);
            case IllegalStateException state -> new IllegalStateException(message, state);
            default -> {
                error.addSuppressed(new IllegalStateException(node.describe() + " was " + site));
                yield error;
            }
        };
    }
}
