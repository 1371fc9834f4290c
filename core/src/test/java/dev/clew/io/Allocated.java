package dev.clew.io;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the current thread has allocated on the heap since it began. */
final class Allocated {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Allocated() {}

    static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
