package dev.clew.compile;

import dev.clew.runtime.Instruction;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The records of a tape in one form. Runs 1, 2, 4, 8, ... are timed record by record, so that a plan can always say where its time
 * goes, and reading the clock costs nothing in the long run.
 */
final class Instructions {
    private final Instruction[] instructions;
    /** The fastest of the timed runs, in nanoseconds, by record. */
    private final long[] best;

    private int runs;

    Instructions(List<Draft> drafts, Draft.Form form) {
        this.instructions =
                drafts.stream().map(draft -> draft.maker().make(form)).toArray(Instruction[]::new);
        this.best = new long[instructions.length];
        Arrays.fill(best, Long.MAX_VALUE);
    }

    int size() {
        return instructions.length;
    }

    /** Several threads may run at once, on memories of their own; their counts may miss each other. */
    void run(MemorySegment memory) {
        int run = ++runs;
        if ((run & (run - 1)) == 0) {
            timed(memory);
            return;
        }
        for (Instruction instruction : instructions) {
            instruction.run(memory);
        }
    }

    private void timed(MemorySegment memory) {
        long before = System.nanoTime();
        for (int i = 0; i < instructions.length; i++) {
            instructions[i].run(memory);
            long after = System.nanoTime();
            best[i] = Math.min(best[i], after - before);
            before = after;
        }
    }

    /** How long each record took in the fastest timed run; empty before the first. */
    long[] nanos() {
        return runs == 0 ? new long[0] : best.clone();
    }
}
