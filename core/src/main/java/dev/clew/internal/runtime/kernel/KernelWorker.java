package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.DType;
import dev.clew.array.IntTuple;
import dev.clew.internal.array.BlockSum;
import dev.clew.internal.formula.Formula;
import dev.clew.internal.runtime.Spares;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import dev.clew.internal.runtime.kernel.Cluster.Stream;
import dev.clew.internal.runtime.kernel.ClusterPasses.Parked;
import dev.clew.internal.runtime.kernel.ClusterPasses.Pass;
import dev.clew.internal.runtime.kernel.KernelColumns.ColumnSum;
import it.unimi.dsi.fastutil.objects.Reference2ObjectOpenHashMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;

/**
 * Blocks of memory and the loop that a plain kernel runs in them.
 *
 * <p>Short rows are taken several at a time, as many as fit a block; a long one block after block, once for every pass. Workers
 * are shared between all kernels through one pool, so that a run allocates nothing and hundreds of kernels need the memory of
 * one. A pool and not a {@link ThreadLocal}: it never holds more workers than there were kernels running at once, and what dies with
 * a thread is not lost.
 */
final class KernelWorker {
    private static final int WIDTH = BlockSum.BLOCK;
    private static final int PARTIALS = BlockSum.PARTIALS;
    private static final Cluster NO_CLUSTER =
            new Cluster(0, 0, ImmutableList.of(), ImmutableList.of(), ImmutableList.of());
    private static final ClusterPasses NO_PASSES = new ClusterPasses(NO_CLUSTER);
    private static final long[] NO_OFFSETS = {};
    private static final Spares<KernelWorker> POOL = new Spares<>(KernelWorker::new);

    private final KernelBlocks typed = new KernelBlocks(WIDTH);
    private final KernelBlocks.Place place = new KernelBlocks.Place();
    /** By precision, the registers of every formula ever run. */
    private final EnumMap<DType, Reference2ObjectOpenHashMap<Formula, double[][]>> registers =
            new EnumMap<>(DType.class);

    /** By value, its elements in the rows and columns that are being computed. */
    private double[][] columnBlocks = new double[0][];
    /** By row value, its elements in the rows that are being computed. */
    private double[][] rowBlocks = new double[0][];
    /** By reduction, what it has of the row so far. */
    private double[][] partials = new double[0][];
    /** By reduction, the blocks before, if it is a sum. */
    private BlockSum[] sums = new BlockSum[0];

    private MemorySegment buffer = MemorySegment.NULL;

    private Cluster cluster = NO_CLUSTER;
    private ClusterPasses passes = NO_PASSES;
    private MemorySegment memory = MemorySegment.NULL;
    private long[] offsets = NO_OFFSETS;
    private int columns;
    private int firstColumn;

    // What is being computed: the number of the pass, the first row and how many, the first column and how many.
    private int number;
    private int row;
    private int rows;
    private int column;
    private int width;

    private KernelWorker() {
        for (DType precision : DType.values()) {
            registers.put(precision, new Reference2ObjectOpenHashMap<>());
        }
    }

    static KernelWorker take() {
        return POOL.take();
    }

    void release() {
        cluster = NO_CLUSTER;
        passes = NO_PASSES;
        memory = MemorySegment.NULL;
        offsets = NO_OFFSETS;
        POOL.release(this);
    }

    /** Says what to run, on the columns from {@code first} on. */
    void begin(Cluster of, ClusterPasses with, MemorySegment in, long[] at, int first, int count) {
        cluster = of;
        passes = with;
        memory = in;
        offsets = at;
        firstColumn = first;
        columns = count;
        columnBlocks = grown(columnBlocks, of.values(), WIDTH);
        rowBlocks = grown(rowBlocks, of.values(), WIDTH);
        partials = grown(partials, of.values(), PARTIALS);
        sums = grown(sums, of.values());
    }

    private static BlockSum[] grown(BlockSum[] sums, int count) {
        if (count <= sums.length) {
            return sums;
        }
        BlockSum[] grown = Arrays.copyOf(sums, count);
        for (int i = sums.length; i < grown.length; i++) {
            grown[i] = new BlockSum();
        }
        return grown;
    }

    private static double[][] grown(double[][] blocks, int count, int length) {
        if (count <= blocks.length) {
            return blocks;
        }
        double[][] grown = Arrays.copyOf(blocks, count);
        for (int i = blocks.length; i < grown.length; i++) {
            grown[i] = new double[length];
        }
        return grown;
    }

