package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations done to every part of a stack become one operation on the stack: value numbering with another key. The key of a
 * node is its operation and, for every operand, the stack that it is a part of, or the operand itself if all parts share it.
 * Nodes with one key, one for every place in the stack, are lifted: they compute along a new first axis.
 *
 * <p>An operand that is data of the same shape for every place makes a stack too. Nothing waits in a circle: a node of the
 * group needs only stacks, each made by one node, and what all share.
 */
public final class Lift {
    /** How far back what is made of data is looked through. */
    private static final int MOST_DEPTH = 8;

    private final Program program;
    private final Rewrite rewrite;
    /** The group that a node belongs to, or -1, and its place there. */
    private final int[] groupOf;

    private final int[] placeOf;
    /** What a node made of data only is made like, or -1; equal for nodes that differ only in the data. */
    private final int[] patternOf;

    private final int[] depth;
    private final Object2IntOpenHashMap<Key> patterns = new Object2IntOpenHashMap<>();
    private final Map<IntList, Integer> stacks = new Object2ObjectOpenHashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final Map<Key, IntArrayList> byKey = new Object2ObjectOpenHashMap<>();
    /** How many nodes of a key, known by its first group, have joined one of its groups at a place. */
    private final Long2IntOpenHashMap joined = new Long2IntOpenHashMap();

    private Lift(Program program) {
        this.program = program;
        this.rewrite = new Rewrite(program);
        this.groupOf = new int[program.size()];
        this.placeOf = new int[program.size()];
        this.patternOf = new int[program.size()];
        this.depth = new int[program.size()];
        Arrays.fill(groupOf, -1);
        Arrays.fill(patternOf, -1);
        patterns.defaultReturnValue(-1);
    }

    public static Program of(Program program) {
        Lift lift = grouped(program);
        new LiftedSums(lift).replace();
        return lift.rewrite.build();
    }

    /** A program whose operations on parts of stacks are known, and made for whole stacks. */
    static Lift grouped(Program program) {
        Lift lift = new Lift(program);
        lift.roots();
        for (int i = 0; i < program.size(); i++) {
            if (lift.groupOf[i] < 0) {
                lift.assign(i);
                lift.recognize(i);
            }
        }
        lift.rewriteGroups();
        return lift;
    }

    /** Nodes that may be done at once, by place; a root's are the parts of one node, given. */
    private static final class Group {
        private final int size;
        private final @Nullable Key key;
        /** In any order; a group that is not complete has room for few, or many groups of one member would need a square of it. */
        private final IntArrayList members = new IntArrayList(2);

        /** Whether a part of the stack may be lifted alone, as it must where the first state of a loop stands before those it computes. */
        private final boolean isOfStates;
        /** Whether places go with time. */
        private final boolean isAlong;
        /** The first place that is lifted. */
        private int first;

        private int lifted = -1;

        Group(int size, @Nullable Key key, boolean isOfStates, boolean isAlong) {
            this.size = size;
            this.key = key;
            this.isOfStates = isOfStates;
            this.isAlong = isAlong;
        }

        boolean isComplete() {
            return members.size() == size;
        }
    }

    /** What an operand is to its group: shared by all, a stack, one the other way round, or made alike of data that each has its own of. */
    private enum Source {
        SHARED(0),
        STACK(1),
        DATA(2),
        MIRRORED(3);

        private static final int SHIFT = 33;

        private final int code;

        Source(int code) {
            this.code = code;
        }

        /** What an operand is, and which, as one number. */
        long of(int id) {
            return of(id, 0);
        }

        static boolean isStack(long operand) {
            return (operand & STACK.code) != 0;
        }

        /** The same for a stack of which every member reads the part so many places further, or mirrored at such a place. */
        long of(int id, int shift) {
            return (long) shift << SHIFT | (long) id << 2 | code;
        }

        static Source in(long operand) {
            return values()[(int) (operand & 3)];
        }

        static int id(long operand) {
            return (int) (operand >> 2) & Integer.MAX_VALUE;
        }

        static int shift(long operand) {
            return (int) (operand >> SHIFT);
        }
    }

    private record Key(Op op, Shape shape, LongArrayList operands, int phase) {}

    // ------------------------------------------------------------------------------------------------------- roots

    /** Where one node is taken in equal parts, all of them; of the states of a loop, any. */
    private void roots() {
        Program.Users users = program.users();
        for (int i = 0; i < program.size(); i++) {
            boolean isOfStates = program.node(i).op() instanceof SteppedRecurrence;
            for (EqualParts parts : EqualParts.of(program, users, i)) {
                if (parts.isComplete(program) || (isOfStates && parts.axis() == 0)) {
                    root(parts, isOfStates);
                }
            }
        }
    }

