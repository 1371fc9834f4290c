package dev.clew.internal.compile.run;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.Compiler;
import dev.clew.internal.compile.Pass;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.runtime.Retained;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Tapes by structure: a program that is equal to one that is retained runs on its tape. */
final class TapeCache {
    private final Set<Pass> passes;
    private final Retained retained;
    private final RecompilationNotice notice;
    private final ConcurrentMap<Program, Known> known = new ConcurrentHashMap<>();

    TapeCache(Set<Pass> passes, Retained retained, RecompilationNotice notice) {
        this.passes = Set.copyOf(passes);
        this.retained = retained;
        this.notice = notice;
    }

    /** Runs a program on its leaves' numbers. */
    List<NDArray> run(Program program, List<NDArray> numbers) {
        Known plan = known.get(program);
        if (plan == null || !retained.use(plan)) {
            plan = compiled(program);
        }
        try {
            return plan.run(numbers);
        } finally {
            retained.release(plan);
        }
    }

    /** Whether there is a tape for a program. */
    boolean has(Program program) {
        return known.containsKey(program);
    }

    private Known compiled(Program program) {
        Known plan = retained.orWithout(() -> new Known(program, Tape.of(Compiler.compile(program, passes))));
        retained.add(plan, plan.tape.footprint());
        Known other = known.put(program, plan);
        if (other != null) {
            retained.forget(other);
        }
        notice.compiled(RecompilationNotice.print(this, program), program);
        return plan;
    }

    /** How many structures are known. */
    long size() {
        return known.size();
    }

    /** A plan that is retained. */
    private final class Known extends Retained.Item {
        private final Program program;
        private final Tape tape;

        Known(Program program, Tape tape) {
            this.program = program;
            this.tape = tape;
        }

        List<NDArray> run(List<NDArray> numbers) {
            return tape.run(numbers, bytes -> retained.grow(this, bytes));
        }

        @Override
        protected void drop(boolean makesRoom) {
            known.remove(program, this);
            tape.close();
            if (makesRoom) {
                notice.dropped(RecompilationNotice.print(TapeCache.this, program));
            }
        }
    }
}
