package dev.clew.internal.compile.selfcheck;

import com.google.common.collect.ImmutableListMultimap;
import dev.clew.array.NDArray;
import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.emit.StepRecords;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.runtime.Instruction;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Source;
import dev.clew.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A plan's records, run in a memory of their own beside a walk over the program that they were made of. The memory is NaN wherever
 * nothing is in use, so what is read too late or was never written is found too.
 *
 * <p>Whatever the records leave in memory is compared to the bit with what the walk makes of its inputs, and taken over by the walk;
 * only of a sum that goes on from another the order is the record's own business, and it is held to the rounding of such a sum.
 */
final class Replay {
    private static final byte NAN = (byte) 0xFF;

    private final CompiledProgram code;
    private final Program program;
    private final RecordDraft.Form form;
    private final MemorySegment memory;
    private final List<Instruction> records;
    private final List<List<MemoryBlock>> dying = new ArrayList<>();
    private final @Nullable NDArray[] values;
    /** What the records have written. */
    private final BitSet isWritten = new BitSet();

    private Replay(CompiledProgram code, RecordDraft.Form form, MemorySegment memory) {
        this.code = code;
        this.program = code.program();
        this.form = form;
        this.memory = memory;
        this.records = RecordDraft.made(code.drafts(), form);
        this.values = new @Nullable NDArray[program.size()];
        for (int record = 0; record <= records.size(); record++) {
            dying.add(new ArrayList<>());
        }
        code.emitted().blocks().forEach(block -> dying.get(block.last()).add(block));
    }

    /** What the nodes of a plan's program are, but for those that only repeat or reshape others; and the outputs. */
    record Values(List<NDArray> all, List<NDArray> outputs) {}

