package dev.clew.internal.runtime;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * How much each call of a trial is for. Mostly nothing: C2 goes by how often a method is called and how often its loops turn, and until
 * it has compiled them vectors take a thousand times as long.
 */
public final class TrialCalls implements Consumer<MemorySegment> {
    /** C2 is asked after some 600 calls that the interpreter has counted, and drops a branch that was counted fewer than 40 times. */
    private static final int SOMETIMES = 8;

    private static final int OFTEN = 4;

    private final ObjIntConsumer<MemorySegment> work;
    private final int most;
    /** Of so many calls that are for something, one is for all and the others for one. */
    private final int every;

    private int calls;

    private TrialCalls(int most, int every, ObjIntConsumer<MemorySegment> work) {
        this.most = most;
        this.every = every;
        this.work = work;
    }

    /** Some work, for all where it is for anything. */
    public static TrialCalls of(int all, ObjIntConsumer<MemorySegment> work) {
        return new TrialCalls(all, 1, work);
    }

    /**
     * Work mostly for one row, since rows take long before they are compiled; sometimes for more, so that C2 knows that there may be.
     */
    public static TrialCalls ofRows(int all, ObjIntConsumer<MemorySegment> work) {
        return new TrialCalls(all, OFTEN, work);
    }

    @Override
    public void accept(MemorySegment memory) {
        work.accept(memory, next());
    }

    private int next() {
        int call = calls++;
        if (call % SOMETIMES != 0) {
            return 0;
        }
        return call / SOMETIMES % every == 0 ? most : 1;
    }
}
