package dev.clew.internal.runtime.kernel;

import com.google.common.primitives.ImmutableLongArray;
import dev.clew.internal.runtime.GeneratedClass;
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

    private static final GeneratedClasses<Key, Optional<Kernel>> GENERATED = new GeneratedClasses<>();

    /** The bytes of a row, and of the columns in one, of every stream. */
    private final ImmutableLongArray rowBytes;

    private final ImmutableLongArray lengths;
    private final int rows;
    private final int columns;
    private final int inputs;
    private final Kernel generated;
    private final Kernel plain;
    private final ClusterForm form;

    private KernelVector(Cluster cluster, Kernel generated, ClusterForm form) {
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
    private record Use(Kernel generated, boolean isWhole) {}

    static Optional<Kernel> of(Cluster cluster, int bits) {
        ClusterForm form = ClusterForm.of(cluster);
        Key key = new Key(form.cluster(), form.isFlat(), bits);
        Optional<Kernel> generated = GENERATED.get(key, KernelVector::generated);
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

    /** Whether a whole vector can be read at the end of every stream. */
    private boolean goesOn(MemorySegment memory, long[] offsets, int toRow) {
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
        long[] offsets = new long[lengths.length()];
        for (int i = 0; i < offsets.length; i++) {
            long row = Math.abs(rowBytes.get(i)) * (rows - 1);
            offsets[i] = rowBytes.get(i) < 0 ? row : 0;
            room = Math.max(room, row + (form.isFlat() ? (long) elements * Double.BYTES : lengths.get(i)));
        }
        room = Math.ceilDiv(room + KernelSpecies.WIDEST, KernelSpecies.WIDEST) * KernelSpecies.WIDEST;
        for (int output = inputs; output < offsets.length; output++) {
            offsets[output] += room; // So the inputs stay zeros.
        }
        Kernel little = new KernelPlain(form.isFlat() ? new ClusterForm(form.cluster(), true, elements) : form);
        int end = form.isFlat() ? elements : rows;
        return List.of(new Trial(
                new Use(generated, elements % KernelSpecies.MOST_LANES == 0),
                2 * room,
                memory -> generated.run(memory, offsets, 0, end),
                memory -> little.run(memory, offsets, 0, rows)));
    }

    private static Optional<Kernel> generated(Key key) {
        try {
            KernelProgram program = new KernelProgram(key.cluster);
            KernelSpecies species = new KernelSpecies(key.bits / (program.isWide() ? Double.SIZE : Float.SIZE));
            if (species.lanes() < FEWEST) {
                return Optional.empty();
            }
            byte[] code = KernelCode.write(program, species, key.isFlat, false);
            if (!GeneratedClass.isCompiled(code)) {
                code = KernelCode.write(program, species, key.isFlat, true);
            }
            return GeneratedClass.isCompiled(code)
                    ? Optional.of(GeneratedClass.instance(Kernel.class, code))
                    : Optional.empty();
        } catch (NoVectorForm none) {
            return Optional.empty();
        }
    }
}
