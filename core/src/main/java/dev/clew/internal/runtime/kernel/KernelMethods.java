package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.internal.runtime.GeneratedClass;
import dev.clew.internal.runtime.kernel.KernelCode.Columns;
import dev.clew.internal.runtime.kernel.KernelCode.Way;
import dev.clew.internal.runtime.kernel.KernelParts.Copies;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A kernel as generated methods: one, or as many parts as it takes for each to have few enough nodes. Of a flat cluster in parts, the
 * elements that fill no vector are methods of their own, which take as many nodes again.
 */
final class KernelMethods {
    private static final int MOST_PARTS = 200;

    private final Parts parts;
    /** What those do not do: the elements of a flat cluster that fill no vector. */
    private final Parts rest;

    private final int lanes;

    private KernelMethods(Parts parts, Parts rest, int lanes) {
        this.parts = parts;
        this.rest = rest;
        this.lanes = lanes;
    }

    /** Methods to be run one after the other, and where they leave vectors to each other. */
    private record Parts(ImmutableList<KernelPart> methods, KernelRooms rooms) {
        private static final Parts NONE = new Parts(ImmutableList.of(), KernelRooms.of(ImmutableList.of(), false));

        void run(MemorySegment memory, long[] offsets, MemorySegment buffer, int from, int to) {
            for (int start = from; start < to; start += rooms.block()) {
                int end = Math.min(start + rooms.block(), to);
                for (int part = 0; part < methods.size(); part++) {
                    methods.get(part).run(memory, offsets, buffer, start, end);
                }
            }
        }
    }

    /** One method, if that is few enough nodes. */
    static Optional<KernelMethods> one(KernelProgram program, KernelSpecies species, boolean isFlat) {
        if (!KernelParts.isOne(program, copies(program, species, isFlat))) {
            return Optional.empty();
        }
        KernelRooms none = KernelRooms.of(ImmutableList.of(), isFlat);
        Way way = new Way(species, none, isFlat, Columns.ALL);
        return Optional.of(
                new KernelMethods(new Parts(written(List.of(program), way), none), Parts.NONE, species.lanes()));
    }

    /**
     * Parts of so many nodes at most, if that is enough for any vector. None if these are very many, which C2 would be long at, or if one
     * is too much for C2 and cannot be cut: long chains of masks.
     */
    static Optional<KernelMethods> several(KernelProgram program, KernelSpecies species, boolean isFlat, int most) {
        Optional<Parts> parts = isFlat
                ? parts(program, species, new Copies(1, 0), Columns.WHOLE, most)
                : parts(program, species, copies(program, species, false), Columns.ALL, most);
        Optional<Parts> rest =
                isFlat ? parts(program, species, new Copies(0, 1), Columns.REST, most) : Optional.of(Parts.NONE);
        return parts.flatMap(all -> rest.map(few -> new KernelMethods(all, few, species.lanes())));
    }

    private static Optional<Parts> parts(
            KernelProgram program, KernelSpecies species, Copies copies, Columns columns, int most) {
        List<KernelProgram> parts = KernelParts.of(program, copies, most);
        if (parts.size() > MOST_PARTS
                || parts.stream().anyMatch(part -> KernelParts.nodes(part, copies) > KernelCost.MOST_OF_ANY)) {
            return Optional.empty();
        }
        boolean isFlat = columns != Columns.ALL;
        KernelRooms rooms = KernelRooms.of(parts.getFirst().rooms(), isFlat);
        return Optional.of(new Parts(written(parts, new Way(species, rooms, isFlat, columns)), rooms));
    }

    /** Of a single row of columns. */
    private static Copies copies(KernelProgram program, KernelSpecies species, boolean isFlat) {
        int columns = program.cluster().columns();
        return new Copies(
                isFlat || columns >= species.lanes() ? 1 : 0, isFlat || columns % species.lanes() != 0 ? 1 : 0);
    }

    private static ImmutableList<KernelPart> written(List<KernelProgram> programs, Way way) {
        return programs.stream()
                .map(program -> GeneratedClass.instance(KernelPart.class, KernelCode.write(program, way)))
                .collect(ImmutableList.toImmutableList());
    }

    /** Computes rows or, of a flat cluster, elements. */
    void run(MemorySegment memory, long[] offsets, int from, int to) {
        if (parts.methods.size() == 1 && rest.methods.isEmpty()) {
            parts.methods.get(0).run(memory, offsets, memory, from, to);
            return;
        }
        KernelWorker worker = KernelWorker.take();
        try {
            MemorySegment buffer = worker.buffer(Math.max(parts.rooms.bytes(), rest.rooms.bytes()));
            int whole = rest.methods.isEmpty() ? to : to - (to - from) % lanes;
            parts.run(memory, offsets, buffer, from, whole);
            rest.run(memory, offsets, buffer, whole, to);
        } finally {
            worker.release();
        }
    }
}