    private void root(EqualParts parts, boolean isOfStates) {
        boolean isAlong = Ascent.isAlong(program, parts.whole(), parts.axis());
        Group group = new Group(parts.count(program), null, isOfStates, isAlong);
        for (int i = 0; i < parts.parts().size(); i++) {
            int part = parts.parts().getInt(i);
            if (groupOf[part] >= 0) {
                return; // Cut along another axis, too.
            }
        }
        for (int i = 0; i < parts.parts().size(); i++) {
            int part = parts.parts().getInt(i);
            groupOf[part] = groups.size();
            placeOf[part] = parts.places().getInt(i);
            group.members.add(part);
        }
        group.lifted = parts.stack(rewrite);
        groups.add(group);
    }

    // ------------------------------------------------------------------------------------------------------ groups

    /** Gives a node its place in a group, if one of its operands has one. */
    private void assign(int i) {
        Node node = program.node(i);
        int leader = leader(node);
        if (leader >= 0 && LiftedOperation.isPossible(node)) {
            join(i, node, leader);
        }
    }

    /** The operand whose place is the node's: of a stack with the fewest places, if there are stacks; -1 if none fits. */
    private int leader(Node node) {
        int leader = -1;
        for (int input = 0; input < node.inputCount(); input++) {
            int operand = node.input(input);
            if (groupOf[operand] >= 0 && (leader < 0 || size(groupOf[operand]) < size(groupOf[leader]))) {
                leader = operand;
            }
        }
        for (int input = 0; leader >= 0 && input < node.inputCount(); input++) {
            int operand = node.input(input);
            boolean isApart = groupOf[operand] >= 0
                    && (placeOf[operand] != placeOf[leader] || size(groupOf[operand]) != size(groupOf[leader]));
            if (isApart && !groups.get(groupOf[operand]).isOfStates && !groups.get(groupOf[leader]).isOfStates) {
                return -1;
            }
        }
        return leader;
    }

    private int size(int group) {
        return groups.get(group).size;
    }

    /** Remembers how a node is made of data, if it is. */
    private void recognize(int i) {
        Node node = program.node(i);
        boolean isData = node.isLeaf() && !node.isParameter();
        boolean isOfStack = false;
        for (int input = 0; input < node.inputCount(); input++) {
            int operand = node.input(input);
            isData |= patternOf[operand] >= 0;
            isOfStack |= groupOf[operand] >= 0;
            depth[i] = Math.max(depth[i], depth[operand] + 1);
        }
        if (groupOf[i] < 0
                && isData
                && !isOfStack
                && depth[i] <= MOST_DEPTH
                && (node.isLeaf() || LiftedOperation.isPossible(node))) {
            Key key = key(node, i);
            int known = patterns.getInt(key);
            patternOf[i] = known >= 0 ? known : patterns.size();
            patterns.put(key, patternOf[i]);
        }
    }

    private Key key(Node node, int leader) {
        long[] operands = new long[node.inputCount()];
        for (int i = 0; i < operands.length; i++) {
            int operand = node.input(i);
            if (groupOf[operand] >= 0) {
                operands[i] = stack(operand, leader);
            } else if (patternOf[operand] >= 0) {
                operands[i] = Source.DATA.of(patternOf[operand]);
            } else {
                operands[i] = Source.SHARED.of(operand);
            }
        }
        return new Key(node.op(), node.shape(), LongArrayList.wrap(operands), node.phase());
    }

    /** The first node of a key and place joins the first group of that key, the second the second. */
    private long stack(int operand, int leader) {
        return groups.get(groupOf[operand]).isAlong == groups.get(groupOf[leader]).isAlong
                ? Source.STACK.of(groupOf[operand], placeOf[operand] - placeOf[leader])
                : Source.MIRRORED.of(groupOf[operand], placeOf[operand] + placeOf[leader]);
    }

    private void join(int i, Node node, int leader) {
        int place = placeOf[leader];
        Key key = key(node, leader);
        IntArrayList candidates = byKey.computeIfAbsent(key, _ -> new IntArrayList(1));
        int first = candidates.isEmpty() ? groups.size() : candidates.getInt(0);
        int before = joined.addTo((long) first << Integer.SIZE | place, 1);
        if (before == candidates.size()) {
            candidates.add(groups.size());
            groups.add(new Group(size(groupOf[leader]), key, isOfStates(key), groups.get(groupOf[leader]).isAlong));
        }
        int group = candidates.getInt(before);
        groups.get(group).members.add(i);
        groupOf[i] = group;
        placeOf[i] = place;
    }

