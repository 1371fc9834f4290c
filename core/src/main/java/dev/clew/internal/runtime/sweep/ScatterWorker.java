package dev.clew.internal.runtime.sweep;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.clew.array.DType;
import dev.clew.internal.runtime.Spares;
import java.lang.foreign.MemorySegment;

/**
 * The rows of a {@link Scatter}, and blocks to add them in: a single element of a memory goes through a {@code VarHandle}, which
 * is slow until it is compiled. Workers are shared through a pool, so that a run allocates nothing.
 */
final class ScatterWorker implements Sweep.Row {
    private static final int WIDTH = 256;
    private static final Scatter NOTHING =
            new Scatter(DType.F32, new Choice("", "", 0, 0), Scatter.Blocks.NONE, Sweep.of(new int[] {0}));
    private static final Spares<ScatterWorker> POOL = new Spares<>(ScatterWorker::new);

    private final float[] floats = new float[WIDTH];
    private final float[] moreFloats = new float[WIDTH];
    private final double[] doubles = new double[WIDTH];
    private final double[] moreDoubles = new double[WIDTH];
    private final ScatterBlock block = new ScatterBlock();
    private Scatter scatter = NOTHING;
    /** Of the run, so far. */
    private long elements;

    private ScatterWorker() {}

    static ScatterWorker take() {
        return POOL.take();
    }

    void release() {
        scatter = NOTHING;
        POOL.release(this);
    }

    void run(Scatter what, MemorySegment memory) {
        scatter = what;
        elements = 0;
        block.clear();
        what.sweep().each(memory, this);
    }

    @Override
    public void row(MemorySegment memory, long index, long from, long to) {
        Sweep sweep = scatter.sweep();
        int count = sweep.count();
        long indexStep = sweep.first().step();
        long step = sweep.second().step();
        long toStep = sweep.third().step();
        int bytes = scatter.type().bytes();
        if (indexStep == 0 && step == bytes && toStep == bytes) {
            take(memory, from, to + scatter.choice().offset(memory, index), count);
            return;
        }
        for (int i = 0; i < count; i++) {
            long chosen = scatter.choice().offset(memory, index + i * indexStep);
            take(memory, from + i * step, to + i * toStep + chosen, 1);
        }
    }

    private void take(MemorySegment memory, long from, long to, int count) {
        int run = scatter.blocks().run();
        if (run == 0) {
            add(memory, from, to, count);
            return;
        }
        block.add(from, to);
        elements += count;
        if (scatter.blocks().endAfter(elements)) {
            for (int place = 0; place < block.places(); place++) {
                addAll(memory, block.first(place), count);
            }
            block.clear();
            elements = elements == (long) run * scatter.blocks().each() ? 0 : elements;
        }
    }

    private void add(MemorySegment memory, long from, long to, int count) {
        if (count == 1) {
            one(memory, from, to);
        } else {
            rows(memory, from, to, count);
        }
    }

    private void one(MemorySegment memory, long from, long to) {
        if (scatter.type() == DType.F32) {
            float sum = memory.get(JAVA_FLOAT_UNALIGNED, to) + memory.get(JAVA_FLOAT_UNALIGNED, from);
            memory.set(JAVA_FLOAT_UNALIGNED, to, sum);
        } else {
            double sum = memory.get(JAVA_DOUBLE_UNALIGNED, to) + memory.get(JAVA_DOUBLE_UNALIGNED, from);
            memory.set(JAVA_DOUBLE_UNALIGNED, to, sum);
        }
    }

    private void rows(MemorySegment memory, long from, long to, int count) {
        int bytes = scatter.type().bytes();
        for (int done = 0; done < count; done += WIDTH) {
            int width = Math.min(WIDTH, count - done);
            long at = (long) done * bytes;
            if (scatter.type() == DType.F32) {
                floats(memory, from + at, to + at, width);
            } else {
                doubles(memory, from + at, to + at, width);
            }
        }
    }

    /** What the rows of one place come to, added to what is there. */
    private void addAll(MemorySegment memory, int first, int count) {
        if (block.next(first) == ScatterBlock.NONE) {
            add(memory, block.from(first), block.to(first), count);
            return;
        }
        int bytes = scatter.type().bytes();
        for (int done = 0; done < count; done += WIDTH) {
            int width = Math.min(WIDTH, count - done);
            if (scatter.type() == DType.F32) {
                allFloats(memory, first, (long) done * bytes, width);
            } else {
                allDoubles(memory, first, (long) done * bytes, width);
            }
        }
    }

    private void allFloats(MemorySegment memory, int first, long at, int width) {
        float[] sums = floats;
        float[] terms = moreFloats;
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, block.from(first) + at, sums, 0, width);
        for (int row = block.next(first); row != ScatterBlock.NONE; row = block.next(row)) {
            MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, block.from(row) + at, terms, 0, width);
            add(terms, sums, width);
        }
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, block.to(first) + at, terms, 0, width);
        add(terms, sums, width);
        MemorySegment.copy(sums, 0, memory, JAVA_FLOAT_UNALIGNED, block.to(first) + at, width);
    }

    private void allDoubles(MemorySegment memory, int first, long at, int width) {
        double[] sums = doubles;
        double[] terms = moreDoubles;
        MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, block.from(first) + at, sums, 0, width);
        for (int row = block.next(first); row != ScatterBlock.NONE; row = block.next(row)) {
            MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, block.from(row) + at, terms, 0, width);
            add(terms, sums, width);
        }
        MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, block.to(first) + at, terms, 0, width);
        add(terms, sums, width);
        MemorySegment.copy(sums, 0, memory, JAVA_DOUBLE_UNALIGNED, block.to(first) + at, width);
    }

    private void floats(MemorySegment memory, long from, long to, int width) {
        float[] sums = floats;
        float[] terms = moreFloats;
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, to, sums, 0, width);
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, from, terms, 0, width);
        add(terms, sums, width);
        MemorySegment.copy(sums, 0, memory, JAVA_FLOAT_UNALIGNED, to, width);
    }

    private static void add(float[] terms, float[] sums, int width) {
        for (int i = 0; i < width; i++) {
            sums[i] += terms[i];
        }
    }

    private void doubles(MemorySegment memory, long from, long to, int width) {
        double[] sums = doubles;
        double[] terms = moreDoubles;
        MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, to, sums, 0, width);
        MemorySegment.copy(memory, JAVA_DOUBLE_UNALIGNED, from, terms, 0, width);
        add(terms, sums, width);
        MemorySegment.copy(sums, 0, memory, JAVA_DOUBLE_UNALIGNED, to, width);
    }

    private static void add(double[] terms, double[] sums, int width) {
        for (int i = 0; i < width; i++) {
            sums[i] += terms[i];
        }
    }
}
