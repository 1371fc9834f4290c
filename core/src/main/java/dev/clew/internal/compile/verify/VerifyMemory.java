package dev.clew.internal.compile.verify;

import dev.clew.internal.compile.emit.CompiledProgram;
import dev.clew.internal.compile.emit.Emitted;
import dev.clew.internal.compile.layout.MemoryBlock;
import dev.clew.internal.compile.layout.MemoryView;
import dev.clew.internal.compile.layout.Placement;
import dev.clew.internal.compile.layout.RecordDraft;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Movement;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the passes that give values their places must keep: no place is two values' at a time, and nothing reaches out of its place.
 * It is for {@code assert}: with assertions off, it costs nothing.
 */
public final class VerifyMemory {
    private final String pass;

    private VerifyMemory(String pass) {
        this.pass = pass;
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException("after " + pass + ": " + what);
    }

    // ------------------------------------------------------------------------------------------------------- homes

    /**
     * That everything computed or given has a home of its shape and type, and that homes share elements only where they show the
     * same ones. Which parts of joined arrays are in their places is no promise to check: Emit looks at the homes, and copies the rest.
     *
     * @return true
     * @throws IllegalStateException that names the pass, the node and the rule
     */
    public static boolean homes(String pass, Program program, Placement homes) {
        new Tenants(new VerifyMemory(pass), program, homes).check();
        return true;
    }

    /** Which element of which node every place holds. */
    private static final class Tenants {
        private final VerifyMemory verify;
        private final Program program;
        private final Placement homes;
        private final Program.Users users;
        /** For every element of a block that several homes share: the node and the element of it that is there, or 0. */
        private final Map<MemoryBlock, long[]> held = new HashMap<>();
        /** What the elements of concats are. */
        private final Map<Integer, long[]> joined = new HashMap<>();

        Tenants(VerifyMemory verify, Program program, Placement homes) {
            this.verify = verify;
            this.program = program;
            this.homes = homes;
            this.users = program.users();
        }

        void check() {
            Set<MemoryBlock> seen = new HashSet<>();
            for (int i = 0; i < program.size(); i++) {
                for (MemoryView view : views(i)) {
                    verify.within(name(i), view);
                    if (!seen.add(view.block())) {
                        held.computeIfAbsent(view.block(), block -> new long[elements(block, view)]);
                    }
                }
            }
            for (int i = 0; i < program.size(); i++) {
                if (program.node(i).op() instanceof Movement.Concat concat) {
                    joined.put(i, joined(i, concat));
                }
                for (MemoryView view : views(i)) {
                    settle(i, view);
                }
            }
        }

        private static int elements(MemoryBlock block, MemoryView view) {
            return Math.toIntExact(block.bytes() / view.type().bytes());
        }

        private String name(int node) {
            return "node " + node + " (" + program.node(node).describe() + ")";
        }

        private List<MemoryView> views(int i) {
            Node node = program.node(i);
            MemoryView home = homes.of()[i];
            boolean isHoused = !(node.isView() || node.isLiteral());
            if ((home != null) != isHoused) {
                throw verify.illegal(name(i) + (isHoused ? " has no home" : " has a home"));
            }
            if (home == null) {
                return List.of();
            }
            if (!home.shape().equals(node.shape()) || home.type() != node.type()) {
                throw verify.illegal(name(i) + " has a home of " + home);
            }
            return homes.also().get(i).isEmpty()
                    ? List.of(home)
                    : Stream.concat(Stream.of(home), homes.also().get(i).stream())
                            .toList();
        }

        private void settle(int i, MemoryView view) {
            long[] holds = held.get(view.block());
            if (holds == null) {
                return;
            }
            for (int element = 0; element < view.shape().elements(); element++) {
                int place = place(view, element);
                long identity = identity(i, element);
                if (holds[place] != 0 && holds[place] != identity) {
                    throw verify.illegal(name(i) + " has element " + element + " where "
                            + name((int) (holds[place] >>> 32) - 1) + " has another");
                }
                holds[place] = identity;
            }
        }

        /** One more than the node that makes an element of a node, and which of its elements it is. */
        private long identity(int i, int element) {
            int node = i;
            int at = element;
            while (program.node(node).isView()) {
                at = shown(node, at);
                node = program.node(node).input(0);
            }
            while (takesOver(node)) {
                node = program.node(node).input(2);
            }
            long[] known = joined.get(node);
            return known == null ? (node + 1L) << 32 | at : known[at];
        }

        /** Whether a node is a sum that goes on in the place of one that nobody else uses. */
        private boolean takesOver(int node) {
            if (!program.node(node).isContinued()) {
                return false;
            }
            int begun = program.node(node).input(2);
            return users.count(begun) == 1 && Objects.equals(homes.of()[begun], homes.of()[node]);
        }

        private long[] joined(int node, Movement.Concat concat) {
            MemoryView whole = MemoryView.contiguous(
                    program.node(node).shape(), program.node(node).type());
            long[] identities = new long[whole.shape().elements()];
            for (int part = 0; part < program.node(node).inputCount(); part++) {
                int input = program.node(node).input(part);
                MemoryView window = whole.window(
                        concat.axis(),
                        concat.starts().get(part),
                        program.node(input).shape());
                for (int element = 0; element < window.shape().elements(); element++) {
                    identities[place(window, element)] = identity(input, element);
                }
            }
            return identities;
        }

