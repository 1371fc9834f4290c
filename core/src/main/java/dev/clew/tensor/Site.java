package dev.clew.tensor;

import com.google.common.base.Splitter;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Optional;

/**
 * Where a node was made: a line of the user's program; for a node of a gradient, the node whose derivative it belongs to.
 *
 * @param frame the innermost call that is not one of the library's own; empty for a node of a gradient
 * @param derivativeOf the node whose derivative it belongs to; empty for a node that the user's program made
 */
public record Site(Optional<StackFrame> frame, Optional<Tensor> derivativeOf) {
    /** The line of the user's program, followed through derivatives: {@code user.Model.loss(Model.java:31)}. */
    public String line() {
        return derivativeOf
                .map(forward -> forward.site().map(Site::line).orElse("a line outside the trace"))
                .orElseGet(() -> frame.map(Site::text).orElse("a line outside the trace"));
    }

    /** As a stack trace prints it, which tools turn into a link; a lambda is where it is written. */
    private static String text(StackFrame call) {
        List<String> lambda = Splitter.on('$').splitToList(call.getMethodName());
        String method = lambda.size() == 3 && lambda.getFirst().equals("lambda") ? lambda.get(1) : call.getMethodName();
        return call.getClassName() + "." + method + "(" + call.getFileName() + ":" + call.getLineNumber() + ")";
    }

    /** As errors print it: {@code made at user.Model.loss(Model.java:31)}, or what it is the derivative of. */
    @Override
    public String toString() {
        return derivativeOf
                .map(forward -> "made for the derivative of " + forward.describe()
                        + forward.site().map(site -> ", " + site).orElse(", made outside the trace"))
                .orElseGet(() -> "made at " + line());
    }
}
