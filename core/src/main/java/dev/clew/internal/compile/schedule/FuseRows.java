package dev.clew.internal.compile.schedule;

import dev.clew.array.Shape;
import dev.clew.internal.compile.program.Node;
import dev.clew.internal.compile.program.Program;
import dev.clew.tensor.Movement;
import dev.clew.tensor.Reduction;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which loops share rows: a softmax, a layer norm or a cross-entropy is one kernel, which makes one number of a row, goes on with
 * it, and uses it along the row.
 *
 * <p>A unit joins the latest of the units that it needs, if both go over rows of one shape. All else that it needs comes before
 * that one, so the order of the units still is one in which every unit comes after what it needs: nothing waits in a circle.
 */
public final class FuseRows {
    /** Arrays read and written, and steps, beyond which a loop gets no more. */
    private static final int MOST_STREAMS = 24;

    private static final int MOST_STEPS = 64;

    private final Program program;
    private final List<Schedule.Unit> units;
    private final int[] unitOf;
    private final int[] base;
    private final Program.Users users;
    private final boolean[] isOutput;
    /** The first unit of the group of every unit, or -1. */
    private final int[] groupOf;
    /** By its first unit. */
    private final Group[] groups;
    /** By node, the number of what it has last been found to be. */
    private final int[] mark;

    private int marks;

    private FuseRows(Schedule schedule) {
        this.program = schedule.program();
        this.units = schedule.units();
        this.unitOf = schedule.unitOf();
        this.base = program.bases();
        this.users = program.users();
        this.isOutput = new boolean[program.size()];
        for (int output : program.outputs()) {
            isOutput[output] = true;
        }
        this.groupOf = new int[units.size()];
        Arrays.fill(groupOf, -1);
        this.groups = new Group[units.size()];
        this.mark = new int[program.size()];
    }

    /** The schedule, whose units are in an order in which they can go, with fewer of them. */
    public static Schedule of(Schedule schedule) {
        FuseRows rows = new FuseRows(schedule);
        List<Schedule.Unit> given = new ArrayList<>();
        List<Schedule.Unit> joined = new ArrayList<>();
        for (int unit = 0; unit < rows.units.size(); unit++) {
            if (rows.isGiven(unit)) {
                given.add(rows.units.get(unit));
            } else {
                rows.place(unit);
            }
        }
        for (int unit = 0; unit < rows.groups.length; unit++) {
            if (rows.groupOf[unit] == unit) {
                joined.add(rows.groups[unit].unit());
            }
        }
        given.addAll(joined);
        return new Schedule(schedule.program(), given);
    }

    /** Whether a unit is a stack of data, which is there from the beginning. */
    private boolean isGiven(int unit) {
        Node node = program.node(units.get(unit).last());
        return node.op() instanceof Movement.Concat
                && node.inputs().stream().allMatch(input -> unitOf[base[input]] < 0);
    }

    /** Units that share a loop, and the shape of its elements; none if they are something else than a loop. */
    private record Group(IntArrayList members, @Nullable Shape shape) {
        Schedule.Unit unit() {
            int[] sorted = members.toIntArray();
            Arrays.sort(sorted);
            return new Schedule.Unit(sorted);
        }
    }

    private void place(int unit) {
        int latest = -1;
        for (int member : units.get(unit).members()) {
            Node node = program.node(member);
            for (int i = 0; i < node.inputCount(); i++) {
                int from = unitOf[base[node.input(i)]];
                if (from >= 0) {
                    latest = Math.max(latest, groupOf[from]); // −1 of this unit, and of what is given.
                }
            }
        }
        Group own = new Group(
                IntArrayList.wrap(units.get(unit).members()),
                shape(units.get(unit).members()));
        Group joined = latest < 0 ? null : joined(latest, groups[latest], own);
        groupOf[unit] = joined == null ? unit : latest;
        groups[groupOf[unit]] = joined == null ? own : joined;
    }

    /** The shape that the members of a unit go over, if they are a loop. */
    private @Nullable Shape shape(int[] members) {
        Node node = program.node(members[0]);
        if (node.isElementwise()) {
            return node.shape().elements() > 0 ? node.shape() : null;
        }
        return isAlongRows(program, node) ? program.node(node.input(0)).shape() : null;
    }

