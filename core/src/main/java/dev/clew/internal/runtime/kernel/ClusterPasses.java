package dev.clew.internal.runtime.kernel;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.internal.runtime.kernel.Cluster.Output;
import dev.clew.internal.runtime.kernel.Cluster.Step;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often a row is passed over, and what happens in each pass.
 *
 * <p>What a sum is needed for can only begin when the sum is complete, so the <em>stage</em> of a value is the number of reductions
 * on the longest way to it, and pass p computes what has stage p. Values that are the same for every column, <em>row values</em>,
 * are computed once a row, before the columns. A column value of an earlier stage is computed again from the inputs, unless it
 * lies in the row of an output: because it is that output, or because it is dear (the exponentials of a softmax) and was parked in
 * the row of an output of its type that is written later.
 */
final class ClusterPasses {
    /** A value that takes fewer steps is computed again rather than parked. */
    private static final int DEAR = 10;

    private final Cluster cluster;
    private final boolean[] isLive;
    private final boolean[] isRowValue;
    private final boolean[] isSpread;
    private final int[] stage;
    private final List<Parked> parked = new ArrayList<>();
    private final ImmutableList<Pass> passes;

    /**
     * One pass over a row.
     *
     * @param rowValues what is computed before the columns
     * @param columnValues what is computed, or read from where it is parked, for every column
     * @param freshValues those column values that no earlier pass has
     * @param reductions what is complete at the end
     * @param outputs the numbers of the outputs that are written
     * @param parked what is written to the rows of later outputs
     */
    record Pass(
            IntTuple rowValues,
            IntTuple columnValues,
            IntTuple freshValues,
            IntTuple reductions,
            IntTuple outputs,
            ImmutableList<Parked> parked) {
        boolean hasColumns(Cluster cluster) {
            return !columnValues.isEmpty()
                    || !reductions.isEmpty()
                    || outputs.stream()
                            .anyMatch(o -> cluster.outputs().get(o).stream().columnStride() != 0);
        }
    }

    /** A value in the row of an output: written in pass {@code from}, there to be read in the passes after it until {@code until}. */
    record Parked(int value, int output, int from, int until) {}

    ClusterPasses(Cluster cluster) {
        this.cluster = cluster;
        int values = cluster.values();
        isLive = new boolean[values];
        isRowValue = new boolean[values];
        isSpread = new boolean[values];
        stage = new int[values];
        for (int value = 0; value < values; value++) {
            classify(value);
        }
        markLive();
        int last = 0;
        for (Output output : cluster.outputs()) {
            last = Math.max(last, stage[output.value()]);
        }
        park(last + 1);
        passes = passes(last + 1);
    }

    ImmutableList<Pass> passes() {
        return passes;
    }

    /** Whether a value is the same for every column. */
    boolean isRowValue(int value) {
        return isRowValue[value];
    }

    /** Whether a row value is used as a column of equal numbers. */
    boolean isSpread(int value) {
        return isSpread[value];
    }

    /** The output in whose row a value lies in a pass, or −1. */
    int parkedIn(int pass, int value) {
        for (int i = 0; i < parked.size(); i++) {
            Parked one = parked.get(i);
            if (one.value == value && one.from < pass && pass <= one.until) {
                return one.output;
            }
        }
        return -1;
    }

    private void classify(int value) {
        if (cluster.isInput(value)) {
            isRowValue[value] = cluster.inputs().get(value).columnStride() == 0;
            return;
        }
        Step step = cluster.step(value);
        isRowValue[value] = true;
        for (int operand : step.operands().toArray()) {
            isRowValue[value] &= isRowValue[operand];
            stage[value] = Math.max(stage[value], stage[operand]);
        }
        if (step.isReduction()) {
            isRowValue[value] = true;
            stage[value]++;
        }
    }

    private void markLive() {
        for (Output output : cluster.outputs()) {
            isLive[output.value()] = true;
            if (!isColumn(output) && !isRowValue[output.value()]) {
                throw new IllegalArgumentException("cluster: an output with one element a row, of value "
                        + output.value() + ", which has one for every column");
            }
        }
        for (int value = cluster.values() - 1; value >= cluster.inputs().size(); value--) {
            for (int operand : cluster.step(value).operands().toArray()) {
                isLive[operand] |= isLive[value];
            }
        }
    }

    private static boolean isColumn(Output output) {
        return output.stream().columnStride() != 0;
    }

    // ------------------------------------------------------------------------------------------------------ parking

    private void park(int count) {
        for (int i = 0; i < cluster.outputs().size(); i++) {
            int value = cluster.outputs().get(i).value();
            if (isParkable(i, value)) {
                parked.add(new Parked(value, i, stage[value], count));
            }
        }
        for (int i = 0; i < cluster.outputs().size(); i++) {
            int until = stage[cluster.outputs().get(i).value()];
            int dearest = isColumn(cluster.outputs().get(i)) ? dearest(i, until) : -1;
            if (dearest >= 0) {
                parked.add(new Parked(dearest, i, firstPass(dearest, until), until));
            }
        }
    }