    private boolean isOfStates(Key key) {
        for (long operand : key.operands) {
            if (Source.isStack(operand) && groups.get(Source.id(operand)).isOfStates) {
                return true;
            }
        }
        return false;
    }

    // ----------------------------------------------------------------------------------------------------- rewrite

    private void rewriteGroups() {
        for (Group group : groups) {
            Key key = group.key;
            if (key != null && (group.isComplete() || isStretch(group)) && isReady(key)) {
                int[] members = new int[group.members.size()];
                for (int member : group.members) {
                    members[placeOf[member] - group.first] = member;
                }
                group.lifted = lifted(members, key, group.first);
                for (int place = 0; place < members.length; place++) {
                    int row = rewrite.slice(group.lifted, 0, place, 1);
                    rewrite.replace(members[place], rewrite.reshape(row, key.shape));
                }
            }
        }
    }

    private boolean isReady(Key key) {
        for (long operand : key.operands) {
            if (Source.isStack(operand) && groups.get(Source.id(operand)).lifted < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the members are all of a stretch of the stack, and say so. */
    private boolean isStretch(Group group) {
        if (!group.isOfStates || group.members.size() < 2) {
            return false;
        }
        int first = Integer.MAX_VALUE;
        int last = 0;
        for (int member : group.members) {
            first = Math.min(first, placeOf[member]);
            last = Math.max(last, placeOf[member]);
        }
        group.first = first;
        return last - first + 1 == group.members.size();
    }

    /** The parts of a stack that the members of a group read, of which the first has this place. */
    private int stretch(long operand, int first, int count) {
        Group stack = groups.get(Source.id(operand));
        if (Source.in(operand) == Source.MIRRORED) {
            return rewrite.backward(stack.lifted, Source.shift(operand) - first - stack.first, count);
        }
        int from = first + Source.shift(operand) - stack.first;
        Node lifted = rewrite.node(stack.lifted);
        boolean isAll = from == 0 && lifted.shape().length(0) == count;
        return isAll ? stack.lifted : rewrite.slice(stack.lifted, 0, from, count);
    }

    private int lifted(int[] members, Key key, int first) {
        Node model = program.node(members[0]);
        int[] inputs = new int[key.operands.size()];
        for (int i = 0; i < inputs.length; i++) {
            long operand = key.operands.getLong(i);
            inputs[i] = switch (Source.in(operand)) {
                case STACK, MIRRORED -> stretch(operand, first, members.length);
                case SHARED -> shared(model.input(i), members.length);
                case DATA -> stack(inputs(members, i));
            };
        }
        rewrite.phase(model.phase());
        return LiftedOperation.add(rewrite, model, members.length, inputs);
    }

    private int[] inputs(int[] nodes, int input) {
        int[] inputs = new int[nodes.length];
        Arrays.setAll(inputs, i -> program.node(nodes[i]).input(input));
        return inputs;
    }

    /** A stack of nodes made alike of data, one for every place. */
    private int stack(int[] nodes) {
        if (Arrays.stream(nodes).allMatch(node -> node == nodes[0])) {
            return shared(nodes[0], nodes.length);
        }
        IntList key = IntList.of(nodes);
        Integer known = stacks.get(key);
        if (known != null) {
            return known;
        }
        Node model = program.node(nodes[0]);
        int made = model.isLeaf() ? leaves(nodes) : made(model, nodes);
        stacks.put(key, made);
        return made;
    }

    private int made(Node model, int[] nodes) {
        int[] inputs = new int[model.inputCount()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = stack(inputs(nodes, i));
        }
        rewrite.phase(model.phase());
        return LiftedOperation.add(rewrite, model, nodes.length, inputs);
    }

    private int leaves(int[] nodes) {
        Shape shape = program.node(nodes[0]).shape().insert(0, 1);
        return rewrite.concat(
                0,
                Arrays.stream(nodes).map(leaf -> rewrite.reshape(leaf, shape)).toArray());
    }

    private int shared(int operand, int count) {
        Node node = program.node(operand);
        return rewrite.broadcast(operand, node.shape().insert(0, count));
    }

    /** The stack that a node is a part of, or -1. */
    int stackOf(int node) {
        return groupOf[node] < 0 ? -1 : groups.get(groupOf[node]).lifted;
    }

    /** Which part of its stack a node is. */
    int placeOf(int node) {
        return placeOf[node] - groups.get(groupOf[node]).first;
    }

    Program program() {
        return program;
    }

    Rewrite rewrite() {
        return rewrite;
    }
}
