package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.tensor.Window;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Op;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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

        private int lifted = -1;

        Group(int size, @Nullable Key key) {
            this.size = size;
            this.key = key;
        }

        boolean isComplete() {
            return members.size() == size;
        }
    }

    /** What an operand is to its group: shared by all, a stack, or made alike of data that each has its own of. */
    private enum Source {
        SHARED(0),
        STACK(1),
        DATA(2);

        private final int code;

        Source(int code) {
            this.code = code;
        }

        /** What an operand is, and which, as one number. */
        long of(int id) {
            return (long) id << 2 | code;
        }

        static Source in(long operand) {
            return (operand & STACK.code) != 0 ? STACK : (operand & DATA.code) != 0 ? DATA : SHARED;
        }

        static int id(long operand) {
            return (int) (operand >> 2);
        }
    }

    private record Key(Op op, Shape shape, LongArrayList operands, int phase) {}

    // ------------------------------------------------------------------------------------------------------- roots

    /** Where rows of one node are taken in equal parts, all of them. */
    private void roots() {
        Program.Users users = program.users();
        for (int i = 0; i < program.size(); i++) {
            IntArrayList parts = new IntArrayList();
            for (int use = 0; use < users.count(i); use++) {
                int user = users.user(i, use);
                if (program.node(user).op() instanceof Movement.Slice slice && isRows(Window.of(slice), i)) {
                    parts.add(user);
                }
            }
            if (parts.size() > 1) {
                root(i, parts);
            }
        }
    }

    private boolean isRows(Window window, int of) {
        Shape whole = program.node(of).shape();
        return whole.rank() > 0
                && SlicesAndConcats.isPlain(window)
                && window.size().with(0, whole.length(0)).equals(whole);
    }

    private void root(int whole, IntArrayList parts) {
        Shape part = program.node(parts.getInt(0)).shape();
        int rows = part.length(0);
        int count = rows == 0 ? 0 : program.node(whole).shape().length(0) / rows;
        if (count < 2 || count * rows != program.node(whole).shape().length(0)) {
            return;
        }
        Group group = new Group(count, null);
        BitSet taken = new BitSet(count);
        for (int each : parts) {
            Window window = Window.of((Movement.Slice) program.node(each).op());
            int start = window.start().get(0);
            if (window.size().length(0) == rows && start % rows == 0 && !taken.get(start / rows)) {
                taken.set(start / rows);
                placeOf[each] = start / rows;
                group.members.add(each);
            }
        }
        if (group.isComplete()) {
            for (int member : group.members) {
                groupOf[member] = groups.size();
            }
            group.lifted = rewrite.reshape(whole, part.insert(0, count));
            groups.add(group);
        }
    }

    // ------------------------------------------------------------------------------------------------------ groups

    /** Gives a node its place in a group, if one of its operands has one. */
    private void assign(int i) {
        Node node = program.node(i);
        int leader = -1;
        for (int input = 0; input < node.inputCount(); input++) {
            int operand = node.input(input);
            if (groupOf[operand] >= 0) {
                boolean differs = leader >= 0
                        && (placeOf[operand] != placeOf[leader] || size(groupOf[operand]) != size(groupOf[leader]));
                if (differs) {
                    return;
                }
                leader = operand;
            }
        }
        if (leader >= 0 && LiftedOperation.isPossible(node)) {
            join(i, node, size(groupOf[leader]), placeOf[leader]);
        }
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
            Key key = key(node);
            int known = patterns.getInt(key);
            patternOf[i] = known >= 0 ? known : patterns.size();
            patterns.put(key, patternOf[i]);
        }
    }

    private Key key(Node node) {
        long[] operands = new long[node.inputCount()];
        for (int i = 0; i < operands.length; i++) {
            int operand = node.input(i);
            if (groupOf[operand] >= 0) {
                operands[i] = Source.STACK.of(groupOf[operand]);
            } else if (patternOf[operand] >= 0) {
                operands[i] = Source.DATA.of(patternOf[operand]);
            } else {
                operands[i] = Source.SHARED.of(operand);
            }
        }
        return new Key(node.op(), node.shape(), LongArrayList.wrap(operands), node.phase());
    }

    /** The first node of a key and place joins the first group of that key, the second the second. */
    private void join(int i, Node node, int size, int place) {
        Key key = key(node);
        IntArrayList candidates = byKey.computeIfAbsent(key, _ -> new IntArrayList(1));
        int first = candidates.isEmpty() ? groups.size() : candidates.getInt(0);
        int before = joined.addTo((long) first << Integer.SIZE | place, 1);
        if (before == candidates.size()) {
            candidates.add(groups.size());
            groups.add(new Group(size, key));
        }
        int group = candidates.getInt(before);
        groups.get(group).members.add(i);
        groupOf[i] = group;
        placeOf[i] = place;
    }

    // ----------------------------------------------------------------------------------------------------- rewrite

    private void rewriteGroups() {
        for (Group group : groups) {
            Key key = group.key;
            if (key != null && group.isComplete() && isReady(key)) {
                int[] members = new int[group.size];
                for (int member : group.members) {
                    members[placeOf[member]] = member;
                }
                group.lifted = lifted(members, key);
                for (int place = 0; place < members.length; place++) {
                    int row = rewrite.slice(group.lifted, 0, place, 1);
                    rewrite.replace(members[place], rewrite.reshape(row, key.shape));
                }
            }
        }
    }

    private boolean isReady(Key key) {
        for (long operand : key.operands) {
            if (Source.in(operand) == Source.STACK && groups.get(Source.id(operand)).lifted < 0) {
                return false;
            }
        }
        return true;
    }

    private int lifted(int[] members, Key key) {
        Node model = program.node(members[0]);
        int[] inputs = new int[key.operands.size()];
        for (int i = 0; i < inputs.length; i++) {
            long operand = key.operands.getLong(i);
            inputs[i] = switch (Source.in(operand)) {
                case STACK -> groups.get(Source.id(operand)).lifted;
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
        return placeOf[node];
    }

    Program program() {
        return program;
    }

    Rewrite rewrite() {
        return rewrite;
    }
}
