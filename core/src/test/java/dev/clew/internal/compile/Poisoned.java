package dev.clew.internal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Runs a plan on a memory where everything is NaN that is not in use, record by record. */
final class Poisoned {
    /** Eight or four of these are NaN. */
    private static final byte NAN = (byte) 0xFF;

    private Poisoned() {}

    static List<NDArray> run(CompiledProgram code, List<NDArray> numbers, RecordDraft.Form form) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(code.bytes(), 64).fill(NAN);
            Emitted emitted = code.emitted();
            emitted.literals().forEach(literal -> literal.store(memory));
            for (int slot = 0; slot < numbers.size(); slot++) {
                for (MemoryView place : emitted.leaves().get(slot)) {
                    place.store(numbers.get(slot), memory);
                }
            }
            run(code, memory, form);
            return emitted.outputs().stream().map(output -> output.load(memory)).toList();
        }
    }

    /** Runs the records on a memory that holds the leaves. */
    static void run(CompiledProgram code, MemorySegment memory, RecordDraft.Form form) {
        List<List<MemoryBlock>> dying = dying(code);
        for (int record = 0; record < code.drafts().size(); record++) {
            code.drafts().get(record).maker().make(form).run(memory);
            dying.get(record)
                    .forEach(
                            block -> memory.asSlice(block.base(), block.bytes()).fill(NAN));
        }
    }

    /** The blocks by the record that uses them last. */
    private static List<List<MemoryBlock>> dying(CompiledProgram code) {
        List<List<MemoryBlock>> dying = new ArrayList<>();
        for (int record = 0; record <= code.drafts().size(); record++) {
            dying.add(new ArrayList<>());
        }
        code.emitted().blocks().forEach(block -> dying.get(block.last()).add(block));
        return dying;
    }

    /** No two blocks that are in use at the same time overlap, and all lie in the memory. */
    static void assertApart(CompiledProgram code) {
        List<MemoryBlock> blocks = code.emitted().blocks();
        for (int i = 0; i < blocks.size(); i++) {
            MemoryBlock a = blocks.get(i);
            assertThat(a.base()).isNotNegative();
            assertThat(a.base() % 64).isZero();
            assertThat(a.base() + a.bytes()).isLessThanOrEqualTo(code.bytes());
            for (int j = 0; j < i; j++) {
                MemoryBlock b = blocks.get(j);
                boolean together = a.first() <= b.last() && b.first() <= a.last();
                boolean overlap = a.base() < b.base() + b.bytes() && b.base() < a.base() + a.bytes();
                assertThat(together && overlap).as("blocks %d and %d", j, i).isFalse();
            }
        }
    }
}