        /** Which element of its input an element of a view is. */
        private int shown(int node, int element) {
            MemoryView input = MemoryView.contiguous(
                    program.node(program.node(node).input(0)).shape(),
                    program.node(node).type());
            return place(MemoryView.through(program.node(node), input).orElseThrow(), element);
        }
    }

    /** Where an element of a view lies in its block. */
    private static int place(MemoryView view, int element) {
        int place = view.offset();
        int rest = element;
        for (int axis = view.shape().rank() - 1; axis >= 0; axis--) {
            place += rest % view.shape().length(axis) * view.stride(axis);
            rest /= view.shape().length(axis);
        }
        return place;
    }

    private void within(String whose, MemoryView view) {
        if (view.shape().elements() == 0) {
            return;
        }
        long first = view.offset();
        long last = first;
        for (int axis = 0; axis < view.shape().rank(); axis++) {
            long reach = (view.shape().length(axis) - 1L) * view.stride(axis);
            first += Math.min(0, reach);
            last += Math.max(0, reach);
        }
        boolean isWithin =
                first >= 0 && (last + 1) * view.type().bytes() <= view.block().bytes();
        if (!isWithin) {
            throw illegal(whose + " reaches out of its block of " + view.block().bytes() + " bytes: " + view);
        }
    }

    // ------------------------------------------------------------------------------------------------------ records

    /**
     * That every view of a record lies within its block, every block within the memory, and that no two blocks in use at a time
     * overlap.
     */
    public static boolean code(String pass, CompiledProgram code, BitSet staying) {
        VerifyMemory verify = new VerifyMemory(pass);
        Set<MemoryBlock> known = new HashSet<>(code.emitted().blocks());
        for (int record = 0; record < code.drafts().size(); record++) {
            RecordDraft draft = code.drafts().get(record);
            for (MemoryView view : draft.touched()) {
                verify.used("record " + record + " (" + draft.text() + ")", view, known, record, record);
            }
        }
        verify.ends(code, known, staying);
        verify.apart(code);
        return true;
    }

    private void used(String whose, MemoryView view, Set<MemoryBlock> known, int from, int to) {
        MemoryBlock root = view.block().root();
        if (!known.contains(root)) {
            throw illegal(whose + " uses a block that has no place");
        }
        within(whose, view);
        if (view.block().bytes() > root.bytes()) {
            throw illegal(whose + " uses a block upon a smaller one");
        }
        if (root.first() > from || root.last() < to) {
            throw illegal(whose + " uses a block that is in use from " + root.first() + " to " + root.last());
        }
    }

    /** What is there before the first record, and what after the last. */
    private void ends(CompiledProgram code, Set<MemoryBlock> known, BitSet staying) {
        Emitted emitted = code.emitted();
        int end = code.drafts().size();
        for (int slot = 0; slot < emitted.leaves().size(); slot++) {
            for (MemoryView view : emitted.leaves().get(slot)) {
                used("leaf " + slot, view, known, 0, staying.get(slot) ? end : 0);
            }
        }
        for (int i = 0; i < emitted.outputs().size(); i++) {
            used("output " + i, emitted.outputs().get(i), known, end, end);
        }
        for (Emitted.Literal literal : emitted.literals()) {
            used("literal " + literal.number(), literal.view(), known, 0, end);
        }
        emitted.training().checks().forEach(check -> used("a check", check.sums(), known, end, end));
        for (RecordDraft commit : emitted.training().commits()) {
            commit.touched().forEach(view -> used("commit " + commit.text(), view, known, end, end));
        }
    }

    private void apart(CompiledProgram code) {
        MemoryBlock[] byFirst = code.emitted().blocks().toArray(new MemoryBlock[0]);
        Arrays.sort(byFirst, Comparator.comparingInt(MemoryBlock::first));
        MemoryBlock[] byLast = byFirst.clone();
        Arrays.sort(byLast, Comparator.comparingInt(MemoryBlock::last));
        TreeMap<Long, MemoryBlock> live = new TreeMap<>();
        int dead = 0;
        for (MemoryBlock block : byFirst) {
            String name = block.bytes() + " bytes at " + block.base();
            if (block.base() < 0
                    || block.base() % MemoryBlock.ALIGNMENT != 0
                    || block.base() + block.bytes() > code.bytes()) {
                throw illegal("a block of " + name + " in a memory of " + code.bytes());
            }
            while (byLast[dead].last() < block.first()) {
                live.remove(byLast[dead].base(), byLast[dead]);
                dead++;
            }
            Map.Entry<Long, MemoryBlock> before = live.lowerEntry(block.base() + Math.max(1, block.bytes()));
            MemoryBlock other = before == null ? block : before.getValue();
            if (before != null && other.base() + Math.max(1, other.bytes()) > block.base()) {
                throw illegal("blocks of " + name + " and " + other.bytes() + " bytes at " + other.base()
                        + " are in use at a time and overlap");
            }
            live.put(block.base(), block);
        }
    }
}
