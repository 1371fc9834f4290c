package dev.clew.internal.compile.run;

import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.runtime.Groups;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.SharedInstruction;
import dev.clew.internal.runtime.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The records of a tape, each in one form. Runs 1, 2, 4, 8, ... are timed record by record, so that a plan can always say where its time
 * goes, and reading the clock costs nothing in the long run.
 */
public final class RecordList {
    private final Instruction[] records;
    /** The same, with those together that threads do without waiting for each other. */
    private final Instruction[] shared;

    private final boolean isShared;
    /** The fastest of the timed runs, in nanoseconds, by record. */
    private final long[] best;

    private int runs;

    /**
     * The records as they were made.
     *
     * @param nanos how long each takes, about
     */
    public RecordList(List<Instruction> made, double[] nanos) {
        this(made, nanos, Workers.threads());
    }

    /** The same for at most so many threads. */
    public RecordList(List<Instruction> made, double[] nanos, int threads) {
        boolean areSome = threads > 1;
        this.records = (areSome ? Groups.apart(made, nanos, threads) : made).toArray(new Instruction[0]);
        this.shared = areSome ? Groups.of(made, nanos, threads).toArray(new Instruction[0]) : records;
        this.isShared = Arrays.stream(shared).anyMatch(record -> record instanceof SharedInstruction);
        this.best = new long[records.length];
        Arrays.fill(best, Long.MAX_VALUE);
    }

    /** All in one form. */
    public static RecordList of(List<RecordDraft> drafts, RecordDraft.Form form) {
        return of(drafts, form, Workers.threads());
    }

    /** The same for at most so many threads. */
    public static RecordList of(List<RecordDraft> drafts, RecordDraft.Form form, int threads) {
        return new RecordList(RecordDraft.made(drafts, form), nanos(drafts), threads);
    }

    public static double[] nanos(List<RecordDraft> drafts) {
        return drafts.stream().mapToDouble(RecordDraft::nanos).toArray();
    }

    /** Several threads may run at once, on memories of their own; their counts may miss each other. */
    public void run(MemorySegment memory) {
        if (!isShared) {
            next(memory);
            return;
        }
        Workers.enter();
        try {
            next(memory);
        } finally {
            Workers.leave();
        }
    }

    private void next(MemorySegment memory) {
        int run = ++runs;
        if ((run & (run - 1)) == 0) {
            timed(memory);
            return;
        }
        for (Instruction instruction : shared) {
            instruction.run(memory);
        }
    }

    private void timed(MemorySegment memory) {
        long before = System.nanoTime();
        for (int i = 0; i < records.length; i++) {
            records[i].run(memory);
            long after = System.nanoTime();
            best[i] = Math.min(best[i], after - before);
            before = after;
        }
    }

    /** How long each record took in the fastest timed run; empty until one has ended. */
    long[] nanos() {
        long[] now = best.clone();
        return Arrays.stream(now).anyMatch(nanos -> nanos == Long.MAX_VALUE) ? new long[0] : now;
    }
}
