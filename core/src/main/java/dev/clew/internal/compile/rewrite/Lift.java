package dev.clew.internal.compile.rewrite;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.internal.compile.program.Rewrite;
import dev.clew.internal.compile.rewrite.LiftGroup.Alike;
import dev.clew.internal.compile.rewrite.LiftGroup.Source;
import dev.clew.internal.tensor.SteppedRecurrence;
import dev.clew.tensor.Movement;
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
    private final Program.Users users;
    private final Rewrite rewrite;
    /** The group that a node belongs to, or -1, and its place there. */
    private final int[] groupOf;

    private final int[] placeOf;
    /** What a node made of data only is made like, or -1; equal for nodes that differ only in the data. */
    private final int[] patternOf;

    private final int[] depth;
    private final Object2IntOpenHashMap<Alike> patterns = new Object2IntOpenHashMap<>();
    private final Map<IntList, Integer> stacks = new Object2ObjectOpenHashMap<>();
    private final List<LiftGroup> groups = new ArrayList<>();
    private final Map<Alike, IntArrayList> byKey = new Object2ObjectOpenHashMap<>();
    /** How many nodes of a key, known by its first group, have joined one of its groups at a place. */
    private final Long2IntOpenHashMap joined = new Long2IntOpenHashMap();

    private Lift(Program program) {
        this.program = program;
        this.users = program.users();
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

    // ------------------------------------------------------------------------------------------------------- roots

    /** Where one node is taken in equal parts, all of them; of the states of a loop, any. */
    private void roots() {
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
        LiftGroup group = new LiftGroup(parts.count(program), null, isOfStates, isAlong);
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
        group.loop = isOfStates ? parts.whole() : -1;
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
            Alike key = key(node, i);
            int known = patterns.getInt(key);
            patternOf[i] = known >= 0 ? known : patterns.size();
            patterns.put(key, patternOf[i]);
        }
    }

    private Alike key(Node node, int leader) {
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
        return new Alike(node.op(), node.shape(), LongArrayList.wrap(operands), node.phase());
    }

    /** The first node of a key and place joins the first group of that key, the second the second. */
    private long stack(int operand, int leader) {
        return groups.get(groupOf[operand]).isAlong == groups.get(groupOf[leader]).isAlong
                ? Source.STACK.of(groupOf[operand], placeOf[operand] - placeOf[leader])
                : Source.MIRRORED.of(groupOf[operand], placeOf[operand] + placeOf[leader]);
    }

    private void join(int i, Node node, int leader) {
        int place = placeOf[leader];
        Alike key = key(node, leader);
        IntArrayList candidates = byKey.computeIfAbsent(key, _ -> new IntArrayList(1));
        int first = candidates.isEmpty() ? groups.size() : candidates.getInt(0);
        int before = joined.addTo((long) first << Integer.SIZE | place, 1);
        if (before == candidates.size()) {
            candidates.add(groups.size());
            groups.add(made(key, groups.get(groupOf[leader])));
        }
        int group = candidates.getInt(before);
        groups.get(group).members.add(i);
        groupOf[i] = group;
        placeOf[i] = place;
    }

    private LiftGroup made(Alike key, LiftGroup leader) {
        LiftGroup group = new LiftGroup(leader.size, key, isOfStates(key), leader.isAlong);
        boolean isStates = leader.loop >= 0 && leader.key == null && key.op() instanceof Movement.Reshape;
        int start = isStates ? program.node(leader.loop).input(1) : -1;
        if (isStates && program.node(start).shape().equals(key.shape())) {
            group.loop = leader.loop;
            group.start = start;
            group.startPlace = ((SteppedRecurrence) program.node(leader.loop).op()).reversed() ? leader.size - 1 : 0;
        }
        return group;
    }

    private boolean isOfStates(Alike key) {
        for (long operand : key.operands()) {
            if (Source.isStack(operand) && groups.get(Source.id(operand)).isOfStates) {
                return true;
            }
        }
        return false;
    }

    // ----------------------------------------------------------------------------------------------------- rewrite

    private void rewriteGroups() {
        for (int i = 0; i < groups.size(); i++) {
            LiftGroup group = groups.get(i);
            Alike key = group.key;
            if (key != null && group.isOfStates && group.loop < 0 && !group.isComplete() && isReady(key)) {
                new Ends(i, group, key).add();
            }
            if (key != null && isReady(key) && (group.loop >= 0 || group.isComplete() || isStretch(group))) {
                lift(group, key);
            }
        }
    }

    private void lift(LiftGroup group, Alike key) {
        if (group.loop >= 0) {
            LiftGroup states = groups.get(Source.id(key.operands().getLong(0)));
            group.lifted = rewrite.reshape(states.lifted, key.shape().insert(0, group.size)); // With the start.
        } else {
            int[] members = new int[group.members.size()];
            for (int member : group.members) {
                members[placeOf[member] - group.first] = member;
            }
            group.lifted = lifted(members, key, group.first);
        }
        for (int member : group.members) {
            int row = rewrite.slice(group.lifted, 0, placeOf[member] - group.first, 1);
            rewrite.replace(member, rewrite.reshape(row, key.shape()));
        }
    }

    private boolean isReady(Alike key) {
        for (long operand : key.operands()) {
            if (Source.isStack(operand) && groups.get(Source.id(operand)).lifted < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the members are all of a stretch of the stack, and say so. */
    private boolean isStretch(LiftGroup group) {
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

    /**
     * The first and the last step of a loop, which read the state that the loop starts from where the others read one that it computed:
     * among the states that one stands too.
     */
    private final class Ends {
        private final int number;
        private final LiftGroup group;
        private final Alike key;

        Ends(int number, LiftGroup group, Alike key) {
            this.number = number;
            this.group = group;
            this.key = key;
        }

        void add() {
            if (isStretch(group)) {
                int last = group.first + group.members.size() - 1;
                for (int place : new int[] {last + 1, group.first - 1}) {
                    int end = place < 0 || place >= group.size ? -1 : end(place);
                    if (end >= 0) {
                        if (groupOf[end] >= 0) {
                            groups.get(groupOf[end]).members.rem(end);
                        }
                        groupOf[end] = number;
                        placeOf[end] = place;
                        group.members.add(end);
                    }
                }
                isStretch(group); // It begins earlier now.
            }
        }

        /** The node that belongs to a place and is in no stack yet, or -1. */
        private int end(int place) {
            int rarest = -1;
            for (long operand : key.operands()) {
                int read = Source.isStack(operand) ? at(operand, place) : -1;
                if (Source.isStack(operand) && read < 0) {
                    return -1;
                }
                boolean isRarer = read >= 0 && (rarest < 0 || users.count(read) < users.count(rarest));
                rarest = isRarer ? read : rarest;
            }
            for (int use = 0; rarest >= 0 && use < users.count(rarest); use++) {
                if (isEnd(users.user(rarest, use), place)) {
                    return users.user(rarest, use);
                }
            }
            return -1;
        }

        private boolean isEnd(int user, int place) {
            Node node = program.node(user);
            int other = groupOf[user];
            boolean isTaken = other >= 0
                    && (groups.get(other).lifted >= 0 || groups.get(other).isComplete());
            if (isTaken
                    || !node.op().equals(key.op())
                    || !node.shape().equals(key.shape())
                    || node.phase() != key.phase()
                    || node.inputCount() != key.operands().size()) {
                return false;
            }
            for (int i = 0; i < node.inputCount(); i++) {
                if (!reads(user, node.input(i), key.operands().getLong(i), place)) {
                    return false;
                }
            }
            return true;
        }

        /** What the start stands for must have been made before its reader, or the loop might wait for itself. */
        private boolean reads(int user, int input, long operand, int place) {
            return switch (Source.in(operand)) {
                case SHARED -> Source.id(operand) == input;
                case DATA -> patternOf[input] == Source.id(operand);
                case STACK, MIRRORED -> at(operand, place) == input && loopOf(operand) < user;
            };
        }

        private int loopOf(long operand) {
            return groups.get(Source.id(operand)).loop;
        }

        /** The node that a member at a place would read of a stack. */
        private int at(long operand, int place) {
            boolean isMirrored = Source.in(operand) == Source.MIRRORED;
            int read = isMirrored ? Source.shift(operand) - place : Source.shift(operand) + place;
            return groups.get(Source.id(operand)).at(read, placeOf);
        }
    }

    /** The parts of a stack that the members of a group read, of which the first has this place. */
    private int stretch(long operand, int first, int count) {
        LiftGroup stack = groups.get(Source.id(operand));
        if (Source.in(operand) == Source.MIRRORED) {
            return rewrite.backward(stack.lifted, Source.shift(operand) - first - stack.first, count);
        }
        int from = first + Source.shift(operand) - stack.first;
        Node lifted = rewrite.node(stack.lifted);
        boolean isAll = from == 0 && lifted.shape().length(0) == count;
        return isAll ? stack.lifted : rewrite.slice(stack.lifted, 0, from, count);
    }

    private int lifted(int[] members, Alike key, int first) {
        Node model = program.node(members[0]);
        int[] inputs = new int[key.operands().size()];
        for (int i = 0; i < inputs.length; i++) {
            long operand = key.operands().getLong(i);
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
