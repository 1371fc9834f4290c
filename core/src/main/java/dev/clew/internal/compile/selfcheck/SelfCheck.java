package dev.clew.internal.compile.selfcheck;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.verify.Verify;
import dev.clew.internal.runtime.Machine;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a plan computes what its formulas mean: on with {@code -Dclew.verify=true}, see {@link dev.clew.plan.Plan}. Two comparisons meet at the
 * program that the passes make of the formulas.
 *
 * <p>{@link Replay} runs the plan's records in a memory of their own, and compares every value that they leave in it with what the
 * walk makes of the plan's own values before it, to the bit; also those that no output needs, and the new values of parameters
 * where they are put. It does so in both forms that a plan runs in. So every mistake in scheduling, placing, and running is found
 * where it is made.
 *
 * <p>{@link FormulaWalk} compares the values of that program with the formulas as they were written, before any pass. So every mistake in
 * a rewrite is found, if it is larger than what sums in another order may be off by.
 *
 * <p>What it does not see: which records threads run side by side (that gives the same bits, if each record touches what it
 * says), and later runs of the same plan.
 */
public final class SelfCheck {
    public static final boolean IS_ON = Verify.IS_ASKED_FOR;

    private static final AtomicInteger COMPARED = new AtomicInteger();

    private SelfCheck() {}

    /**
     * Compares a plan on some numbers with its meaning.
     *
     * @param numbers those of the leaves, in the order of their slots
     * @throws IllegalStateException if they differ: where, both values, and the smallest program that shows it
     */
    public static void of(CompiledProgram code, List<NDArray> numbers) {
        Replay.Values plan = Replay.values(code, numbers, RecordDraft.Form.PLAIN);
        if (Machine.VECTOR_BITS > 0) {
            Replay.values(code, numbers, RecordDraft.Form.VECTOR);
        }
        FormulaWalk.compare(code.captured(), numbers, plan);
        COMPARED.incrementAndGet();
    }

    /** How many plans were found to be right. */
    public static int compared() {
        return COMPARED.get();
    }
}
