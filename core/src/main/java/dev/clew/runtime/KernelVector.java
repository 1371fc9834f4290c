package dev.clew.runtime;

import com.google.common.primitives.ImmutableLongArray;
import dev.clew.runtime.KernelNode.NoVectorForm;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernels as generated classes, by what they were generated for, so that equal clusters share one that is compiled already. The
 * least recently asked for are forgotten; their classes live on in those that have them.
 *
 * <p>The code reads whole vectors, also at the end of a row. Where memory ends before such a vector does, the plain form runs.
 */
final class KernelVector implements Kernel {
    private static final int MOST = 512;
    /** C2 has no masks of two lanes on x86. */
    static final int FEWEST = 4;

    private static final Map<Key, Optional<Kernel>> GENERATED = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<Kernel>> eldest) {
            return size() > MOST;
        }
    };

    /** The bytes of a row, and of the columns in one, of every stream. */
    private final ImmutableLongArray rowBytes;

    private final ImmutableLongArray lengths;
    private final Kernel generated;
    private final Kernel plain;
    private final ClusterForm form;

    private KernelVector(Cluster cluster, Kernel generated, ClusterForm form) {
        this.generated = generated;
        this.form = form;
        this.plain = Kernel.plain(cluster);
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

    static Optional<Kernel> of(Cluster cluster, int bits) {
        ClusterForm form = ClusterForm.of(cluster);
        Key key = new Key(form.cluster(), form.isFlat(), bits);
        Optional<Kernel> generated;
        synchronized (GENERATED) {
            generated = GENERATED.computeIfAbsent(key, KernelVector::generated);
        }
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

    private static Optional<Kernel> generated(Key key) {
        try {
            KernelProgram program = new KernelProgram(key.cluster);
            KernelSpecies species = new KernelSpecies(key.bits / (program.isWide() ? Double.SIZE : Float.SIZE));
            if (species.lanes() < FEWEST) {
                return Optional.empty();
            }
            byte[] code = KernelCode.write(program, species, key.isFlat, false);
            if (!KernelClass.isCompiled(code)) {
                code = KernelCode.write(program, species, key.isFlat, true);
            }
            return KernelClass.isCompiled(code)
                    ? Optional.of(KernelClass.instance(Kernel.class, code))
                    : Optional.empty();
        } catch (NoVectorForm none) {
            return Optional.empty();
        }
    }
}
