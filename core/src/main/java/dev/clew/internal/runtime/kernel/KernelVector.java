package dev.clew.internal.runtime.kernel;

import com.google.common.primitives.ImmutableLongArray;
import dev.clew.internal.runtime.GeneratedClasses;
import dev.clew.internal.runtime.Trial;
import dev.clew.internal.runtime.kernel.KernelNode.NoVectorForm;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernels as generated classes, shared by equal clusters.
 *
 * <p>The code reads whole vectors, also at the end of a row. Where memory ends before such a vector does, the plain form runs.
 */
final class KernelVector implements Kernel {
    /** C2 has no masks of two lanes on x86. */
    static final int FEWEST = 4;

    /** How many elements a trial has, about, and how many rows at most. */
    private static final int SOME = 32;

    private static final int FEW_ROWS = 4;

    /** How many turns of a loop that does nothing a trial has: with 600 calls of so many, C2 is asked. */
    private static final int COUNTED = 26;

    private static final GeneratedClasses<Key, Optional<KernelMethods>> ONE = new GeneratedClasses<>();
    private static final GeneratedClasses<Key, Optional<KernelMethods>> SEVERAL = new GeneratedClasses<>();

    /** The bytes of a row, and of the columns in one, of every stream. */
    private final ImmutableLongArray rowBytes;

    private final ImmutableLongArray lengths;
    private final int rows;
    private final int columns;
    private final int inputs;
    private final KernelMethods generated;
    private final Kernel plain;
    private final ClusterForm form;

    private KernelVector(Cluster cluster, KernelMethods generated, ClusterForm form) {
        this.generated = generated;
        this.form = form;
        this.plain = Kernel.plain(cluster);
        this.rows = cluster.rows();
        this.columns = cluster.columns();
        this.inputs = cluster.inputs().size();
        ImmutableLongArray.Builder perRow = ImmutableLongArray.builder();
        ImmutableLongArray.Builder perColumns = ImmutableLongArray.builder();
        Stream.concat(cluster.inputs().stream(), cluster.outputs().stream().map(Cluster.Output::stream))
                .forEach(stream -> {
                    long bytes = stream.type().bytes();
                    perRow.add(stream.rowStride() * bytes);
                    perColumns.add(Math.max(stream.columnStride() * cluster.columns(), 1) * bytes);
                });
        this.rowBytes = perRow.build();
        this.lengths = perColumns.build();
    }

    private record Key(Cluster cluster, boolean isFlat, int bits) {}

    /** Whether there is a rest enters the code that C2 makes. */
    private record Use(KernelMethods generated, boolean isWhole) {}

    /** Where outputs lie upon inputs matters only for the order of parts, so most clusters need not be told apart by that. */
    static Optional<Kernel> of(Cluster cluster, int bits) {
        ClusterForm form = ClusterForm.of(cluster);
        Key key = new Key(form.cluster().placed(new long[0][]), form.isFlat(), bits);
        Optional<KernelMethods> generated = ONE.get(key, KernelVector::one)
                .or(() -> SEVERAL.get(new Key(form.cluster(), form.isFlat(), bits), KernelVector::several));
        return generated.map(kernel -> new KernelVector(cluster, kernel, form));
    }

    @Override
    public void run(MemorySegment memory, long[] offsets, int fromRow, int toRow) {
        if (!goesOn(memory, offsets, toRow)) {
            plain.run(memory, offsets, fromRow, toRow);
        } else if (form.isFlat()) {
            generated.run(memory, offsets, fromRow * form.perRow(), toRow * form.perRow());
        } else {
            generated.run(memory, offsets, fromRow, toRow);
        }
    }

    /** Whether a whole vector can be read at the end of every stream, of memory beside the heap. */
    private boolean goesOn(MemorySegment memory, long[] offsets, int toRow) {
        if (!memory.isNative()) {
            return false;
        }
        long last = memory.byteSize() - KernelSpecies.WIDEST;
        for (int i = 0; i < lengths.length(); i++) {
            if (offsets[i] + rowBytes.get(i) * Math.max(toRow - 1, 0) + lengths.get(i) > last) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Trial> trials() {
        int rows = form.isFlat() ? 1 : Math.clamp(SOME / Math.max(1, columns), 2, FEW_ROWS);
        int elements = Math.min(form.perRow() * this.rows, SOME + form.perRow() * this.rows % KernelSpecies.MOST_LANES);
        long room = 0;
        long[] offsets = new long[lengths.length() + COUNTED];
        for (int i = 0; i < lengths.length(); i++) {
            long row = Math.abs(rowBytes.get(i)) * (rows - 1);
            offsets[i] = rowBytes.get(i) < 0 ? row : 0;
            room = Math.max(room, row + (form.isFlat() ? (long) elements * Double.BYTES : lengths.get(i)));
        }
        room = Math.ceilDiv(room + KernelSpecies.WIDEST, KernelSpecies.WIDEST) * KernelSpecies.WIDEST;
        for (int output = inputs; output < lengths.length(); output++) {
            offsets[output] += room; // So the inputs stay zeros.
        }
        Kernel little = new KernelPlain(form.isFlat() ? new ClusterForm(form.cluster(), true, elements) : form);
        Use use = new Use(generated, elements % KernelSpecies.MOST_LANES == 0);
        if (form.isFlat()) {
            return List.of(new Trial(
                    use,
                    2 * room,
                    memory -> generated.run(memory, offsets, 0, elements),
                    memory -> little.run(memory, offsets, 0, 1)));
        }
        return List.of(ofRows(use, room, offsets, little, rows));
    }

    private Trial ofRows(Use use, long room, long[] offsets, Kernel little, int rows) {
        RowsOfCalls ofGenerated = new RowsOfCalls(rows);
        RowsOfCalls ofPlain = new RowsOfCalls(rows);
        return new Trial(
                use,
                2 * room,
                memory -> generated.run(memory, offsets, 0, ofGenerated.next()),
                memory -> little.run(memory, offsets, 0, ofPlain.next()));
    }

    /** Mostly one row, since rows take long before they are compiled; sometimes more, so that C2 knows that there may be. */
    private static final class RowsOfCalls {
        private static final int SOMETIMES = 4;

        private final int most;
        private int calls;

        RowsOfCalls(int most) {
            this.most = most;
        }

        int next() {
            return calls++ % SOMETIMES == 0 ? most : 1;
        }
    }

    private static Optional<KernelMethods> one(Key key) {
        return generated(key, KernelMethods::one);
    }

    private static Optional<KernelMethods> several(Key key) {
        return generated(
                key, (program, species, isFlat) -> KernelMethods.several(program, species, isFlat, KernelCost.MOST));
    }

    private interface Generator {
        Optional<KernelMethods> generate(KernelProgram program, KernelSpecies species, boolean isFlat);
    }

    private static Optional<KernelMethods> generated(Key key, Generator generator) {
        try {
            KernelProgram program = KernelProgram.of(key.cluster);
            KernelSpecies species = new KernelSpecies(key.bits / (program.isWide() ? Double.SIZE : Float.SIZE));
            return species.lanes() < FEWEST ? Optional.empty() : generator.generate(program, species, key.isFlat);
        } catch (NoVectorForm none) {
            return Optional.empty();
        }
    }
}