    void rows(int from, int to) {
        int together = columns > WIDTH ? 1 : WIDTH / Math.max(columns, 1);
        for (row = from; row < to; row += together) {
            rows = Math.min(together, to - row);
            for (number = 0; number < passes.passes().size(); number++) {
                run(passes.passes().get(number));
            }
        }
    }

    private void run(Pass pass) {
        IntTuple rowValues = pass.rowValues();
        for (int i = 0; i < rowValues.length(); i++) {
            rowValue(rowValues.get(i));
        }
        column = 0;
        // Once for an empty row too, whose sum is 0.
        do {
            width = Math.min(WIDTH, columns - column);
            columns(pass);
            column += WIDTH;
        } while (column < columns);
        write(pass, false);
    }

    private void columns(Pass pass) {
        // What an earlier pass has computed is still there, if it was for the whole row.
        IntTuple values = columns > WIDTH ? pass.columnValues() : pass.freshValues();
        for (int i = 0; i < values.length(); i++) {
            columnValue(values.get(i));
        }
        for (int i = 0; i < pass.reductions().length(); i++) {
            reduce(pass.reductions().get(i));
        }
        for (int i = 0; columns > WIDTH && i < pass.parked().size(); i++) {
            Parked parked = pass.parked().get(i);
            store(parked.output(), parked.value());
        }
        write(pass, true);
    }

    // ------------------------------------------------------------------------------------------------------- values

    private void rowValue(int value) {
        double[] block = rowBlocks[value];
        if (cluster.isInput(value)) {
            Stream stream = cluster.inputs().get(value);
            locate(stream, value, 0);
            typed.load(memory, stream.type(), place, rows, 1, block);
        } else {
            compute(cluster.step(value), rowBlocks, block, rows);
        }
        spread(value);
    }

    /** Repeats a row value along its rows, if it is used so. */
    private void spread(int value) {
        int length = Math.min(columns, WIDTH);
        for (int i = 0; passes.isSpread(value) && i < rows; i++) {
            Arrays.fill(columnBlocks[value], i * length, (i + 1) * length, rowBlocks[value][i]);
        }
    }

    private void columnValue(int value) {
        double[] block = columnBlocks[value];
        int parkedIn = columns > WIDTH ? passes.parkedIn(number, value) : -1;
        if (parkedIn >= 0) {
            load(cluster.outputs().get(parkedIn).stream(), cluster.inputs().size() + parkedIn, block);
        } else if (cluster.isInput(value)) {
            load(cluster.inputs().get(value), value, block);
        } else {
            compute(cluster.step(value), columnBlocks, block, rows * width);
        }
    }

    private void compute(Step step, double[][] values, double[] y, int count) {
        switch (step) {
            case Step.Apply apply -> apply(apply, values, y, count);
            case Step.Add add -> add(add, values, y, count);
            case Step.Cast cast -> KernelBlocks.round(cast.to(), values[cast.operand()], y, count);
            case Step.Constant constant -> {
                Arrays.fill(y, 0, count, constant.value());
                KernelBlocks.round(constant.type(), y, y, count);
            }
            case Step.Sum sum -> throw new IllegalStateException(sum + " is not computed element by element");
            case Step.Max max -> throw new IllegalStateException(max + " is not computed element by element");
        }
    }

    private void apply(Step.Apply apply, double[][] values, double[] y, int count) {
        double[][] own = registers(apply);
        IntTuple operands = apply.operands();
        for (int i = 0; i < operands.length(); i++) {
            own[i] = values[operands.get(i)];
        }
        KernelBlocks.round(apply.result(), apply.formula().run(apply.precision(), own, count), y, count);
    }

    private double[][] registers(Step.Apply apply) {
        Reference2ObjectOpenHashMap<Formula, double[][]> known =
                Objects.requireNonNull(registers.get(apply.precision()));
        double[][] own = known.get(apply.formula());
        if (own == null) {
            own = apply.formula().registers(apply.precision(), WIDTH);
            known.put(apply.formula(), own);
        }
        return own;
    }

    private static void add(Step.Add add, double[][] values, double[] y, int count) {
        IntTuple operands = add.operands();
        System.arraycopy(values[operands.get(0)], 0, y, 0, count);
        for (int term = 1; term < operands.length(); term++) {
            addTo(y, values[operands.get(term)], add.type(), count);
        }
    }

    // --------------------------------------------------------------------------------------------------- reductions

