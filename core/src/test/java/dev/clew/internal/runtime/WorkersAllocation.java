package dev.clew.internal.runtime;

import dev.clew.internal.runtime.kernel.KernelAllocation;
import java.lang.foreign.MemorySegment;

/** Hands work over until a thousand times allocate nothing, and fails if that does not come: while others help, and with nobody there. */
public final class WorkersAllocation {
    private static final int RUNS = 1000;

    private WorkersAllocation() {}

    public static void main(String[] arguments) {
        long[] sums = new long[64];
        Workers.Task task = (memory, part, parts) -> {
            for (int i = 0; i < RUNS; i++) {
                sums[part * 8] += i;
            }
        };
        for (int threads : new int[] {1, 2, 5}) {
            Workers.use(threads, null);
            KernelAllocation.awaitNone(RUNS + " tasks for " + threads + " threads", () -> {
                for (int run = 0; run < RUNS; run++) {
                    Workers.enter();
                    Workers.run(task, MemorySegment.NULL, 5);
                    Workers.leave();
                }
            });
        }
        if (sums[0] == 0) {
            throw new IllegalStateException("nothing has been computed");
        }
    }
}
