package dev.clew.internal.compile.run;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.selfcheck.SelfCheck;
import dev.clew.internal.runtime.Instruction;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What runs: records one after the other on a memory. A memory is made on the first run and serves one run at a time; it is closed
 * with the tape.
 */
public final class Tape {
    private final ImmutableList<ImmutableList<MemoryView>> leaves;
    private final ImmutableList<MemoryView> outputs;
    private final ImmutableList<Emitted.Literal> literals;
    private final Tiers tiers;
    /** What the first run is compared with, if that is asked for. */
    private final AtomicReference<@Nullable CompiledProgram> unverified;
    /** For every output the first that is the same. */
    private final int[] first;

    private final long bytes;
    private final long footprint;
    private final ConcurrentLinkedDeque<NativeMemory> idle = new ConcurrentLinkedDeque<>();

    private Tape(CompiledProgram code) {
        this.leaves = code.emitted().leaves();
        this.outputs = code.emitted().outputs();
        this.literals = code.emitted().literals();
        this.bytes = code.bytes();
        List<Instruction> records = RecordDraft.made(code.drafts(), RecordDraft.Form.PLAIN);
        this.tiers = new Tiers(code.drafts(), records);
        this.footprint = HeapFootprint.of(code, records);
        this.unverified = new AtomicReference<>(SelfCheck.IS_ON ? code : null);
        this.first = firsts(code.program().outputs());
    }

    private static int[] firsts(int[] nodes) {
        Int2IntOpenHashMap known = new Int2IntOpenHashMap();
        int[] firsts = new int[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            known.putIfAbsent(nodes[i], i);
            firsts[i] = known.get(nodes[i]);
        }
        return firsts;
    }

    public static Tape of(CompiledProgram code) {
        return new Tape(code);
    }

    /** The size of a memory. */
    long bytes() {
        return bytes;
    }

    /** Runs on the leaves' numbers, in the order of their slots. */
    public List<NDArray> run(List<NDArray> numbers) {
        return run(numbers, _ -> {});
    }

    /** The same; is told how large a further memory is before it is made. */
    List<NDArray> run(List<NDArray> numbers, LongConsumer grows) {
        NativeMemory room = idle.poll();
        if (room == null) {
            grows.accept(bytes);
            room = NativeMemory.of(bytes);
            begin(room.memory());
        }
        try {
            return run(numbers, room.memory());
        } finally {
            idle.push(room);
        }
    }

    private List<NDArray> run(List<NDArray> numbers, MemorySegment memory) {
        verify(() -> numbers);
        for (int slot = 0; slot < numbers.size(); slot++) {
            for (MemoryView place : leaves.get(slot)) {
                place.store(numbers.get(slot), memory);
            }
        }
        tiers.run(memory);
        List<NDArray> values = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            int same = first[i];
            values.add(same < i ? values.get(same) : outputs.get(i).load(memory));
        }
        return values;
    }

    /** Compares the first run with the meaning of the formulas, where that is asked for. */
    void verify(Supplier<List<NDArray>> numbers) {
        CompiledProgram code = SelfCheck.IS_ON ? unverified.getAndSet(null) : null;
        if (code != null) {
            SelfCheck.of(code, numbers.get());
        }
    }

    /** What it takes of the heap, with the program that it was compiled from, about. */
    public long footprint() {
        return footprint;
    }

    public Tiers tiers() {
        return tiers;
    }

    /** Writes the numbers that are part of the program. */
    void begin(MemorySegment memory) {
        literals.forEach(literal -> literal.store(memory));
    }

    /** Gives back what it holds; nobody runs it any more. */
    void close() {
        tiers.stop();
        for (NativeMemory room = idle.poll(); room != null; room = idle.poll()) {
            room.close();
        }
    }
}