    private boolean isParkable(int output, int value) {
        return isColumn(cluster.outputs().get(output))
                && !cluster.isInput(value)
                && !isRowValue[value]
                && cluster.outputs().get(output).stream().type() == cluster.type(value);
    }

    /** The value that costs most to compute again in the passes before an output is written, or −1. */
    private int dearest(int output, int until) {
        int dearest = -1;
        int most = DEAR - 1;
        for (int pass = 1; pass <= until; pass++) {
            boolean[] needed = needed(pass);
            for (int value = cluster.inputs().size(); value < needed.length; value++) {
                boolean fits =
                        needed[value] && stage[value] < pass && isParkable(output, value) && parkedIn(pass, value) < 0;
                int cost = fits ? cost(value, pass) : 0;
                if (cost > most) {
                    most = cost;
                    dearest = value;
                }
            }
        }
        return dearest;
    }

    /** The first pass that computes a value, or the given one if none before it does. */
    private int firstPass(int value, int end) {
        int pass = stage[value];
        while (pass < end && !needed(pass)[value]) {
            pass++;
        }
        return pass;
    }

    private int cost(int value, int pass) {
        boolean[] needed = new boolean[cluster.values()];
        needed[value] = true;
        close(needed, pass);
        int cost = 0;
        for (int i = cluster.inputs().size(); i < needed.length; i++) {
            boolean isComputed = needed[i] && parkedIn(pass, i) < 0;
            cost += !isComputed
                    ? 0
                    : cluster.step(i) instanceof Step.Apply apply
                            ? apply.formula().steps(apply.precision()).size()
                            : 1;
        }
        return cost;
    }

    // ------------------------------------------------------------------------------------------------------- passes

    private ImmutableList<Pass> passes(int count) {
        boolean[] isDone = new boolean[cluster.values()];
        ImmutableList.Builder<Pass> made = ImmutableList.builder();
        for (int pass = 0; pass < count; pass++) {
            boolean[] needed = needed(pass);
            boolean[] fresh = needed.clone();
            boolean[] reductions = new boolean[needed.length];
            boolean[] rowValues = new boolean[needed.length];
            for (int value = 0; value < needed.length; value++) {
                fresh[value] &= !isDone[value];
                isDone[value] |= needed[value];
                reductions[value] = isReductionOf(pass, value);
                rowValues[value] = isLive[value] && isRowValue[value] && stage[value] == pass && !isReduction(value);
            }
            int written = pass;
            made.add(new Pass(
                    numbers(rowValues),
                    numbers(needed),
                    numbers(fresh),
                    numbers(reductions),
                    outputs(pass),
                    parked.stream()
                            .filter(one -> one.from == written
                                    && cluster.outputs().get(one.output).value() != one.value)
                            .collect(ImmutableList.toImmutableList())));
        }
        return made.build();
    }

    private IntTuple outputs(int pass) {
        IntArrayList written = new IntArrayList();
        for (int i = 0; i < cluster.outputs().size(); i++) {
            if (stage[cluster.outputs().get(i).value()] == pass) {
                written.add(i);
            }
        }
        return IntTuple.of(written.toIntArray());
    }

    /** The column values of a pass. */
    private boolean[] needed(int pass) {
        boolean[] needed = new boolean[cluster.values()];
        for (int value = cluster.inputs().size(); value < needed.length; value++) {
            if (isReductionOf(pass, value)) {
                needed[cluster.step(value).operands().get(0)] = true;
            }
        }
        for (Output output : cluster.outputs()) {
            needed[output.value()] |= isColumn(output) && stage[output.value()] == pass;
        }
        close(needed, pass);
        return needed;
    }

    /** Adds what column values are made of, and takes out row values, which become spread. */
    private void close(boolean[] needed, int pass) {
        for (int value = needed.length - 1; value >= 0; value--) {
            if (needed[value] && isRowValue[value]) {
                needed[value] = false;
                isSpread[value] = true;
            } else if (needed[value] && !cluster.isInput(value) && parkedIn(pass, value) < 0) {
                for (int operand : cluster.step(value).operands().toArray()) {
                    needed[operand] = true;
                }
            }
        }
    }

    private boolean isReduction(int value) {
        return !cluster.isInput(value) && cluster.step(value).isReduction();
    }

    private boolean isReductionOf(int pass, int value) {
        return isLive[value] && isReduction(value) && stage[value] == pass + 1;
    }

    private static IntTuple numbers(boolean[] chosen) {
        IntArrayList numbers = new IntArrayList();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                numbers.add(i);
            }
        }
        return IntTuple.of(numbers.toIntArray());
    }

    @Override
    public String toString() {
        return passes + " parked " + parked + " stages " + Arrays.toString(stage);
    }
}
