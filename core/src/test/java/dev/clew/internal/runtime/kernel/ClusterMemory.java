package dev.clew.internal.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.clew.array.DType;
import dev.clew.array.NDArray;
import dev.clew.array.Shape;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The streams of a cluster in one segment, with bytes between them that nobody may write. */
final class ClusterMemory {
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -3e-310,
        Float.MIN_VALUE,
        -1e-39,
        Float.MIN_NORMAL,
        Double.MIN_NORMAL,
        Float.MAX_VALUE,
        -Double.MAX_VALUE,
        88.5,
        -87.9,
        -103.9,
        709.5,
        -744.9,
        1e10,
        -1e-10,
        3,
        2.5
    };

    private final Cluster cluster;
    private final long[] offsets;
    private final byte[] start;

    private ClusterMemory(Cluster cluster, long[] offsets, byte[] start) {
        this.cluster = cluster;
        this.offsets = offsets;
        this.start = start;
    }

    /** The cluster, which knows what lies upon what here. */
    Cluster placed() {
        return cluster.placed(new long[][] {offsets});
    }

    /** Every input filled; where {@code inPlace}, an output lies on the first input with its stream. */
    static ClusterMemory of(Cluster cluster, boolean inPlace, long seed) {
        List<Stream> streams = streams(cluster);
        long[] offsets = new long[streams.size()];
        int inputs = cluster.inputs().size();
        boolean[] taken = new boolean[inputs];
        long size = 0;
        for (int i = 0; i < offsets.length; i++) {
            int upon = i < inputs ? -1 : cluster.inputs().indexOf(streams.get(i));
            if (inPlace && upon >= 0 && !taken[upon]) {
                taken[upon] = true;
                offsets[i] = offsets[upon];
            } else {
                offsets[i] = size + 16;
                size = size + 96 + extent(cluster, streams.get(i));
            }
        }
        ClusterMemory memory = new ClusterMemory(cluster, offsets, new byte[(int) size + 64]);
        memory.fill(new SplittableRandom(seed));
        return memory;
    }

    static List<Stream> streams(Cluster cluster) {
        List<Stream> streams = new ArrayList<>(cluster.inputs());
        cluster.outputs().forEach(output -> streams.add(output.stream()));
        return streams;
    }

    private static long extent(Cluster cluster, Stream stream) {
        return (long) stream.type().bytes()
                * ((long) Math.max(cluster.rows() - 1, 0) * stream.rowStride()
                        + (long) Math.max(cluster.columns() - 1, 0) * stream.columnStride()
                        + 1);
    }

    private void fill(SplittableRandom random) {
        random.nextBytes(start);
        MemorySegment memory = MemorySegment.ofArray(start);
        for (int i = 0; i < cluster.inputs().size(); i++) {
            Stream stream = cluster.inputs().get(i);
            long bytes = stream.type().bytes();
            for (long at = 0; at < extent(cluster, stream); at += bytes) {
                set(memory, stream.type(), offsets[i] + at, draw(random));
            }
        }
    }

    /** A special value now and then. */
    static double draw(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> random.nextInt(-3, 4);
            case 2 -> random.nextDouble(-100, 100);
            default -> random.nextDouble(-2, 2);
        };
    }

    static void set(MemorySegment memory, DType type, long offset, double value) {
        switch (type) {
            case F64 -> memory.set(JAVA_DOUBLE_UNALIGNED, offset, value);
            case F32 -> memory.set(JAVA_FLOAT_UNALIGNED, offset, (float) value);
            case I32 -> memory.set(JAVA_INT_UNALIGNED, offset, (int) (value * 7));
            case BOOL -> memory.set(JAVA_BYTE, offset, (byte) (value > 0 ? 1 : 0));
        }
    }

    static double get(MemorySegment memory, DType type, long offset) {
        return switch (type) {
            case F64 -> memory.get(JAVA_DOUBLE_UNALIGNED, offset);
            case F32 -> memory.get(JAVA_FLOAT_UNALIGNED, offset);
            case I32 -> memory.get(JAVA_INT_UNALIGNED, offset);
            case BOOL -> memory.get(JAVA_BYTE, offset);
        };
    }

    long[] offsets() {
        return offsets.clone();
    }

    /** The inputs as arrays of rows × columns. */
    List<NDArray> inputs() {
        MemorySegment memory = MemorySegment.ofArray(start);
        Shape shape = Shape.of(cluster.rows(), cluster.columns());
        List<NDArray> inputs = new ArrayList<>();
        for (int i = 0; i < cluster.inputs().size(); i++) {
            Stream stream = cluster.inputs().get(i);
            long offset = offsets[i];
            inputs.add(NDArray.build(stream.type(), shape, (block, from, count) -> {
                for (int j = 0; j < count; j++) {
                    block[j] = get(memory, stream.type(), offset + at(stream, from + j));
                }
            }));
        }
        return inputs;
    }

    private long at(Stream stream, int element) {
        int row = element / cluster.columns();
        int column = element % cluster.columns();
        return (row * (long) stream.rowStride() + column * (long) stream.columnStride())
                * stream.type().bytes();
    }

    /** What a kernel makes of the memory. */
    byte[] after(Kernel kernel, int fromRow, int toRow) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(start.length, 64);
            MemorySegment.copy(start, 0, memory, JAVA_BYTE, 0, start.length);
            kernel.run(memory, offsets.clone(), fromRow, toRow);
            return memory.toArray(JAVA_BYTE);
        }
    }

    /** Asserts that a kernel writes what the plain walk gives, and nothing else. */
    void assertRight(String name, Kernel kernel, int fromRow, int toRow) {
        byte[] found = after(kernel, fromRow, toRow);
        MemorySegment actual = MemorySegment.ofArray(found);
        byte[] rest = start.clone();
        List<NDArray> values = ClusterWalk.values(cluster, inputs());
        for (int o = 0; o < cluster.outputs().size(); o++) {
            Stream stream = cluster.outputs().get(o).stream();
            double[] expected = values.get(cluster.outputs().get(o).value()).toDoubles();
            long offset = offsets[cluster.inputs().size() + o];
            for (int e = fromRow * cluster.columns(); e < toRow * cluster.columns(); e++) {
                long place = offset + at(stream, e);
                // Boxed, so that NaN is NaN and 0 is not −0.
                Double element = get(actual, stream.type(), place);
                if (!element.equals(expected[e])) {
                    throw new AssertionError("%s: output %d at %d is %s, not %s, of %s, offsets %s"
                            .formatted(name, o, e, element, expected[e], cluster, Arrays.toString(offsets)));
                }
                System.arraycopy(
                        found, (int) place, rest, (int) place, stream.type().bytes());
            }
        }
        if (!Arrays.equals(found, rest)) {
            throw new AssertionError(
                    "%s: byte %d is not an output's, of %s".formatted(name, Arrays.mismatch(found, rest), cluster));
        }
    }
}
