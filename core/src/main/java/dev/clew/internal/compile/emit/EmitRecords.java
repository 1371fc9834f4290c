package dev.clew.internal.compile.emit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.clew.array.Shape;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.Placement;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.schedule.FuseRows;
import dev.clew.internal.compile.schedule.Schedule;
import dev.clew.internal.runtime.product.Product;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Custom;
import dev.clew.tensor.Elementwise;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import dev.clew.tensor.Scan;
import dev.clew.tensor.Selection;
import dev.clew.tensor.Source;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * From scheduled units to records: which kernel, product or copy computes each, on views whose blocks have no place yet.
 * Where a record cannot read an operand as it lies, a copy comes before it.
 */
public final class EmitRecords {
    private final Program program;
    private final Placement homes;
    private final @Nullable MemoryView[] views;
    private final List<RecordDraft> drafts = new ArrayList<>();
    private final List<Emitted.Literal> literals = new ArrayList<>();
    private final List<MemoryBlock> blocks = new ArrayList<>();
    private final List<Emitted.Made> made = new ArrayList<>();
    private final Program.Users users;
    private final boolean[] isOutput;
    private final Map<Packed, MemoryView> packed = new HashMap<>();
    private final Map<Integer, MemoryView> together = new HashMap<>();
    private int copies;

    private EmitRecords(Program program, Placement homes) {
        this.program = program;
        this.homes = homes;
        this.users = program.users();
        this.isOutput = new boolean[program.size()];
        for (int output : program.outputs()) {
            isOutput[output] = true;
        }
        this.views = homes.of().clone();
    }

    /**
     * Makes the records.
     *
     * @param staying the slots of leaves that keep their places from run to run
     * @param tellsWhere whether to say where the values of every unit are
     */
    public static Emitted of(
            Schedule schedule, Placement homes, List<StepRecords.Update> updates, BitSet staying, boolean tellsWhere) {
        EmitRecords emit = new EmitRecords(schedule.program(), homes);
        for (Schedule.Unit unit : schedule.units()) {
            emit.unit(unit);
            if (tellsWhere) {
                emit.made.add(emit.made(unit));
            }
        }
        return emit.code(updates.isEmpty() ? StepRecords.NONE : StepRecords.of(emit, updates), staying);
    }

    private Emitted code(StepRecords training, BitSet staying) {
        ImmutableList.Builder<MemoryView> outputs = ImmutableList.builder();
        for (int output : program.outputs()) {
            outputs.add(view(output));
        }
        ImmutableList.Builder<ImmutableList<MemoryView>> leaves = ImmutableList.builder();
        for (int slot = 0; slot < program.leafCount(); slot++) {
            leaves.add(places(program.leaf(slot)));
        }
        int end = drafts.size();
        outputs.build().forEach(output -> use(output.block(), end));
        training.checks().forEach(check -> use(check.sums().block(), end));
        staying.stream().forEach(slot -> places(program.leaf(slot)).forEach(place -> use(place.block(), end)));
        training.commits().forEach(commit -> commit.touched().forEach(view -> use(view.block(), end)));
        leaves.build().forEach(places -> places.forEach(place -> use(place.block(), 0)));
        for (Emitted.Literal literal : literals) {
            use(literal.view().block(), 0);
            use(literal.view().block(), end);
        }
        return new Emitted(
                ImmutableList.copyOf(drafts),
                leaves.build(),
                outputs.build(),
                ImmutableList.copyOf(literals),
                ImmutableList.copyOf(blocks),
                ImmutableList.copyOf(made),
                training,
                copies);
    }

    // ------------------------------------------------------------------------------------------------------- views

    /** Where the elements of a node lie. What cannot be a view becomes a copy, here and now. */
    MemoryView view(int node) {
        IntArrayList chain = new IntArrayList();
        int at = node;
        while (views[at] == null && program.node(at).isView()) {
            chain.push(at);
            at = program.node(at).input(0);
        }
        MemoryView view = views[at];
        if (view == null) {
            view = literal(at);
            views[at] = view;
        }
        while (!chain.isEmpty()) {
            int shown = chain.popInt();
            Node shownNode = program.node(shown);
            MemoryView from = view;
            view = MemoryView.through(shownNode, from)
                    .orElseGet(() -> MemoryView.through(shownNode, copy(from))
                            .orElseThrow(() -> new IllegalStateException("no view: " + shownNode.describe())));
            views[shown] = view;
        }
        return view;
    }

    private MemoryView literal(int node) {
        Node number = program.node(node);
        if (!number.isLiteral()) {
            throw new IllegalStateException(number.describe() + " has no home");
        }
        return filled(number, number.shape());
    }

    private MemoryView filled(Node number, Shape shape) {
        MemoryView view = MemoryView.contiguous(shape, number.type());
        literals.add(new Emitted.Literal(view, number.literal()));
        return view;
    }

    /** All elements of a node one after the other: a copy, but for a repeated number, which is there when a run begins. */
    MemoryView together(int node) {
        Optional<Node> number = repeatedLiteral(node);
        return number.isEmpty()
                ? copy(view(node))
                : together.computeIfAbsent(
                        node, _ -> filled(number.get(), program.node(node).shape()));
    }

    /** Where the elements of a node are written: its home, and where else they are wanted. */
    ImmutableList<MemoryView> places(int node) {
        return ImmutableList.<MemoryView>builder()
                .add(view(node))
                .addAll(homes.also().get(node))
                .build();
    }

