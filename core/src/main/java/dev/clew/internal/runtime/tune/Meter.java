package dev.clew.internal.runtime.tune;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What the current thread has spent, of memory and of its processor: other threads and other processes do not enter it. */
final class Meter {
    private static final Optional<ThreadMXBean> BEAN = Optional.of(ManagementFactory.getThreadMXBean())
            .filter(ThreadMXBean.class::isInstance)
            .map(ThreadMXBean.class::cast);
    private static final boolean COUNTS_BYTES = BEAN.filter(ThreadMXBean::isThreadAllocatedMemorySupported)
            .filter(ThreadMXBean::isThreadAllocatedMemoryEnabled)
            .isPresent();
    private static final boolean COUNTS_NANOS = BEAN.filter(ThreadMXBean::isCurrentThreadCpuTimeSupported)
            .filter(ThreadMXBean::isThreadCpuTimeEnabled)
            .isPresent();

    private Meter() {}

    /** The bytes that it has allocated; always 0 where the JVM does not count them. */
    static long bytes() {
        return COUNTS_BYTES ? BEAN.orElseThrow().getCurrentThreadAllocatedBytes() : 0;
    }

    /** The time that it has had of a processor; where the JVM does not know it, the time that has passed. */
    static long nanos() {
        return COUNTS_NANOS ? BEAN.orElseThrow().getCurrentThreadCpuTime() : System.nanoTime();
    }
}
