package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.runtime.Instruction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What runs: records one after the other on a memory. The memory is made on the first run, serves one run at a time, and goes
 * with the tape when nobody holds it any more.
 */
final class Tape {
    private final ImmutableList<View> leaves;
    private final ImmutableList<View> outputs;
    private final ImmutableList<Emit.Literal> literals;
    private final Instruction[] instructions;
    private final long bytes;
    private final ConcurrentLinkedDeque<MemorySegment> idle = new ConcurrentLinkedDeque<>();

    private Tape(Compiler.Code code) {
        this.leaves = code.emitted().leaves();
        this.outputs = code.emitted().outputs();
        this.literals = code.emitted().literals();
        this.instructions = code.drafts().stream()
                .map(draft -> draft.maker().make(Draft.Form.PLAIN))
                .toArray(Instruction[]::new);
        this.bytes = code.bytes();
    }

    static Tape of(Compiler.Code code) {
        return new Tape(code);
    }

    /** The size of a memory. */
    long bytes() {
        return bytes;
    }

    /** Runs on the leaves' numbers, in the order of their slots. */
    List<NDArray> run(List<NDArray> numbers) {
        MemorySegment memory = idle.poll();
        if (memory == null) {
            memory = fresh();
        }
        for (int slot = 0; slot < numbers.size(); slot++) {
            Fallback.store(numbers.get(slot), memory, leaves.get(slot));
        }
        for (Instruction instruction : instructions) {
            instruction.run(memory);
        }
        List<NDArray> values = new ArrayList<>(outputs.size());
        for (View output : outputs) {
            values.add(Fallback.load(memory, output));
        }
        idle.push(memory);
        return values;
    }

    private MemorySegment fresh() {
        MemorySegment memory = Arena.ofAuto().allocate(bytes, 64);
        for (Emit.Literal literal : literals) {
            Fallback.store(literal.node().literal(), memory, literal.view());
        }
        return memory;
    }
}