    /** The same elements, row-major in a block of their own. */
    MemoryView copy(MemoryView from) {
        MemoryView to = MemoryView.contiguous(from.shape(), from.type());
        copy(from, to);
        return to;
    }

    void copy(MemoryView from, MemoryView to) {
        if (from.shape().elements() > 0) {
            copies++;
            add(LoopRecords.copy(from, to));
        }
    }

    /** The right operand of a product in the form that tiles read, made once for all like products. */
    MemoryView packed(Product.Spec spec, MemoryView b) {
        return packed.computeIfAbsent(new Packed(spec, b), _ -> {
            int elements = (int) (Product.roomBytes(spec) / spec.type().bytes());
            MemoryView room = MemoryView.contiguous(Shape.of(elements), spec.type());
            add(ProductRecords.pack(spec, b, room));
            return room;
        });
    }

    /** A right operand, and the products that it is packed for. */
    private record Packed(Product.Spec spec, MemoryView b) {}

    /** Appends a record; its blocks are in use now. */
    void add(RecordDraft draft) {
        for (MemoryView touched : draft.touched()) {
            use(touched.block(), drafts.size());
        }
        drafts.add(draft);
    }

    private void use(MemoryBlock block, int record) {
        if (block.last() < 0) {
            blocks.add(block);
        }
        block.use(record);
    }

    Program program() {
        return program;
    }

    // ------------------------------------------------------------------------------------------------------- units

    private void unit(Schedule.Unit unit) {
        Node node = program.node(unit.last());
        if (node.shape().elements() == 0) {
            Arrays.stream(unit.members()).forEach(this::view); // A loop over nothing is not run.
            return;
        }
        if (unit.members().length > 1) {
            LoopRecords.emit(this, unit.members());
            return;
        }
        switch (node.op()) {
            case Movement.Concat concat -> concat(node, concat, view(unit.last()));
            case Contraction.MatMul product -> ProductRecords.emit(this, node, product, view(unit.last()));
            case Reduction.Sum sum when reduces(node) -> ReductionRecords.emit(this, node, sum, view(unit.last()));
            case Reduction.Max max when reduces(node) -> ReductionRecords.emit(this, node, max, view(unit.last()));
            case Elementwise _ -> LoopRecords.emit(this, unit.members());
            case Reduction _, Scan _, Movement _, Selection _, Source _, Custom _ ->
                SweepRecords.emit(this, unit.last());
        }
    }

    private Emitted.Made made(Schedule.Unit unit) {
        IntPredicate own = node -> Arrays.binarySearch(unit.members(), node) >= 0;
        boolean isLoop = unit.members().length > 1 || program.node(unit.last()).isElementwise();
        ImmutableListMultimap.Builder<Integer, MemoryView> places = ImmutableListMultimap.builder();
        for (int member : unit.members()) {
            if (program.node(member).shape().elements() > 0
                    && (!isLoop || isNeededOutside(member, own, LoopRecords.shape(program, unit.members())))) {
                places.putAll(member, places(member));
            }
        }
        return new Emitted.Made(unit, drafts.size(), places.build());
    }

    private boolean reduces(Node node) {
        return program.node(node.input(0)).shape().elements() > 0;
    }

    /** What parts are not in their places yet; a repeated number is filled in. */
    private void concat(Node node, Movement.Concat concat, MemoryView home) {
        for (int part = 0; part < node.inputCount(); part++) {
            int shown = node.input(part);
            MemoryView window = home.window(
                    concat.axis(),
                    concat.starts().get(part),
                    program.node(shown).shape());
            Optional<Node> number = repeatedLiteral(shown);
            if (number.isPresent() && window.shape().elements() > 0) {
                add(SweepRecords.fill(number.get().literal().item(), window));
            } else if (!isThere(shown, window)) {
                copy(view(shown), window);
            }
        }
    }

    /** Whether the elements of a node are in a window, because whoever makes them writes them there. */
    private boolean isThere(int shown, MemoryView window) {
        IntArrayList chain = new IntArrayList();
        int at = shown;
        for (; program.node(at).isView(); at = program.node(at).input(0)) {
            chain.push(at);
        }
        if (program.node(at).isLiteral()) {
            return false;
        }
        for (MemoryView place : places(at)) {
            Optional<MemoryView> seen = Optional.of(place);
            for (int i = chain.size() - 1; i >= 0; i--) {
                Node view = program.node(chain.getInt(i));
                seen = seen.flatMap(from -> MemoryView.through(view, from));
            }
            if (seen.filter(view -> view.showsSame(window)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Puts what a continued sum begins with where it goes on; usually it is there. */
    void begin(Node node, MemoryView home) {
        if (node.isContinued()) {
            MemoryView before = view(node.input(2));
            if (!before.showsSame(home)) {
                copy(before, home);
            }
        }
    }

    /** Whether a member of a loop over a shape must be written to memory. */
    boolean isNeededOutside(int member, IntPredicate members, Shape shape) {
        return FuseRows.isNeededOutside(program, users, isOutput, member, members, shape);
    }

    /** The node whose one number a node repeats, if that is a literal. */
    Optional<Node> repeatedLiteral(int position) {
        Node node = program.node(position);
        while (node.op() instanceof Movement.Broadcast || node.op() instanceof Movement.Reshape) {
            node = program.node(node.input(0));
        }
        return node.isLiteral() ? Optional.of(node) : Optional.empty();
    }
}
