package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import dev.clew.runtime.Instruction;
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
final class Tape {
    private final ImmutableList<ImmutableList<View>> leaves;
    private final ImmutableList<View> outputs;
    private final ImmutableList<Emitted.Literal> literals;
    private final Tiers tiers;
    /** What the first run is compared with, if that is asked for. */
    private final AtomicReference<@Nullable CompiledProgram> unverified;
    /** For every output the first that is the same. */
    private final int[] first;

    private final long bytes;
    private final long footprint;
    private final ConcurrentLinkedDeque<Room> idle = new ConcurrentLinkedDeque<>();

    private Tape(CompiledProgram code) {
        this.leaves = code.emitted().leaves();
        this.outputs = code.emitted().outputs();
        this.literals = code.emitted().literals();
        this.bytes = code.bytes();
        List<Instruction> records = Draft.made(code.drafts(), Draft.Form.PLAIN);
        this.tiers = new Tiers(code.drafts(), records);
        this.footprint = Footprint.of(code, records);
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

    static Tape of(CompiledProgram code) {
        return new Tape(code);
    }

    /** The size of a memory. */
    long bytes() {
        return bytes;
    }

    /** Runs on the leaves' numbers, in the order of their slots. */
    List<NDArray> run(List<NDArray> numbers) {
        return run(numbers, _ -> {});
    }

    /** The same; is told how large a further memory is before it is made. */
    List<NDArray> run(List<NDArray> numbers, LongConsumer grows) {
        Room room = idle.poll();
        if (room == null) {
            grows.accept(bytes);
            room = Room.of(bytes);
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
            for (View place : leaves.get(slot)) {
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
    long footprint() {
        return footprint;
    }

    Tiers tiers() {
        return tiers;
    }

    /** Writes the numbers that are part of the program. */
    void begin(MemorySegment memory) {
        literals.forEach(literal -> literal.store(memory));
    }

    /** Gives back what it holds; nobody runs it any more. */
    void close() {
        tiers.stop();
        for (Room room = idle.poll(); room != null; room = idle.poll()) {
            room.close();
        }
    }
}
