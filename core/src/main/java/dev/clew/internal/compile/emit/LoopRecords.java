package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import dev.clew.array.IntTuple;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.LoopNest;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.FuseRows;
import dev.clew.internal.runtime.Instruction;
import dev.clew.internal.runtime.kernel.Cluster;
import dev.clew.internal.runtime.kernel.Kernel;
import dev.clew.internal.runtime.kernel.KernelLoop;
import dev.clew.internal.runtime.sweep.MoveElements;
import dev.clew.internal.tensor.TensorAccess;
import dev.clew.tensor.Binary;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import dev.clew.tensor.Unary;
import it.unimi.dsi.fastutil.ints.Int2IntLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Units of elementwise nodes, and of what they make of rows, as kernels: rows × columns, and loops around them for what strides
 * keep apart.
 */
final class LoopRecords {
    private static final int NO_VALUE = -1;
    /** Known to be computed here, before its value has a number. */
    private static final int NOT_NUMBERED = -2;

    private final EmitRecords emit;
    private final Program program;
    private final int[] members;
    /** The value that a node is in the kernel. */
    private final Int2IntMap value = new Int2IntLinkedOpenHashMap();

    private final ImmutableList.Builder<Cluster.Step> steps = ImmutableList.builder();
    private int values;

    /** What the loop goes over. */
    private final Shape shape;
    /** Whether some of the nodes are one number of every row. */
    private final boolean hasRows;

    private LoopRecords(EmitRecords emit, int[] members) {
        this.emit = emit;
        this.program = emit.program();
        this.members = members;
        boolean differs = false;
        for (int member : members) {
            Node node = program.node(member);
            differs |= !node.isElementwise()
                    || !node.shape().equals(program.node(members[0]).shape());
        }
        this.shape = shape(program, members);
        this.hasRows = differs;
        value.defaultReturnValue(NO_VALUE);
    }

    /** What a loop goes over: the largest shape in it. */
    static Shape shape(Program program, int... members) {
        Shape largest = Shape.SCALAR;
        for (int member : members) {
            Node node = program.node(member);
            Shape over = node.isElementwise()
                    ? node.shape()
                    : program.node(node.input(0)).shape();
            largest = over.elements() > largest.elements() || member == members[0] ? over : largest;
        }
        return largest;
    }

    static void emit(EmitRecords emit, int[] members) {
        new LoopRecords(emit, members).emit();
    }

    private void emit() {
        for (int member : members) {
            value.put(member, NOT_NUMBERED);
        }
        List<MemoryView> inputs = inputs();
        for (int member : members) {
            step(member);
        }
        List<Result> results = results();
        add(inputs, results);
        for (Result result : results) {
            if (!result.written.equals(result.home)) {
                emit.copy(result.written, result.home);
            }
        }
    }

    /** What the kernel reads, each as a value of its own. */
    private List<MemoryView> inputs() {
        List<MemoryView> inputs = new ArrayList<>();
        for (int member : members) {
            for (int input : program.node(member).inputs().toArray()) {
                if (value.get(input) == NO_VALUE && emit.repeatedLiteral(input).isEmpty() && spread(input) < 0) {
                    value.put(input, values++);
                    inputs.add(readable(emit.view(input)));
                }
            }
        }
        return inputs;
    }

    /**
     * A value that is needed outside.
     *
     * @param written where the kernel puts it: its home, if a kernel can write that, else a place from which it is copied there
     */
    private record Result(int value, MemoryView home, MemoryView written) {}

    private List<Result> results() {
        IntPredicate own = node -> Arrays.binarySearch(members, node) >= 0;
        List<Result> results = new ArrayList<>();
        for (int member : members) {
            if (emit.isNeededOutside(member, own, shape)) {
                for (MemoryView home : emit.places(member)) {
                    MemoryView written = isWritable(home) ? home : MemoryView.contiguous(home.shape(), home.type());
                    results.add(new Result(value.get(member), home, written));
                }
            }
        }
        return results;
    }

    /** The member that an operand repeats along the rows, or -1. */
    private int spread(int input) {
        int from = hasRows && FuseRows.isSpread(program, input, shape)
                ? program.node(input).input(0)
                : -1;
        return from >= 0 && value.get(from) != NO_VALUE && Arrays.binarySearch(members, from) >= 0 ? from : -1;
    }

