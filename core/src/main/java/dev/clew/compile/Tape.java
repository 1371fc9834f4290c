package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.NDArray;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
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
    private final ImmutableList<ImmutableList<View>> leaves;
    private final ImmutableList<View> outputs;
    private final ImmutableList<Emit.Literal> literals;
    private final Tiers tiers;
    /** For every output the first that is the same. */
    private final int[] first;

    private final long bytes;
    private final ConcurrentLinkedDeque<MemorySegment> idle = new ConcurrentLinkedDeque<>();

    private Tape(Compiler.Code code) {
        this.leaves = code.emitted().leaves();
        this.outputs = code.emitted().outputs();
        this.literals = code.emitted().literals();
        this.bytes = code.bytes();
        this.tiers = new Tiers(code);
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
            for (View place : leaves.get(slot)) {
                Fallback.store(numbers.get(slot), memory, place);
            }
        }
        tiers.run(memory);
        List<NDArray> values = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            int same = first[i];
            values.add(same < i ? values.get(same) : Fallback.load(memory, outputs.get(i)));
        }
        idle.push(memory);
        return values;
    }

    Tiers tiers() {
        return tiers;
    }

    /** A memory to run on, with the numbers that are part of the program. */
    MemorySegment fresh() {
        MemorySegment memory = Arena.ofAuto().allocate(bytes, 64);
        literals.forEach(literal -> literal.store(memory));
        return memory;
    }
}
