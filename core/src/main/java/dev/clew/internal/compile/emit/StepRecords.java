package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The end of a training step, as records: whether new values are finite, and their move to the parameters' homes.
 *
 * @param checks of the first output and of new values
 * @param commits copies that put new values in place
 */
public record StepRecords(
        ImmutableList<Check> checks, ImmutableList<RecordDraft> commits, ImmutableList<Update> updates) {
    static final StepRecords NONE = new StepRecords(ImmutableList.of(), ImmutableList.of(), ImmutableList.of());

    /**
     * Whether an output is finite.
     *
     * @param sums of x − x, which are 0 for finite numbers and NaN otherwise
     */
    public record Check(int output, MemoryView sums) {}

    /** A parameter's leaf, by slot, and the output that is its new value. */
    public record Update(int slot, int output) {}

    static StepRecords of(EmitRecords emit, List<Update> updates) {
        List<Check> checks = new ArrayList<>();
        List<RecordDraft> commits = new ArrayList<>();
        Program program = emit.program();
        check(emit, 0, emit.view(program.output(0)), checks);
        Set<MemoryBlock> overwritten = new HashSet<>();
        updates.forEach(
                update -> emit.places(program.leaf(update.slot)).forEach(place -> overwritten.add(place.block())));
        for (Update update : updates) {
            MemoryView shown = emit.view(program.output(update.output));
            // Parameters may take each other's values: what is read must not have been overwritten.
            MemoryView value = overwritten.contains(shown.block()) ? emit.copy(shown) : shown;
            check(emit, update.output, value, checks);
            emit.places(program.leaf(update.slot)).forEach(place -> commits.add(LoopRecords.copy(value, place)));
        }
        return new StepRecords(
                ImmutableList.copyOf(checks), ImmutableList.copyOf(commits), ImmutableList.copyOf(updates));
    }

    /** What has no elements is finite. */
    private static void check(EmitRecords emit, int output, MemoryView x, List<Check> checks) {
        if (x.shape().elements() > 0) {
            checks.add(new Check(output, check(emit, x)));
        }
    }

    private static MemoryView check(EmitRecords emit, MemoryView x) {
        LoopNest nest = LoopNest.of(x.shape(), List.of(x));
        if (nest.depth() > 2 || nest.step(0) < 0 || nest.step(0) > 1) {
            return check(emit, emit.copy(x));
        }
        int inner = nest.lengths()[nest.depth() - 1];
        int rows = nest.depth() == 2 ? nest.lengths()[0] : KernelRecords.rows(inner);
        int columns = nest.depth() == 2 ? inner : inner / rows;
        MemoryView sums = MemoryView.contiguous(Shape.of(rows), x.type());
        Cluster.Stream in = new Cluster.Stream(
                x.type(), nest.depth() == 2 ? nest.strides().get(0)[0] : nest.step(0) * columns, nest.step(0));
        Cluster cluster = new Cluster(
                rows,
                columns,
                ImmutableList.of(in),
                ImmutableList.of(
                        new Cluster.Step.Apply(
                                TensorAccess.get().formula(Binary.MINUS), x.type(), x.type(), IntTuple.of(0, 0)),
                        new Cluster.Step.Sum(x.type(), 1)),
                ImmutableList.of(new Cluster.Output(2, new Cluster.Stream(x.type(), 1, 0))));
        List<MemoryView> both = List.of(x, sums);
        LoopNest outer = new LoopNest(new int[] {1}, List.of(new int[] {0}, new int[] {0}));
        emit.add(new RecordDraft(
                "is finite " + x.shape(),
                both,
                form -> LoopRecords.loop(cluster, KernelRecords.offsets(outer, 0, both), form)));
        return sums;
    }

    /** The leaves that keep their places: parameters, and what else does not change from run to run. */
    public static BitSet staying(Program program, IntPredicate stays) {
        BitSet slots = new BitSet();
        for (int slot = 0; slot < program.leafCount(); slot++) {
            if (program.node(program.leaf(slot)).isParameter() || stays.test(slot)) {
                slots.set(slot);
            }
        }
        return slots;
    }
}
