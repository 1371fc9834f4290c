package dev.clew.internal.compile.schedule;

import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Movement;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Which elementwise nodes share a loop.
 *
 * <p>The level of a node is the largest number of operations that are not elementwise on a path to it. Elementwise nodes of
 * one level and one shape that are connected become one unit. No path can leave such a unit and come back: whatever is not
 * elementwise raises the level, a view that rearranges counts as such, and a broadcast only leads to larger shapes. A node
 * that is needed only at a higher level sinks to it: 1 − y² belongs to the backward loop, and is not worth storing.
 */
public final class FuseLoops {
    /** More arrays than this in one loop, and they begin to displace each other. */
    private static final int MOST_STREAMS = 16;

    private static final int MOST_NODES = 64;

    private final Program program;
    private final Program.Users users;
    private final int[] level;
    private final int[] group;

    private FuseLoops(Program program) {
        this.program = program;
        this.users = program.users();
        this.level = new int[program.size()];
        this.group = new int[program.size()];
    }

    /** Every node on its own. */
    public static Schedule none(Program program) {
        List<Schedule.Unit> units = new ArrayList<>();
        for (int i = 0; i < program.size(); i++) {
            if (program.node(i).isComputed()) {
                units.add(new Schedule.Unit(new int[] {i}));
            }
        }
        return new Schedule(program, units);
    }

    public static Schedule of(Program program) {
        FuseLoops fuse = new FuseLoops(program);
        fuse.raise();
        fuse.sink();
        fuse.join();
        return new Schedule(program, fuse.units());
    }

    private void raise() {
        for (int i = 0; i < level.length; i++) {
            Node node = program.node(i);
            for (int input = 0; input < node.inputCount(); input++) {
                int from = node.input(input);
                Node before = program.node(from);
                level[i] = Math.max(level[i], level[from] + (raises(before, node) ? 1 : 0));
            }
        }
    }

    private static boolean raises(Node before, Node node) {
        if (before.isLeaf() || before.isLiteral()) {
            return false;
        }
        boolean grows = node.op() instanceof Movement.Broadcast
                && node.shape().elements() > before.shape().elements();
        if (before.isElementwise() || before.op() instanceof Movement.Broadcast) {
            return !(node.isElementwise() || grows);
        }
        return before.isComputed();
    }

    private void sink() {
        boolean[] isOutput = new boolean[program.size()];
        for (int output : program.outputs()) {
            isOutput[output] = true;
        }
        for (int i = level.length - 1; i >= 0; i--) {
            if (program.node(i).isElementwise() && !isOutput[i] && users.count(i) > 0) {
                int least = Integer.MAX_VALUE;
                for (int use = 0; use < users.count(i); use++) {
                    int user = users.user(i, use);
                    boolean joins = program.node(user).isElementwise()
                            && program.node(user).phase() == program.node(i).phase()
                            && program.node(user).shape().equals(program.node(i).shape());
                    least = Math.min(least, joins ? level[user] : level[i]);
                }
                level[i] = least;
            }
        }
    }

    /** Unites nodes with their users; a group is known by its smallest member. */
    private void join() {
        for (int i = 0; i < group.length; i++) {
            group[i] = i;
        }
        for (int i = 0; i < group.length; i++) {
            Node node = program.node(i);
            for (int input = 0; program.node(i).isElementwise() && input < node.inputCount(); input++) {
                int from = node.input(input);
                if (program.node(from).isElementwise()
                        && level[from] == level[i]
                        && program.node(from).phase() == node.phase()
                        && program.node(from).shape().equals(node.shape())) {
                    int a = root(from);
                    int b = root(i);
                    group[Math.max(a, b)] = Math.min(a, b);
                }
            }
        }
    }

    private int root(int node) {
        int root = node;
        while (group[root] != root) {
            group[root] = group[group[root]];
            root = group[root];
        }
        return root;
    }

    private List<Schedule.Unit> units() {
        IntArrayList[] members = new IntArrayList[program.size()];
        for (int i = 0; i < members.length; i++) {
            if (program.node(i).isComputed()) {
                int root = root(i);
                if (members[root] == null) {
                    members[root] = new IntArrayList();
                }
                members[root].add(i);
            }
        }
        List<Schedule.Unit> units = new ArrayList<>();
        for (IntArrayList group : members) {
            if (group != null) {
                units.addAll(cut(group));
            }
        }
        return units;
    }

    /** Consecutive members, in topological order, as long as there is not too much of them: such parts make no cycle. */
    private List<Schedule.Unit> cut(IntArrayList all) {
        if (all.size() == 1) {
            return List.of(new Schedule.Unit(all.toIntArray()));
        }
        List<Schedule.Unit> units = new ArrayList<>();
        Part part = new Part();
        for (int member : all) {
            if (!part.hasRoomFor(member)) {
                units.add(part.unit());
                part = new Part();
            }
            part.add(member);
        }
        units.add(part.unit());
        return units;
    }

    /** Elementwise nodes that are to share a loop. */
    private final class Part {
        private final IntArrayList members = new IntArrayList();
        /** The members and what they read. */
        private final IntOpenHashSet streams = new IntOpenHashSet();

        boolean hasRoomFor(int member) {
            Node node = program.node(member);
            return members.isEmpty()
                    || (members.size() < MOST_NODES && streams.size() - members.size() + fresh(node) <= MOST_STREAMS);
        }

        /** How many streams a node would add, counting its own. */
        private int fresh(Node node) {
            int fresh = 1;
            for (int input = 0; input < node.inputCount(); input++) {
                fresh += streams.contains(node.input(input)) ? 0 : 1;
            }
            return fresh;
        }

        void add(int member) {
            Node node = program.node(member);
            members.add(member);
            streams.add(member);
            node.inputs().stream().forEach(streams::add);
        }

        Schedule.Unit unit() {
            return new Schedule.Unit(members.toIntArray());
        }
    }
}
