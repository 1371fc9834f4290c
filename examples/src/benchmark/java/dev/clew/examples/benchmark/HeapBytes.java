package dev.clew.examples.benchmark;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What steps allocate on the heap, on the thread that makes them. */
final class HeapBytes {
    private HeapBytes() {}

    /** In the mean of the steps of some time, at least one. */
    static double perStep(Trainer trainer, double nanoseconds) {
        int steps = 0;
        long ofItself = -allocated();
        ofItself += allocated();
        long before = allocated();
        long start = System.nanoTime();
        do {
            trainer.step();
            steps++;
        } while (System.nanoTime() - start < nanoseconds);
        return (double) (allocated() - before - ofItself) / steps;
    }

    /** What the current thread has allocated since it began. */
    static long allocated() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes()
                : 0;
    }
}
