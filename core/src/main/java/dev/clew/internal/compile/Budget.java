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
        int likely = likely();
        long least = whole.bytes();
        boolean isBetter = true;
        for (int segments = likely; segments <= lifetimes.peak() && (isBetter || segments <= SEGMENTS); segments *= 2) {
            CompiledProgram code = code(segments, 1);
            if (code.bytes() <= bytes) {
                return keepingMore(segments, code);
            }
            isBetter = code.bytes() < least;
            least = Math.min(least, code.bytes());
        }
        for (int segments = likely / 2; segments >= 2; segments /= 2) {
            CompiledProgram code = code(segments, 1);
            if (code.bytes() <= bytes) {
                return keepingMore(segments, code);
            }
            least = Math.min(least, code.bytes());
        }
        throw new IllegalArgumentException("plan within " + bytes + " bytes: it takes " + whole.bytes()
                + " when everything is kept, and at least " + least
                + " when values are computed again; allow that, or make"
                + " sequences shorter or batches smaller");
    }

    /**
     * The fewest segments that may fit: of one segment everything is there at a time, with as much again for its gradients. Fewer are
     * tried only if no more fit.
     */
    private int likely() {
        int segments = 2;
        while (2 * lifetimes.kept() / segments > bytes && 2 * segments <= Math.min(SEGMENTS, lifetimes.peak())) {
            segments *= 2;
        }
        return segments;
    }

    /** More segments that stay, as many as the bytes allow: every one takes about as many bytes. */
    private CompiledProgram keepingMore(int segments, CompiledProgram fits) {
        CompiledProgram best = fits;
        int kept = 1;
        int tooMany = segments;
        while (tooMany - kept > 1) {
            long room = (bytes - best.bytes()) * segments / Math.max(1, lifetimes.kept());
            if (room == 0 && kept > 1) {
                return best; // The next would be too much.
            }
            int next = (int) Math.min(kept + room + (kept == 1 ? 1 : 0), tooMany - 1);
            CompiledProgram code = code(segments, next);
            if (code.bytes() <= bytes) {
                best = code;
                kept = next;
            } else {
                tooMany = next;
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
