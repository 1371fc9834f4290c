package dev.clew.compile;

import com.google.common.collect.ImmutableList;
import dev.clew.array.Shape;
import dev.clew.runtime.Product;
import dev.clew.tensor.Contraction;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From scheduled units to records: which kernel, product or copy computes each, on views whose blocks have no place yet.
 * Where a record cannot read an operand as it lies, a copy comes before it.
 */
final class Emit {
    private final Program program;
    private final @Nullable View[] views;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Literal> literals = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Program.Users users;
    private final boolean[] isOutput;
    private final Map<Packed, View> packed = new HashMap<>();
    private int copies;

    private Emit(Program program, @Nullable View[] homes) {
        this.program = program;
        this.users = program.users();
        this.isOutput = new boolean[program.size()];
        for (int output : program.outputs()) {
            isOutput[output] = true;
        }
        this.views = homes.clone();
    }

    /** A number that is written once, when a memory is made. */
    record Literal(View view, Node node) {}

    /**
     * What comes out: records to be, in order, where leaves and outputs lie, and every block there is.
     *
     * @param copies the records that only move elements
     */
    record Code(
            ImmutableList<Draft> drafts,
            ImmutableList<View> leaves,
            ImmutableList<View> outputs,
            ImmutableList<Literal> literals,
            ImmutableList<Block> blocks,
            Training training,
            int copies) {}

    static Code of(Schedule schedule, @Nullable View[] homes, List<Training.Update> updates, BitSet staying) {
        Emit emit = new Emit(schedule.program(), homes);
        for (Schedule.Unit unit : schedule.units()) {
            emit.unit(unit);
        }
        return emit.code(updates.isEmpty() ? Training.NONE : Training.of(emit, updates), staying);
    }

    private Code code(Training training, BitSet staying) {
        ImmutableList.Builder<View> outputs = ImmutableList.builder();
        for (int output : program.outputs()) {
            outputs.add(view(output));
        }
        ImmutableList.Builder<View> leaves = ImmutableList.builder();
        for (int slot = 0; slot < program.leafCount(); slot++) {
            leaves.add(view(program.leaf(slot)));
        }
        int end = drafts.size();
        outputs.build().forEach(output -> use(output.block(), end));
        training.checks().forEach(check -> use(check.block(), end));
        staying.stream().forEach(slot -> use(view(program.leaf(slot)).block(), end));
        training.commits().forEach(commit -> commit.touched().forEach(view -> use(view.block(), end)));
        leaves.build().forEach(leaf -> use(leaf.block(), 0));
        for (Literal literal : literals) {
            use(literal.view.block(), 0);
            use(literal.view.block(), end);
        }
        return new Code(
                ImmutableList.copyOf(drafts),
                leaves.build(),
                outputs.build(),
                ImmutableList.copyOf(literals),
                ImmutableList.copyOf(blocks),
                training,
                copies);
    }

    // ------------------------------------------------------------------------------------------------------- views

    /** Where the elements of a node lie. What cannot be a view becomes a copy, here and now. */
    View view(int node) {
        IntArrayList chain = new IntArrayList();
        int at = node;
        while (views[at] == null && program.node(at).isView()) {
            chain.push(at);
            at = program.node(at).input(0);
        }
        View view = views[at];
        if (view == null) {
            view = literal(at);
            views[at] = view;
        }
        while (!chain.isEmpty()) {
            int shown = chain.popInt();
            Node shownNode = program.node(shown);
            View from = view;
            view = View.through(shownNode, from)
                    .orElseGet(() -> View.through(shownNode, copy(from))
                            .orElseThrow(() -> new IllegalStateException("no view: " + shownNode.describe())));
            views[shown] = view;
        }
        return view;
    }

    private View literal(int node) {
        Node number = program.node(node);
        if (!number.isLiteral()) {
            throw new IllegalStateException(number.describe() + " has no home");
        }
        View view = View.contiguous(number.shape(), number.type());
        literals.add(new Literal(view, number));
        return view;
    }

    /** The same elements, row-major in a block of their own. */
    View copy(View from) {
        View to = View.contiguous(from.shape(), from.type());
        copy(from, to);
        return to;
    }

    void copy(View from, View to) {
        if (from.shape().elements() > 0) {
            copies++;
            add(Loops.copy(from, to));
        }
    }

    /** The right operand of a product in the form that tiles read, made once for all like products. */
    View packed(Product.Spec spec, View b) {
        return packed.computeIfAbsent(new Packed(spec, b), _ -> {
            int elements = (int) (Product.roomBytes(spec) / spec.type().bytes());
            View room = View.contiguous(Shape.of(elements), spec.type());
            add(Products.pack(spec, b, room));
            return room;
        });
    }

    /** A right operand, and the products that it is packed for. */
    private record Packed(Product.Spec spec, View b) {}

    /** Appends a record; its blocks are in use now. */
    void add(Draft draft) {
        for (View touched : draft.touched()) {
            use(touched.block(), drafts.size());
        }
        drafts.add(draft);
    }

    private void use(Block block, int record) {
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
        if (node.shape().elements() == 0 && unit.members().length == 1) {
            view(unit.last());
            return;
        }
        switch (node.op()) {
            case Movement.Concat concat -> concat(node, concat, view(unit.last()));
            case Contraction.MatMul product -> Products.emit(this, node, product, view(unit.last()));
            case Reduction.Sum sum when reduces(node) -> Reductions.emit(this, node, sum, view(unit.last()));
            case Reduction.Max max when reduces(node) -> Reductions.emit(this, node, max, view(unit.last()));
            default -> {
                if (node.isElementwise()) {
                    Loops.emit(this, unit.members());
                } else {
                    Sweeps.emit(this, unit.last());
                }
            }
        }
    }

    private boolean reduces(Node node) {
        return program.node(node.input(0)).shape().elements() > 0;
    }

    private void concat(Node node, Movement.Concat concat, View home) {
        for (int part = 0; part < node.inputs().length(); part++) {
            View shown = view(node.input(part));
            View window = home.window(concat.axis(), concat.starts().get(part), shown.shape());
            if (!sameElements(shown, window)) {
                copy(shown, window);
            }
        }
    }

    /** Puts what a continued sum begins with where it goes on; usually it is there. */
    void begin(Node node, View home) {
        if (node.isContinued()) {
            View before = view(node.input(2));
            if (!sameElements(before, home)) {
                copy(before, home);
            }
        }
    }

    private static boolean sameElements(View a, View b) {
        if (a.block() != b.block() || a.offset() != b.offset()) {
            return a.shape().elements() == 0;
        }
        for (int axis = 0; axis < a.shape().rank(); axis++) {
            if (a.shape().length(axis) != 1 && a.stride(axis) != b.stride(axis)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a member of a unit must be written to memory. */
    boolean isNeededOutside(int member, int[] members) {
        if (isOutput[member]) {
            return true;
        }
        for (int use = 0; use < users.count(member); use++) {
            if (Arrays.binarySearch(members, users.user(member, use)) < 0) {
                return true;
            }
        }
        return false;
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