    /**
     * Runs and compares, on some numbers.
     *
     * @param numbers those of the leaves, in the order of their slots
     * @throws IllegalStateException if the records give something else: where, both values, and the smallest program that shows it
     */
    static Values values(CompiledProgram code, List<NDArray> numbers, RecordDraft.Form form) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory =
                    arena.allocate(code.bytes(), MemoryBlock.ALIGNMENT).fill(NAN);
            Replay replay = new Replay(code, form, memory);
            replay.begin(numbers);
            int from = 0;
            for (Emitted.Made made : code.emitted().made()) {
                replay.unit(made, from);
                from = made.records();
            }
            replay.rest(from);
            replay.outputs();
            replay.checks();
            replay.commits();
            return replay.values();
        }
    }

    private Values values() {
        return new Values(
                IntStream.range(0, values.length)
                        .filter(i -> !(program.node(i).op() instanceof Movement.Broadcast
                                || program.node(i).op() instanceof Movement.Reshape))
                        .mapToObj(this::value)
                        .toList(),
                Arrays.stream(program.outputs()).mapToObj(this::value).toList());
    }

    private void begin(List<NDArray> numbers) {
        code.emitted().literals().forEach(literal -> literal.store(memory));
        for (int slot = 0; slot < numbers.size(); slot++) {
            values[program.leaf(slot)] = numbers.get(slot);
            isWritten.set(program.leaf(slot));
            for (MemoryView place : code.emitted().leaves().get(slot)) {
                place.store(numbers.get(slot), memory);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------- records

    private void unit(Emitted.Made made, int from) {
        ImmutableListMultimap.Builder<Integer, NDArray> found = ImmutableListMultimap.builder();
        for (int record = from; record < made.records(); record++) {
            records.get(record).run(memory);
            int now = record;
            made.places().forEach((node, place) -> {
                if (place.block().last() == now) {
                    found.put(node, place.load(memory));
                }
            });
            dying.get(record).forEach(this::forget);
        }
        made.places().forEach((node, place) -> {
            if (place.block().last() >= made.records()) {
                found.put(node, place.load(memory));
            }
        });
        ImmutableListMultimap<Integer, NDArray> all = found.build();
        for (int member : made.unit().members()) {
            for (NDArray array : all.get(member)) {
                compare(member, array);
            }
            if (all.containsKey(member)) {
                values[member] = all.get(member).getFirst();
                isWritten.set(member);
            }
        }
    }

    private void forget(MemoryBlock block) {
        memory.asSlice(block.base(), block.bytes()).fill(NAN);
    }

    /** What follows the last unit: copies for the end of a step, and whether its values are finite. */
    private void rest(int from) {
        for (int record = from; record < records.size(); record++) {
            records.get(record).run(memory);
            dying.get(record).forEach(this::forget);
        }
    }

    private void outputs() {
        for (int i = 0; i < program.outputCount(); i++) {
            if (!FormulaWalk.repeatsTooOften(program, program.output(i))) {
                compare(program.output(i), code.emitted().outputs().get(i).load(memory));
            }
        }
    }

    /** Whether a step is told right that its loss and the new values are finite. */
    private void checks() {
        StepRecords training = code.emitted().training();
        int next = 0;
        int[] checked = IntStream.concat(
                        IntStream.of(0), training.updates().stream().mapToInt(StepRecords.Update::output))
                .map(program::output)
                .filter(i -> program.node(i).shape().elements() > 0)
                .toArray();
        for (StepRecords.Check check : training.checks()) {
            MemoryView sums = check.sums();
            int i = checked[next++];
            boolean isFinite = Arrays.stream(value(i).toDoubles()).allMatch(Double::isFinite);
            boolean isSaid = Arrays.stream(sums.load(memory).toDoubles()).allMatch(x -> x == 0);
            if (isSaid != isFinite) {
                ProgramExcerpt excerpt = new ProgramExcerpt(program, this::value);
                throw new IllegalStateException("a plan differs from the meaning of its formulas: "
                        + program.node(i).describe() + " is " + (isFinite ? "" : "not ") + "finite, and the step, in "
                        + name() + " code, is told otherwise." + ProgramExcerpt.REPORT
                        + excerpt.text(excerpt.region(i, isWritten::get), i));
            }
        }
    }

    private String name() {
        return form == RecordDraft.Form.PLAIN ? "plain" : "vector";
    }

    /** Puts new values in place. */
    private void commits() {
        StepRecords training = code.emitted().training();
        training.commits().forEach(commit -> commit.maker().make(form).run(memory));
        for (StepRecords.Update update : training.updates()) {
            for (MemoryView place : code.emitted().leaves().get(update.slot())) {
                compare(program.output(update.output()), place.load(memory));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ the walk

    /** What a node is by the walk, from the plan's own values before it. */
    private NDArray value(int i) {
        NDArray known = values[i];
        if (known != null) {
            return known;
        }
        Node node = program.node(i);
        NDArray value = node.isLiteral() ? node.literal() : computed(node);
        values[i] = value;
        return value;
    }

    private NDArray computed(Node node) {
        List<NDArray> inputs = node.inputs().stream()
                .mapToObj(this::value)
                .limit(operands(node))
                .toList();
        boolean isCopy = node.op() instanceof Elementwise.AddN && inputs.size() == 1;
        return isCopy ? inputs.getFirst() : node.op().value(stub(node), inputs);
    }

    private static int operands(Node node) {
        return node.inputCount() - (node.isContinued() ? 1 : 0);
    }

    private Tensor stub(Node node) {
        return node.op()
                .on(node.inputs().stream()
                        .limit(operands(node))
                        .mapToObj(program::node)
                        .map(input -> new Source.Input("", input.shape(), input.type()).on())
                        .toArray(Tensor[]::new));
    }

    // --------------------------------------------------------------------------------------------------- differences

    private void compare(int i, NDArray found) {
        double[] is = found.toDoubles();
        double[] right = value(i).toDoubles();
        double[] bounds = RoundingAllowance.NONE;
        Node node = program.node(i);
        if (node.isContinued() && !isWritten.get(i)) {
            double[] begun = value(node.input(operands(node))).toDoubles();
            bounds = rounding(node, begun);
            double[] product = right.clone();
            Arrays.setAll(right, at -> product[at] + begun[at]);
        }
        int at = FormulaWalk.first(is, right, bounds);
        if (at >= 0) {
            throw new IllegalStateException(error(i, at, is[at], right[at]));
        }
    }

    /** Of a sum that begins with something. */
    private double[] rounding(Node node, double... begun) {
        List<NDArray> inputs = node.inputs().stream()
                .mapToObj(this::value)
                .limit(operands(node))
                .toList();
        RoundingAllowance allowance =
                new RoundingAllowance(stub(node), inputs, Collections.nCopies(inputs.size(), RoundingAllowance.NONE));
        double[] product = allowance.bounds();
        double[] bounds = new double[begun.length];
        Arrays.setAll(bounds, at -> FormulaWalk.bound(product, at) + allowance.ulps() * Math.abs(begun[at]));
        return bounds;
    }

    private String error(int i, int at, double is, double right) {
        ProgramExcerpt excerpt = new ProgramExcerpt(program, this::value);
        NavigableSet<Integer> region = excerpt.region(i, isWritten::get);
        return "a plan differs from the meaning of its formulas: "
                + program.node(i).describe() + ", in "
                + name() + " code, is " + is + " at "
                + ProgramExcerpt.index(program.node(i), at)
                + ", and computed from the plan's own values before it, it is "
                + right + "." + ProgramExcerpt.REPORT + excerpt.text(region, i);
    }
}
