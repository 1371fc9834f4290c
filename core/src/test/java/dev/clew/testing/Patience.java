package dev.clew.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.opentest4j.TestAbortedException;

/**
 * Waits for what comes once the JVM has compiled enough. It counts the processor time of this process, the compilers' included, so
 * that a busy machine only takes longer; and it tells what will never come from what has not come yet.
 */
public final class Patience {
    /** A long method takes C2 some 15 s, while the program goes on beside it. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private static final Duration MOST = Duration.ofSeconds(Tries.longer(300));
    private static final MethodHandle COMPILED = compiled();

    private Patience() {}

    /**
     * Tries until nothing is missing.
     *
     * @param missing tries once, and says how much is missing, in the units that {@code what} names
     * @throws AssertionError if it is stuck: nothing has been compiled for long, so nothing will change
     * @throws TestAbortedException if the JVM still compiles after very long
     */
    public static void await(String what, LongSupplier missing) {
        Duration start = processorTime();
        Duration last = start;
        long compiled = compilationTime();
        for (long left = missing.getAsLong(); left != 0; left = missing.getAsLong()) {
            Duration now = processorTime();
            if (compilationTime() != compiled) {
                compiled = compilationTime();
                last = now;
            }
            Duration spent = now.minus(start);
            if (now.minus(last).compareTo(STUCK) > 0) {
                throw new AssertionError(what + ": " + left + ", stuck after " + spent.toSeconds()
                        + " s of processor time; in the last " + STUCK.toSeconds() + " the JVM has compiled nothing");
            }
            if (spent.compareTo(MOST) > 0) {
                throw new TestAbortedException(what + ": " + left + ", still warming after " + spent.toSeconds()
                        + " s of processor time; nothing can be said yet");
            }
        }
    }

    /** What something gives that may take so much processor time, whatever else the machine is doing. */
    public static <T> T within(Duration most, Supplier<T> something) {
        Duration start = processorTime();
        T result = something.get();
        assertThat(processorTime().minus(start)).as("processor time").isLessThan(most);
        return result;
    }

    /** The processor time of this process, all threads together. */
    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private static long compilationTime() {
        try {
            return (long) COMPILED.invokeExact();
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    /** The module under test does not read java.management, so it is found by name. */
    private static MethodHandle compiled() {
        try {
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getCompilationMXBean")
                    .invoke(null);
            return MethodHandles.publicLookup()
                    .findVirtual(
                            Class.forName("java.lang.management.CompilationMXBean"),
                            "getTotalCompilationTime",
                            MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("compilation cannot be watched", missing);
        }
    }
}
