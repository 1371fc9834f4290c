package dev.clew.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** How much this thread has allocated. The module under test does not read jdk.management, so it is found by name. */
public final class KernelAllocation {
    private static final MethodHandle BYTES = find();

    private KernelAllocation() {}

    private static MethodHandle find() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return lookup.findVirtual(
                            Class.forName("com.sun.management.ThreadMXBean"),
                            "getCurrentThreadAllocatedBytes",
                            MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("allocation cannot be measured", missing);
        }
    }

    public static long bytes() {
        try {
            return (long) BYTES.invokeExact();
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }
}