    private void add(List<MemoryView> inputs, List<Result> results) {
        List<MemoryView> all = new ArrayList<>(inputs);
        IntArrayList written = new IntArrayList();
        for (Result result : results) {
            all.add(result.written);
            written.add(result.value);
        }
        LoopNest nest = hasRows ? LoopNest.ofRows(shape, all) : LoopNest.of(shape, all);
        int inner = KernelRecords.innerLength(nest, all.size());
        Cluster cluster = KernelRecords.cluster(nest, inner, all, inputs.size(), steps.build(), written);
        emit.add(KernelRecords.draft(text(), cluster, nest, inner, all));
    }

    private String text() {
        StringBuilder text = new StringBuilder("loop");
        for (int member : members) {
            text.append(' ').append(program.node(member).op().label());
        }
        return text + " " + shape;
    }

    /** A view that a kernel can read in rows. */
    private MemoryView readable(MemoryView view) {
        LoopNest nest = LoopNest.of(view.shape(), List.of(view));
        int step = nest.step(0);
        return step == 0 || step == 1 || nest.lengths()[nest.depth() - 1] == 1 ? view : emit.copy(view);
    }

    /** Whether a kernel that has rows can write to a view. */
    private boolean isWritable(MemoryView view) {
        return !hasRows || !view.shape().equals(shape) || view.stride(shape.rank() - 1) == 1;
    }

    private void step(int member) {
        Node node = program.node(member);
        int[] operands = node.inputs().toArray();
        for (int i = 0; i < operands.length; i++) {
            operands[i] = operand(operands[i]);
        }
        value.put(member, values++);
        steps.add(step(node, IntTuple.of(operands)));
    }

    private int operand(int input) {
        int repeated = spread(input);
        int known = value.get(repeated < 0 ? input : repeated);
        if (known >= 0) {
            return known;
        }
        Optional<Node> literal = emit.repeatedLiteral(input);
        Node number = literal.orElseThrow(() -> new IllegalStateException("used before it is computed: " + input));
        steps.add(new Cluster.Step.Constant(number.type(), number.literal().item()));
        value.put(input, values);
        return values++;
    }

    private Cluster.Step step(Node node, IntTuple operands) {
        return switch (node.op()) {
            case Unary row ->
                new Cluster.Step.Apply(
                        TensorAccess.get().formula(row), input(node).type(), node.type(), operands);
            case Binary row ->
                new Cluster.Step.Apply(
                        TensorAccess.get().formula(row), input(node).type(), node.type(), operands);
            case Elementwise.Where _ ->
                new Cluster.Step.Apply(
                        TensorAccess.get().formula(new Elementwise.Where()), node.type(), node.type(), operands);
            case Elementwise.AddN _ -> new Cluster.Step.Add(node.type(), operands);
            case Elementwise.Cast cast -> new Cluster.Step.Cast(cast.to(), operands.get(0));
            case Reduction.Sum _ -> new Cluster.Step.Sum(node.type(), operands.get(0));
            case Reduction.Max _ -> new Cluster.Step.Max(node.type(), operands.get(0));
            case Reduction.ArgMax _, Contraction _, Scan _, Movement _, Selection _, Source _, Custom _ ->
                throw new IllegalStateException(node.describe() + " is no step of a loop");
        };
    }

    private Node input(Node node) {
        return program.node(node.input(0));
    }

    /** The same elements elsewhere, in bulk where they lie in rows on both sides. */
    static RecordDraft copy(MemoryView from, MemoryView to) {
        List<MemoryView> both = List.of(from, to);
        LoopNest nest = LoopNest.of(from.shape(), both);
        int inner = KernelRecords.innerLength(nest, 2);
        String text = "copy " + from.shape();
        if (inner > 1 && nest.step(0) == 0) {
            Cluster cluster = KernelRecords.cluster(nest, inner, both, 1, ImmutableList.of(), IntArrayList.of(0));
            return KernelRecords.draft(text, cluster, nest, inner, both);
        }
        return new RecordDraft(text, both, form -> new MoveElements(from.type(), nest.sweep(both)))
                .reaching(RecordDraft.Reach.VIEWS);
    }

    /** The form of kernel that is asked for, if there is one. */
    private static Kernel kernel(Cluster cluster, RecordDraft.Form form) {
        return (form == RecordDraft.Form.VECTOR ? Kernel.vector(cluster) : Optional.<Kernel>empty())
                .orElseGet(() -> Kernel.plain(cluster));
    }

    static Instruction loop(Cluster cluster, long[][] offsets, RecordDraft.Form form) {
        return new KernelLoop(kernel(cluster.placed(offsets), form), cluster, offsets);
    }
}