    /** Whether a node makes one number of every row of elements that lie together. */
    public static boolean isAlongRows(Program program, Node node) {
        if (!(node.op() instanceof Reduction.Sum || node.op() instanceof Reduction.Max)) {
            return false;
        }
        Shape rows = program.node(node.input(0)).shape();
        int at = node.input(0);
        while (program.node(at).isView()) {
            if (program.node(at).op() instanceof Movement.Transpose) {
                return false;
            }
            at = program.node(at).input(0);
        }
        return node.type().isFloating()
                && rows.elements() > 0
                && rows.rank() > 0
                && rows.length(-1) > 1
                && node.shape().equals(rows.with(rows.rank() - 1, 1));
    }

    /** One number for every row of a shape. */
    public static Shape ofRows(Shape shape) {
        return shape.rank() == 0 ? shape : shape.with(shape.rank() - 1, 1);
    }

    private int phase(Group group) {
        return program.node(group.members.getInt(0)).phase();
    }

    private @Nullable Group joined(int first, Group group, Group unit) {
        if (group.shape == null || unit.shape == null || phase(group) != phase(unit)) {
            return null;
        }
        Shape shape;
        if (group.shape.equals(unit.shape) || ofRows(group.shape).equals(unit.shape)) {
            shape = group.shape;
        } else if (ofRows(unit.shape).equals(group.shape)) {
            shape = unit.shape;
        } else {
            return null;
        }
        if (group.members.size() + unit.members.size() > MOST_STEPS || !takeAsComputed(first, unit.members, shape)) {
            return null;
        }
        IntArrayList members = new IntArrayList(group.members.size() + unit.members.size());
        members.addAll(group.members);
        members.addAll(unit.members);
        return streams(members, shape) <= MOST_STREAMS ? new Group(members, shape) : null;
    }

    private boolean takeAsComputed(int group, IntArrayList members, Shape shape) {
        for (int i = 0; i < members.size(); i++) {
            if (!takesAsComputed(group, program.node(members.getInt(i)), shape)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a node takes from the members of a group only what a loop has at hand: elements in their places, and numbers of rows. */
    private boolean takesAsComputed(int group, Node member, Shape shape) {
        for (int i = 0; i < member.inputCount(); i++) {
            int input = member.input(i);
            int from = unitOf[base[input]];
            boolean isOfGroup = from >= 0 && groupOf[from] == group;
            if (isOfGroup && program.node(input).isView() && !isSpread(program, input, shape)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a node repeats, along the rows of a shape, what another makes of every row. */
    public static boolean isSpread(Program program, int position, Shape shape) {
        Node node = program.node(position);
        if (!(node.op() instanceof Movement.Broadcast) || !node.shape().equals(shape)) {
            return false;
        }
        Node from = program.node(node.input(0));
        return !from.isView() && from.shape().equals(ofRows(shape));
    }

    private int streams(IntArrayList members, Shape shape) {
        int own = ++marks;
        int read = ++marks;
        for (int i = 0; i < members.size(); i++) {
            mark[members.getInt(i)] = own;
        }
        int streams = 0;
        for (int i = 0; i < members.size(); i++) {
            Node member = program.node(members.getInt(i));
            for (int number = 0; number < member.inputCount(); number++) {
                int input = member.input(number);
                boolean isSpreadHere = isSpread(program, input, shape)
                        && mark[program.node(input).input(0)] == own;
                if (mark[input] != own && mark[input] != read && !isSpreadHere) {
                    mark[input] = read;
                    streams++;
                }
            }
        }
        for (int i = 0; i < members.size(); i++) {
            streams += isNeededOutside(program, users, isOutput, members.getInt(i), node -> mark[node] == own, shape)
                    ? 1
                    : 0;
        }
        return streams;
    }

    /** Whether a member of a loop over a shape must be written to memory. */
    public static boolean isNeededOutside(
            Program program, Program.Users users, boolean[] isOutput, int node, IntPredicate members, Shape shape) {
        if (isOutput[node]) {
            return true;
        }
        for (int use = 0; use < users.count(node); use++) {
            int user = users.user(node, use);
            boolean isWithin = members.test(user)
                    || (isSpread(program, user, shape)
                            && !isNeededOutside(program, users, isOutput, user, members, shape));
            if (!isWithin) {
                return true;
            }
        }
        return false;
    }
}