    private void reduce(int value) {
        Step step = cluster.step(value);
        boolean isLast = column + width >= columns;
        double[] x = columnBlocks[step instanceof Step.Sum sum ? sum.operand() : ((Step.Max) step).operand()];
        double[] partial = partials[value];
        for (int i = 0; i < rows; i++) {
            if (column == 0) {
                Arrays.fill(partial, step instanceof Step.Sum ? 0 : Double.NEGATIVE_INFINITY);
                sums[value].clear();
            }
            if (step instanceof Step.Sum sum) {
                boolean single = sum.type() == DType.F32;
                sum(x, i * width, partial, single);
                sums[value].add(partial, single);
                rowBlocks[value][i] = isLast ? sums[value].total(single) : 0;
            } else {
                max(x, i * width, partial);
                rowBlocks[value][i] = partial[0];
            }
        }
        if (isLast) {
            spread(value);
        }
    }

    private void max(double[] x, int at, double[] partial) {
        double largest = partial[0];
        for (int i = 0; i < width; i++) {
            largest = Math.max(largest, x[at + i]);
        }
        partial[0] = largest;
    }

    /** A block of the sum, all of it: so an element's place in it tells its partial sum. */
    private void sum(double[] x, int at, double[] partial, boolean single) {
        for (int i = 0; i < width; i++) {
            double sum = partial[i % PARTIALS] + x[at + i];
            partial[i % PARTIALS] = single ? (float) sum : sum;
        }
    }

    /** Memory for generated code, of so many bytes at least. */
    MemorySegment buffer(long bytes) {
        if (buffer.byteSize() < bytes) {
            buffer = Arena.ofAuto().allocate(bytes, KernelSpecies.WIDEST);
        }
        return buffer;
    }

    /** The sums of columns: sixteen blocks of partial sums, and one of a row. */
    void columnSum(ColumnSum sum, MemorySegment in, long x, long y, int fromColumn, int toColumn) {
        columnBlocks = grown(columnBlocks, PARTIALS + 1, WIDTH);
        long bytes = sum.type().bytes();
        place.rowBytes = 0;
        for (int from = fromColumn; from < toColumn; from += WIDTH) {
            int count = Math.min(WIDTH, toColumn - from);
            for (int i = 0; i < PARTIALS; i++) {
                Arrays.fill(columnBlocks[i], 0, count, 0);
            }
            for (int i = 0; i < sum.rows(); i++) {
                place.offset = x + (i * (long) sum.rowStride() + from) * bytes;
                typed.load(in, sum.type(), place, 1, count, columnBlocks[PARTIALS]);
                addTo(columnBlocks[i % PARTIALS], columnBlocks[PARTIALS], sum.type(), count);
            }
            for (int half = PARTIALS / 2; half > 0; half /= 2) {
                for (int i = 0; i < half; i++) {
                    addTo(columnBlocks[i], columnBlocks[i + half], sum.type(), count);
                }
            }
            place.offset = y + from * bytes;
            typed.store(in, sum.type(), place, 1, count, columnBlocks[0]);
        }
    }

    private static void addTo(double[] sum, double[] x, DType type, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] += x[i];
        }
        KernelBlocks.round(type, sum, sum, count);
    }

    // ------------------------------------------------------------------------------------------------------- memory

    /** Writes the outputs of a pass that have an element for every column, or those that have one a row. */
    private void write(Pass pass, boolean isColumn) {
        for (int i = 0; i < pass.outputs().length(); i++) {
            int to = pass.outputs().get(i);
            Output output = cluster.outputs().get(to);
            if ((output.stream().columnStride() != 0) == isColumn) {
                store(to, output.value());
            }
        }
    }

    private void store(int output, int value) {
        Stream stream = cluster.outputs().get(output).stream();
        boolean isColumn = stream.columnStride() != 0;
        locate(stream, cluster.inputs().size() + output, isColumn ? firstColumn + column : 0);
        typed.store(
                memory,
                stream.type(),
                place,
                rows,
                isColumn ? width : 1,
                isColumn ? columnBlocks[value] : rowBlocks[value]);
    }

    private void load(Stream stream, int from, double[] block) {
        locate(stream, from, firstColumn + column);
        typed.load(memory, stream.type(), place, rows, width, block);
    }

    private void locate(Stream stream, int which, int at) {
        long bytes = stream.type().bytes();
        place.rowBytes = stream.rowStride() * bytes;
        place.offset = offsets[which] + row * place.rowBytes + at * bytes;
    }
}
