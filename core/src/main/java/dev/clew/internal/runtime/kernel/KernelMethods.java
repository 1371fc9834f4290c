package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.kernel.KernelCode.Columns;
import dev.clew.internal.runtime.kernel.KernelCode.Way;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A kernel as generated methods: one, or as many parts as it takes for each to have few enough nodes. Of a flat cluster in parts, the
 * elements that fill no vector are methods of their own, which take as many nodes again.
 */
final class KernelMethods {
    private static final ImmutableList<KernelPart> NONE = ImmutableList.of();

    private final ImmutableList<KernelPart> parts;
    /** What parts do not do: the elements of a flat cluster that fill no vector. */
    private final ImmutableList<KernelPart> rest;

    private final KernelRooms rooms;
    private final int lanes;

    private KernelMethods(
            ImmutableList<KernelPart> parts, ImmutableList<KernelPart> rest, KernelRooms rooms, int lanes) {
        this.parts = parts;
        this.rest = rest;
        this.rooms = rooms;
        this.lanes = lanes;
    }

    /** One method, if that is few enough nodes. */
    static Optional<KernelMethods> one(KernelProgram program, KernelSpecies species, boolean isFlat) {
        if (!KernelParts.isOne(program, copies(program, species, isFlat))) {
            return Optional.empty();
        }
        KernelRooms none = KernelRooms.of(ImmutableList.of(), isFlat);
        return Optional.of(new KernelMethods(
                written(List.of(program), new Way(species, none, isFlat, Columns.ALL)), NONE, none, species.lanes()));
    }

    /** Parts. */
    static KernelMethods several(KernelProgram program, KernelSpecies species, boolean isFlat) {
        List<KernelProgram> parts = KernelParts.of(program, isFlat ? 1 : copies(program, species, false));
        KernelRooms rooms = KernelRooms.of(parts.getFirst().rooms(), isFlat);
        Columns columns = isFlat ? Columns.WHOLE : Columns.ALL;
        return new KernelMethods(
                written(parts, new Way(species, rooms, isFlat, columns)),
                isFlat ? written(parts, new Way(species, rooms, true, Columns.REST)) : NONE,
                rooms,
                species.lanes());
    }

    /** How often one method has what is done for every column: for whole vectors, and for the rest. */
    private static int copies(KernelProgram program, KernelSpecies species, boolean isFlat) {
        int columns = program.cluster().columns();
        return isFlat || (columns > species.lanes() && columns % species.lanes() != 0) ? 2 : 1;
    }

    private static ImmutableList<KernelPart> written(List<KernelProgram> programs, Way way) {
        return programs.stream()
                .map(program -> GeneratedClass.instance(KernelPart.class, KernelCode.write(program, way)))
                .collect(ImmutableList.toImmutableList());
    }

    /** How many methods it is. */
    int count() {
        return parts.size() + rest.size();
    }

    /** Computes rows or, of a flat cluster, elements. */
    void run(MemorySegment memory, long[] offsets, int from, int to) {
        if (count() == 1) {
            parts.get(0).run(memory, offsets, memory, from, to);
            return;
        }
        KernelWorker worker = KernelWorker.take();
        try {
            MemorySegment buffer = worker.buffer(rooms.bytes());
            int whole = rest.isEmpty() ? to : to - (to - from) % lanes;
            for (int start = from; start < whole; start += rooms.block()) {
                run(parts, memory, offsets, buffer, start, Math.min(start + rooms.block(), whole));
            }
            if (whole < to) {
                run(rest, memory, offsets, buffer, whole, to);
            }
        } finally {
            worker.release();
        }
    }

    private static void run(
            ImmutableList<KernelPart> parts, MemorySegment memory, long[] offsets, MemorySegment rooms, int from, int to) {
        for (int part = 0; part < parts.size(); part++) {
            parts.get(part).run(memory, offsets, rooms, from, to);
        }
    }
}
