package dev.clew.internal.compile;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.remat.Lifetimes;
import dev.clew.internal.compile.remat.PartialSums;
import dev.clew.internal.compile.remat.Remat;
import java.util.BitSet;
import java.util.List;

/** The search for a plan within a number of bytes that computes as little as possible again. */
public final class Budget {
    /** Sums over less than this part of the bytes of the whole plan are made at once. */
    private static final int SMALL = 1024;

    /** So many are tried even if fewer were no gain. */
    private static final int SEGMENTS = 64;

    private final long bytes;
    /** As far as it does not depend on phases. */
    private final Compilation summed;

    private final PartialSums sums;
    private final Lifetimes lifetimes;

    private Budget(Program captured, List<StepRecords.Update> updates, BitSet staying, long bytes, long small) {
        this.bytes = bytes;
        this.summed = Pipeline.run(
                Pipeline.BEFORE_PHASES,
                Compilation.of(captured, Compiler.ALL, updates, staying).withinBytes());
        Program program = summed.program();
        this.sums = new PartialSums(program, small);
        this.lifetimes = new Lifetimes(program, sums);
    }

    /**
     * A program compiled within a number of bytes.
     *
     * @throws IllegalArgumentException if there is no way known to
     */
    public static CompiledProgram compile(
            Program captured, List<StepRecords.Update> updates, BitSet staying, long bytes) {
        CompiledProgram whole = Compiler.compile(captured, Compiler.ALL, updates, staying);
        return whole.bytes() <= bytes
                ? whole
                : Compiler.recorded(
                        captured,
                        updates,
                        () -> new Budget(captured, updates, staying, bytes, whole.bytes() / SMALL).search(whole));
    }

    private CompiledProgram search(CompiledProgram whole) {
        long least = whole.bytes();
        boolean isBetter = true;
        for (int segments = 2; segments <= lifetimes.peak() && (isBetter || segments <= SEGMENTS); segments *= 2) {
            CompiledProgram code = code(segments, 1);
            if (code.bytes() <= bytes) {
                return keepingMore(segments, code);
            }
            isBetter = code.bytes() < least;
            least = Math.min(least, code.bytes());
        }
        throw new IllegalArgumentException("plan within " + bytes + " bytes: it takes " + whole.bytes()
                + " when everything is kept, and at least " + least
                + " when values are computed again; allow that, or make"
                + " sequences shorter or batches smaller");
    }

    /** The most segments that may stay, by bisection. */
    private CompiledProgram keepingMore(int segments, CompiledProgram fits) {
        CompiledProgram best = fits;
        int low = 1;
        int high = segments;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            CompiledProgram code = code(segments, middle);
            if (code.bytes() <= bytes) {
                best = code;
                low = middle;
            } else {
                high = middle;
            }
        }
        return best;
    }

    private CompiledProgram code(int segments, int kept) {
        return Pipeline.run(
                        Pipeline.FROM_PHASES,
                        summed.inPhases(program -> Remat.of(program, lifetimes, sums, segments, kept)))
                .code();
    }

    /** For a number of segments, of which the last are kept, whatever it takes; sums over no more than some bytes stay whole. */
    static CompiledProgram inSegments(Program captured, int segments, int kept, long small) {
        return new Budget(captured, List.of(), new BitSet(), Long.MAX_VALUE, small).code(segments, kept);
    }
}
