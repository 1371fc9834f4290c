package dev.clew.tensor;

import dev.clew.internal.array.Present;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Remembers for every node the line of your program that made it, so that errors of an evaluation, and {@link NonFinite},
 * can name it. A node of a gradient names the line of the node whose derivative it belongs to.
 *
 * <p>Where tracing is on, {@code value()} throws an {@link ArithmeticException} instead of handing out a NaN: it names the node
 * in which the NaN began, its inputs and its line. To look at such values, ask for them outside of the trace, or ask {@link
 * NonFinite#first}. An infinity is handed out, because it may be meant.
 *
 * <p>Off unless asked for: {@code Tracing.run(() -> train())} traces what the program makes in there; {@code
 * -Dclew.tracing=true} traces everything. While it is off everywhere, a node costs one read of a field more; while it is on, finding
 * the line takes some 10 µs, a hundred times as long as making the node.
 *
 * <p>It looks for numbers that are none. If you suspect one that is wrong, {@code -Dclew.verify=true} compares all that is
 * computed with what the formulas mean; {@code dev.clew.plan.Plan} tells how.
 */
public final class Tracing {
    private static final boolean EVERYWHERE = Boolean.getBoolean("clew.tracing");
    private static final ScopedValue<Boolean> SCOPE = ScopedValue.newInstance();

    /** How many scopes are open, in whatever thread: none, nearly always, and then nobody needs to look for one. */
    private static final AtomicInteger SCOPES = new AtomicInteger(EVERYWHERE ? 1 : 0);

    private Tracing() {}

    /** Runs a part of a program with tracing on. */
    public static void run(Runnable program) {
        Present.require("run", program);
        call(() -> {
            program.run();
            return true;
        });
    }

    /** Runs a part of a program with tracing on, and hands on its result. */
    public static <T> T call(Supplier<T> program) {
        Present.require("call", program);
        SCOPES.incrementAndGet();
        try {
            return ScopedValue.where(SCOPE, true).call(program::get);
        } finally {
            SCOPES.decrementAndGet();
        }
    }

    /** Whether nodes made here and now remember where. */
    public static boolean isOn() {
        return SCOPES.get() != 0 && (EVERYWHERE || SCOPE.isBound());
    }
}
